from odoo import models

from odoo.addons.property_fee.models.property_fee_run_undo import UNDO_SIZE

# Rows of a job: few enough for workers to end at about the same time.
JOB_SIZE = 100
# A job that met another worker is tried again; so often at most.
MAX_RETRIES = 5


class PropertyFeeRun(models.Model):
    """The chunks of a run become jobs.

    A job that is lost does no harm: the scheduled action of the fee runs goes on with the
    rows that are still to do, and a row is billed once, whoever gets to it first.
    """

    _inherit = "property.fee.run"

    def _wake(self):
        """Make a job of each chunk of rows."""
        Line = self.env["property.fee.run.line"]
        for run in self:
            status = run._get_waiting_status()
            size = UNDO_SIZE if run.state == "undoing" else JOB_SIZE
            # Rows are read by accountants only; whoever may start a run may queue it.
            rows = Line.sudo().search(
                [("run_id", "=", run.id), ("status", "=", status)], order="id"
            )
            if not rows:
                super(PropertyFeeRun, run)._wake()
            for start in range(0, len(rows), size):
                run._delay_chunk(rows[start : start + size].ids)
        return True

    def _delay_chunk(self, row_ids):
        """Make a job of some rows.

        :param list row_ids: property.fee.run.line
        """
        self.ensure_one()
        # As the scheduler does: what a run writes is not for users to write.
        self.sudo().with_delay(
            channel="root.property_fee",
            max_retries=MAX_RETRIES,
            description=self.env._(
                "%(run)s: %(count)s households", run=self.name, count=len(row_ids)
            ),
            identity_key=f"property_fee_run:{self.id}:{self.state}:{row_ids[0]}",
        )._job_process(row_ids)

    def _job_process(self, row_ids):
        """Bill, or take back, some rows of the run; rows that are done are left alone.

        :param list row_ids: property.fee.run.line
        :return: what the job tells of itself
        """
        self.ensure_one()
        count = self._process_chunk(self.env["property.fee.run.line"].browse(row_ids))
        return self.env._("%(count)s households", count=count)
