from . import property_fee_assign
from . import property_dunning_find
from . import property_fee_rate_version
