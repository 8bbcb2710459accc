from . import dispatch
from . import duty
from . import mail
from . import rates
from . import sla
from . import timeline
from . import transitions
