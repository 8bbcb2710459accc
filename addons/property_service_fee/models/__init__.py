from . import property_ticket
from . import property_dunning_case
