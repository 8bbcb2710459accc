from . import property_fee_assign
from . import property_dunning_find
from . import property_fee_rate_version
from . import property_reading_clear
from . import property_meter_replace
from . import property_charge_correct
from . import account_move_reversal
