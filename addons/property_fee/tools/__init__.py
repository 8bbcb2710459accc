from . import allocation, amount, capitals, formula, meter, period, reading_sheet, tiers
from . import (
    allocation,
    amount,
    bank,
    capitals,
    debit,
    match_score,
    matching,
    meter,
    period,
    reading_sheet,
    settle,
)
