from . import portal
from . import roster_template
