from . import property_ticket
from . import property_dunning_case
from . import property_intake
