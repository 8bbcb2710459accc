from . import gates
