from . import amount, bank, capitals, debit, match_score, matching, period, settle
from . import allocation, amount, capitals, meter, period, reading_sheet
