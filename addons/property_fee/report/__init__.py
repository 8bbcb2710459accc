from . import payment_notice
from . import dunning_letter
