from . import amount, capitals, period
