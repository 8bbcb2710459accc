from . import dispatch
from . import duty
from . import rates
from . import sla
from . import transitions
