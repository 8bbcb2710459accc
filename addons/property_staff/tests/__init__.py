from . import test_access_matrix
from . import test_new_forms
from . import test_plan_rules
from . import test_training_access
from . import test_training_demo
from . import test_training_plan
from . import test_training_reminder
from . import test_training_report
