from . import property_community
from . import property_training_plan
from . import property_training_plan_line
from . import property_demo_estate
