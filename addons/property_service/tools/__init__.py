from . import dispatch
from . import duty
from . import sla
from . import transitions
