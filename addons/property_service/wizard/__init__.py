from . import property_ticket_step
