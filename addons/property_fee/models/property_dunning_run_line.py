from odoo import api, fields, models

from .property_dunning_level import CHANNELS


class PropertyDunningRunLine(models.Model):
    _name = "property.dunning.run.line"
    _description = "Dunning Run Row"
    _order = "run_id desc, id"

    run_id = fields.Many2one(
        "property.dunning.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    case_id = fields.Many2one(
        "property.dunning.case", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="case_id.unit_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="case_id.partner_id", store=True, precompute=True
    )
    community_id = fields.Many2one(
        related="case_id.community_id", store=True, index=True, precompute=True
    )
    level_id = fields.Many2one("property.dunning.level", ondelete="set null")
    channel = fields.Selection(CHANNELS)
    days = fields.Integer(string="Days Overdue", aggregator=None)
    months = fields.Integer(string="Months Owed", aggregator=None)
    amount = fields.Monetary(string="Overdue")
    status = fields.Selection(
        [
            ("todo", "To Do"),
            ("sent", "Reminded"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        required=True,
        default="todo",
    )
    reason = fields.Text()
    letter_id = fields.Many2one(
        "property.dunning.letter",
        string="Reminder",
        index="btree_not_null",
        ondelete="set null",
    )

    _case_uniq = models.Constraint(
        "UNIQUE(run_id, case_id)", "A household has one row in a run."
    )
    _todo_idx = models.Index("(run_id, id) WHERE status = 'todo'")

    @api.depends("run_id.name", "unit_id.code")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.run_id.name} {line.unit_id.code}"

    def _remind(self):
        """Remind the households of the rows, as the books stand now, and note the result.

        Whose bills somebody is at work on - a payment that is just being made - is left
        for the next round.
        """
        run = self.run_id
        bills = self.env["property.dunning.letter"]._get_overdue_bills(
            list(self.case_id), run.date
        )
        every = self.env["account.move"].union(*bills.values())
        locked = every.try_lock_for_update(allow_referencing=True)
        lines = self
        if busy := every - locked:
            lines = self.filtered(lambda line: not bills[line.case_id] & busy)
        verdicts = self.env["property.dunning.letter"]._judge(lines.case_id, run.date)
        if run.level_ids:
            verdicts = {
                case: verdict
                if not verdict.level or verdict.level in run.level_ids
                else verdict._replace(
                    level=verdict.level.browse(),
                    reason=self.env._("Of another level than the run."),
                )
                for case, verdict in verdicts.items()
            }
        letters = self.env["property.dunning.letter"]._write_reminders(
            verdicts, run.date, run, bills
        )
        made = {letter.case_id: letter for letter in letters}
        for line in lines:
            verdict = verdicts[line.case_id]
            letter = made.get(line.case_id)
            vals = self._prepare_result(verdict)
            if letter:
                failed = letter.state == "failed"
                vals.update(
                    status="failed" if failed else "sent",
                    reason=letter.failure if failed else False,
                    letter_id=letter.id,
                )
            elif verdict.level:
                vals.update(status="skipped", reason=self.env._("Nothing is overdue."))
            line.write(line._get_changes(vals))
        return lines

    def _get_changes(self, vals):
        """Return those of the values that differ from what the row says already."""
        self.ensure_one()
        return {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    @api.model
    def _prepare_result(self, verdict):
        """Return the values of a row before anything is sent."""
        return {
            "level_id": verdict.level.id,
            "channel": verdict.level.channel,
            "days": verdict.facts.days,
            "months": verdict.facts.months,
            "amount": verdict.facts.amount,
            "status": "todo" if verdict.level else "skipped",
            "reason": verdict.reason or False,
        }
