from odoo import api, fields, models

from odoo.addons.property_base.models.bulk_insert import create_plain
from odoo.addons.property_base.tools.background import in_halves

PREPARE_SIZE = 2000


class PropertyDunningRun(models.Model):
    _inherit = "property.dunning.run"

    def _prepare_rows(self):
        """Make one row per debtor who owes, with what he would get, or why nothing."""
        self.ensure_one()
        # Rows are written by the system alone; users read them.
        Line = self.env["property.dunning.run.line"].sudo()
        Line.search([("run_id", "=", self.id)]).unlink()
        cases = self.env["property.dunning.case"]._sync(self.community_ids, self.date)
        cases = cases._in_delivery_order()
        for start in range(0, len(cases), PREPARE_SIZE):
            chunk = cases[start : start + PREPARE_SIZE]
            verdicts = self.env["property.dunning.letter"]._judge(chunk, self.date)
            create_plain(
                Line,
                [
                    {
                        "run_id": self.id,
                        "company_id": self.company_id.id,
                        "case_id": case.id,
                        "unit_id": case.unit_id.id,
                        "partner_id": case.partner_id.id,
                        "community_id": case.community_id.id,
                        **Line._prepare_result(verdict),
                    }
                    for case, verdict in verdicts.items()
                    if not self.level_ids or verdict.level in self.level_ids
                ],
            )

    @api.model
    def _cron_start_runs(self):
        """Start the runs of the policies that run by themselves, unless the day is quiet."""
        today = fields.Date.context_today(self)
        for company in self.env["res.company"].search([("active", "=", True)]):
            communities = self.env["property.community"].search(
                [("company_id", "=", company.id)]
            )
            policies = self.env["property.dunning.policy"]._get_by_community(
                communities
            )
            run = self.new({"company_id": company.id, "date": today})
            run.community_ids = communities.filtered(
                lambda community, policies=policies: policies[community].auto_run
            )
            due = run.community_ids._origin - run._get_quiet_communities()
            there = self.search_count(
                [("company_id", "=", company.id), ("date", "=", today)], limit=1
            )
            if due and not there:
                self.create(
                    {
                        "company_id": company.id,
                        "date": today,
                        "community_ids": due.ids,
                    }
                ).action_start()

    def _work_off(self, rows):
        """Remind the households of rows, and note the result on each."""
        in_halves(rows, lambda part: part._remind(), self._note_failure)

    def _describe_done(self):
        return self.env._("Reminded by another run.")

    def _describe_result(self):
        return self.env._(
            "%(sent)s households reminded of %(amount)s, %(skipped)s skipped,"
            " %(failed)s failed.",
            sent=self.sent_count,
            amount=f"{self.amount:.2f}",
            skipped=self.skipped_count,
            failed=self.failed_count,
        )
