from . import amount, capitals, formula, period, tiers
