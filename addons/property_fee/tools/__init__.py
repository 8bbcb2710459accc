from . import amount, bank, capitals, debit, match_score, matching, period, settle
