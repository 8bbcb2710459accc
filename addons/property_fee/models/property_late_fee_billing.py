import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.tools.background import all_in_chunks, in_halves

from ..tools.period import month_start

_logger = logging.getLogger(__name__)

CHUNK_SIZE = 500
# A payment is entered, and its bill looked at, within this time after it came.
LOOK_BACK = timedelta(days=62)


class PropertyLateFeePolicy(models.Model):
    """Late fees that become bills by themselves."""

    _inherit = "property.late.fee.policy"

    @api.model
    def _cron_bill_late_fees(self):
        """Bill late fees at month's end and of what has been paid, as each policy says.

        Repeats safely: a fee is billed up to a day, and the next look finds nothing more.
        """
        today = fields.Date.context_today(self)
        month_end = month_start(today) - timedelta(days=1)
        for invoicing, as_of in (("month_end", month_end), ("payment", today)):
            bills = self._find_bills_to_charge(invoicing, as_of)
            bill = partial(self._bill_chunk, as_of=as_of, invoicing=invoicing)
            if not all_in_chunks(bills, CHUNK_SIZE, bill):
                return

    @api.model
    def _find_bills_to_charge(self, invoicing, as_of):
        """Return the bills that may owe a fee which becomes a bill by itself.

        :param str invoicing: how it does, see the field
        :param date as_of: day up to which the fee is billed
        """
        companies = self.search([("invoicing", "=", invoicing)]).company_id
        recent = Domain("line_ids.matched_credit_ids.max_date", ">=", as_of - LOOK_BACK)
        paid = Domain("payment_state", "in", ("paid", "in_payment")) & recent
        still_open = Domain("payment_state", "in", ("not_paid", "partial"))
        return self.env["account.move"].search(
            Domain("company_id", "in", companies.ids)
            & Domain("property_unit_id", "!=", False)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("invoice_date_due", "<", as_of)
            & (paid if invoicing == "payment" else paid | still_open),
            order="id",
        )

    @api.model
    def _bill_chunk(self, bills, as_of, invoicing):
        """Bill the fees of some bills; when that fails, in halves, down to the bad one."""

        def bill(part):
            part = part.try_lock_for_update(allow_referencing=True)
            part._create_late_fee_bills(as_of, invoicing)

        def note(bad, error):
            _logger.error(
                "The late fee of %s cannot be billed", bad.name, exc_info=error
            )

        in_halves(bills, bill, note)
