from . import test_access
from . import test_demo_estate
from . import test_occupancy
from . import test_roster_import
from . import test_roster_writer
from . import test_tools
from . import test_unit
