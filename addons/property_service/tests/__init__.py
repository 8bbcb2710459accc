from . import test_demo
from . import test_portal
from . import test_ticket
from . import test_ticket_access
from . import test_ticket_category
from . import test_ticket_flow
from . import test_ticket_number
from . import test_transitions
