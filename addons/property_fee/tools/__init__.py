from . import amount, capitals, formula, period, tiers
from . import allocation, amount, capitals, meter, period, reading_sheet
