from . import property_anonymise
from . import property_approval_refuse
from . import property_household_day
from . import property_transfer
from . import property_transfer_item
from . import property_transfer_owner
from . import property_unit_export
