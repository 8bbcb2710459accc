from odoo import models
from odoo.exceptions import UserError

from odoo.addons.property_base.tools.background import in_halves


class PropertyFeeRun(models.Model):
    _inherit = "property.fee.run"

    def _work_off(self, rows):
        """Bill rows, and note the result on each."""
        if reason := self._get_obstacle():
            rows.write({"status": "failed", "reason": reason})
        else:
            in_halves(rows, lambda part: part._bill(), self._note_failure)

    def _get_obstacle(self):
        """Return why no bill of the run can be posted at all, None when bills can.

        Odoo would move bills of a locked period into the next open one, where nobody
        looks for them.
        """
        self.ensure_one()
        try:
            journal = self.env["property.charge"]._get_sale_journal(self.company_id)
        except UserError as error:
            return str(error)
        company = self.company_id
        locks = company._get_violated_lock_dates(self.invoice_date, True, journal)
        if not locks:
            return None
        return self.env._(
            "Bills of %(date)s cannot be posted, for the period is locked: %(locks)s."
            " Choose a later date of the bills on the run, then retry.",
            date=self.invoice_date.isoformat(),
            locks=company._format_lock_dates(locks),
        )

    def _describe_done(self):
        return self.env._("Already billed.")

    def _describe_result(self):
        return self.env._(
            "%(charged)s households billed, %(skipped)s skipped, %(failed)s failed;"
            " total %(amount)s.",
            charged=self.charged_count,
            skipped=self.skipped_count,
            failed=self.failed_count,
            amount=f"{self.amount_charged:.2f}",
        )
