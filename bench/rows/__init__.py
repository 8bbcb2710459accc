"""The benchmarks, by name."""

from .bank_matching import BankMatching
from .billing import Billing
from .dunning import Dunning
from .late_fee import LateFee
from .billing_again import BillingRerun
from .billing_queue import BillingQueue
from .roster_import import RosterImport
from .ticket_create import TicketCreate
from .ticket_escalation import TicketEscalation
from .ticket_scale import TicketScale
from .unit_search import UnitSearch

ROWS = {
    row.name: row
    for row in (
        BankMatching(),
        Billing(),
        Dunning(),
        LateFee(),
        BillingRerun(),
        BillingQueue(),
        RosterImport(),
        TicketCreate(),
        TicketEscalation(),
        TicketScale(),
        UnitSearch(),
    )
}
