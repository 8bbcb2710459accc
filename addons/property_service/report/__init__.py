from . import property_service_report
from . import property_service_form
from . import work_order_form
from . import ticket_slip
from . import complaint_form
from . import ticket_register
from . import return_visit_register
from . import property_service_monthly
