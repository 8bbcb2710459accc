from . import test_access_matrix
from . import test_gates
from . import test_new_forms
from . import test_takeover_access
from . import test_takeover_demo
from . import test_takeover_document
from . import test_takeover_project
from . import test_takeover_report
