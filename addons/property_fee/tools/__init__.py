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
