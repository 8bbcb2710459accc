from . import roster_template
