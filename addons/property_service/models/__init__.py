from . import ir_sequence
from . import res_company
from . import property_ticket_category
from . import property_ticket_flow
from . import property_ticket
from . import property_unit
from . import property_demo_estate
