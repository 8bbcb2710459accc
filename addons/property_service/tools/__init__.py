from . import duty
from . import sla
from . import transitions
