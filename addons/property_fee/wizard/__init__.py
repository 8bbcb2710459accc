from . import property_fee_assign
from . import property_dunning_find
from . import property_reading_clear
from . import property_meter_replace
