from . import allocation, amount, capitals, formula, meter, period, reading_sheet, tiers
from . import (
    bank,
    debit,
    match_score,
    matching,
    settle,
)
