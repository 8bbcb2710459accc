from . import allocation, amount, capitals, formula, meter, period, reading_sheet, tiers
