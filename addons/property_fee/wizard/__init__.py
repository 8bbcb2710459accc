from . import property_fee_assign
