from . import property_takeover_milestone_template
from . import property_takeover_document_template
from . import property_takeover_project
from . import property_takeover_milestone
from . import property_takeover_document
from . import property_ticket
from . import property_demo_estate
