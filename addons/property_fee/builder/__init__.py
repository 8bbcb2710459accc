"""Customer invoices built and posted in bulk, with what Odoo's own way would store.

Odoo computes an invoice field by field, which takes some thirty milliseconds. Bills of
one run differ in little more than household and amounts, so the rows of many are put
together here and inserted at once. What is not known to come out the same is left to
Odoo, see `guard`.

``guard``      says what must go Odoo's way
``settings``   what all bills of a journal and day have in common, and what a payer,
               product or payment term adds
``taxes``      amounts and tax lines, by Odoo's own tax engine
``rows``       the rows of an invoice and its lines
``numbering``  numbers without gaps, also beside other transactions
``storage``    writes rows
"""

from .batch import BillBatch
from .guard import find_followers, find_registry_obstacle
