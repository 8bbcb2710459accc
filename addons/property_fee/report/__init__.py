from . import payment_notice
from . import dunning_letter
from . import property_waiver
from . import property_deposit_slip
from . import dunning_list
from . import dunning_proof
from . import property_receipt
