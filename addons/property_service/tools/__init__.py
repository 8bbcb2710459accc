from . import transitions
