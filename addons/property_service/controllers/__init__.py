from . import feedback
from . import portal
from . import work
from . import incidents
