from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.tools.background import in_halves

UNDO_SIZE = 50


class PropertyFeeRun(models.Model):
    """A run that was wrong is taken back while nobody has paid."""

    _inherit = "property.fee.run"
    _run_waiting = {"queued": "todo", "running": "todo", "undoing": "charged"}

    state = fields.Selection(
        selection_add=[("undoing", "Being Undone"), ("undone", "Undone")],
        ondelete={"undoing": "set default", "undone": "set default"},
    )
    can_undo = fields.Boolean(compute="_compute_can_undo")

    @api.depends("state", "move_ids")
    def _compute_can_undo(self):
        for run in self:
            run.can_undo = run.state in ("done", "failed") and bool(run.move_count)

    def _get_paid_bills(self):
        """Return the bills of the runs on which something has been paid."""
        return self.env["account.move"].search(
            [
                ("property_run_id", "in", self.ids),
                ("state", "=", "posted"),
                ("payment_state", "in", ("partial", "in_payment", "paid")),
            ]
        )

    def action_undo(self):
        """Take all bills of the run back in the background.

        Drafts go; for what has been posted there are credit notes, and its days may be
        billed again.

        :raises UserError: the run is still at work, or something has been paid
        """
        self.check_access("write")
        self.lock_for_update()
        for run in self:
            if run.state not in ("done", "failed"):
                raise UserError(
                    self.env._("Only a run that has ended can be taken back.")
                )
            # The accountant who may bill may see whether somebody has paid.
            if paid := run.sudo()._get_paid_bills():
                raise UserError(
                    self.env._(
                        "%(count)s bills of the run have been paid, such as %(bill)s."
                        " Correct single charges instead.",
                        count=len(paid),
                        bill=paid[0].display_name,
                    )
                )
        # The right to run was checked; the state is written by the methods only.
        self.sudo().state = "undoing"
        self._wake()
        return True

    def _get_chunk_size(self):
        return UNDO_SIZE if self.state == "undoing" else super()._get_chunk_size()

    def _work_off(self, rows):
        if self.state != "undoing":
            return super()._work_off(rows)
        return in_halves(rows, lambda part: part._undo(), self._note_failure)

    def _finish(self):
        """Close also a run that has been taken back, and say so."""
        if self.state != "undoing":
            super()._finish()
            return
        failed = self.env["property.fee.run.line"].search_count(
            [("run_id", "=", self.id), ("status", "=", "failed")]
        )
        self.invalidate_recordset()
        self.state = "failed" if failed and self.undone_count == 0 else "undone"
        self.message_post(
            body=self.env._(
                "The run was taken back: %(undone)s households, %(failed)s failed.",
                undone=self.undone_count,
                failed=failed,
            )
        )
