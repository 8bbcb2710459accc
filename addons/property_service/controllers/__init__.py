from . import portal
from . import work
