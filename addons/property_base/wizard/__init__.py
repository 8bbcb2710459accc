from . import property_approval_refuse
from . import property_unit_export
