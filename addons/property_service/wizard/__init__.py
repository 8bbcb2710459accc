from . import property_ticket_step
from . import property_disclosure
