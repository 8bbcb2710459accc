from . import property_dispatch
from . import property_ticket_step
from . import property_work_order_return
from . import property_disclosure
from . import property_service_monthly
from . import property_service_monthly_sheets
from . import property_service_monthly_mail
from . import property_incident_end
