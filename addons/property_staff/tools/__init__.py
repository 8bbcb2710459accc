from . import plan_rules
