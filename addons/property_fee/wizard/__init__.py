from . import property_fee_assign
from . import property_reading_clear
from . import property_meter_replace
from . import property_charge_correct
from . import account_move_reversal
from . import property_notice_send
from . import property_receipt_void
from . import account_payment_register
