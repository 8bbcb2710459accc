from . import property_fee_run
