import base64

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

from odoo.addons.property_base.tools.figures_workbook import build

from ..tools.figures import RollForward
from ..tools.period import month_end, month_start


class PropertyFeeStatement(models.TransientModel):
    """The figures of fees of a period: looked at, printed on a page, or as a workbook."""

    _name = "property.fee.statement"
    _description = "Statement of Fees"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
        help="First day of the period. A bill belongs to the period by the month it bills.",
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=fields.Date.context_today,
        help="Last day of the period, and the day as of which everything is told.",
    )
    community_ids = fields.Many2many(
        "property.community", string="Communities", help="Empty: all that you work in."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    current_receivable = fields.Monetary(
        string="To Collect, This Period", compute="_compute_figures"
    )
    current_collected = fields.Monetary(
        string="Collected, This Period", compute="_compute_figures"
    )
    current_rate = fields.Float(
        string="Collection Rate (%)",
        compute="_compute_figures",
        digits=(5, 2),
        help="Of the bills for the months of the period: what has been collected up to the"
        " last day, in percent of what was billed less waivers and corrections. Late fee"
        " counts in the month in which it was billed.",
    )
    prior_receivable = fields.Monetary(
        string="Prior Arrears", compute="_compute_figures"
    )
    prior_collected = fields.Monetary(
        string="Prior Arrears Recovered", compute="_compute_figures"
    )
    prior_rate = fields.Float(
        string="Recovery Rate (%)",
        compute="_compute_figures",
        digits=(5, 2),
        help="Of the bills for earlier months: what was collected from the first to the last"
        " day of the period, in percent of what was open of them before the first day less"
        " waivers and corrections since.",
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_figures")
    amount_overdue = fields.Monetary(string="Overdue", compute="_compute_figures")
    ledger_gap = fields.Monetary(
        string="Difference to the Books",
        compute="_compute_figures",
        help="Receivables of households, and what names no unit, less the balance of the"
        " receivable accounts on the last day: nothing, or the figures are wrong.",
    )
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    # === COMPUTE METHODS === #

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Statement of Fees")

    @api.depends("date_from", "date_to", "community_ids", "company_id")
    def _compute_figures(self):
        Figures = self.env["property.fee.figures"]
        for wizard in self:
            values = dict.fromkeys(
                (
                    "current_receivable",
                    "current_collected",
                    "current_rate",
                    "prior_receivable",
                    "prior_collected",
                    "prior_rate",
                    "amount_open",
                    "amount_overdue",
                    "ledger_gap",
                ),
                0.0,
            )
            if wizard._is_complete():
                row = Figures._get_collection(
                    wizard.date_from, wizard.date_to, wizard._get_domain()
                ).get(None)
                if row:
                    for what in ("current", "prior"):
                        values[f"{what}_receivable"] = float(row[what].receivable)
                        values[f"{what}_collected"] = float(row[what].collected)
                        values[f"{what}_rate"] = float(row[what].rate or 0)
                ((due, overdue),) = Figures._detail(wizard.date_to)._read_group(
                    wizard._get_domain(), [], ["amount_open:sum", "amount_overdue:sum"]
                )
                values["amount_open"], values["amount_overdue"] = due, overdue
                check = Figures._get_ledger_check(wizard.date_to, wizard.company_id)
                values["ledger_gap"] = (
                    check["households"] + check["without_unit"] - check["ledger"]
                )
            wizard.update(values)

    def _is_complete(self):
        return (
            self.date_from
            and self.date_to
            and self.date_from <= self.date_to
            and self.company_id
        )

    # === ACTION METHODS === #

    def action_last_month(self):
        """Choose the month before the one of today."""
        self.ensure_one()
        month = month_start(fields.Date.context_today(self)) - relativedelta(months=1)
        self.write({"date_from": month, "date_to": month_end(month)})
        return self._reopen()

    def action_this_year(self):
        """Choose the year up to today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        self.write({"date_from": today.replace(month=1, day=1), "date_to": today})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Fees"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_print(self):
        """Print the page for the manager."""
        self._check_days()
        return self.env.ref("property_fee.property_fee_statement_report").report_action(
            self
        )

    def action_export(self):
        """Write the workbook and download it."""
        self.ensure_one()
        self._check_days()
        content = build(*self._get_workbook())
        self.write(
            {
                "file": base64.b64encode(content),
                "filename": self.env._(
                    "Fees %(start)s to %(end)s.xlsx",
                    start=fields.Date.to_string(self.date_from),
                    end=fields.Date.to_string(self.date_to),
                ),
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            "?download=true&filename_field=filename",
            "target": "download",
        }

    def action_view_detail(self):
        """Open the lines of bills as of the last day."""
        return self._open_report("property_fee.property_fee_report_detail_action")

    def action_view_aging(self):
        """Open the age of arrears as of the last day."""
        return self._open_report("property_fee.property_fee_report_aging_action")

    def action_view_ledger(self):
        """Open what moved the receivables in the period."""
        return self._open_report(
            "property_fee.property_fee_report_ledger_action",
            Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to),
        )

    def _open_report(self, xmlid, domain=Domain.TRUE):
        self.ensure_one()
        self._check_days()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(self._get_domain() & domain)
        action["context"] = {
            "figures_date": fields.Date.to_string(self.date_to),
        }
        action["name"] = f"{action['name']} {fields.Date.to_string(self.date_to)}"
        return action

    def _check_days(self):
        for wizard in self:
            if not wizard._is_complete():
                raise UserError(
                    self.env._("The period ends before it begins: mend its days.")
                )

    # === BUSINESS METHODS === #

    def _get_domain(self):
        """Return the domain of the rows that count, for both report models."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "unit_id", "!=", False
        )
        if self.community_ids:
            domain &= Domain("community_id", "in", self.community_ids.ids)
        return domain

    def _get_title(self):
        """Return for what the figures are, as one line."""
        self.ensure_one()
        where = format_list(self.env, self.community_ids.mapped("name"))
        return self.env._(
            "%(where)s, %(start)s to %(end)s",
            where=where or self.company_id.name,
            start=fields.Date.to_string(self.date_from),
            end=fields.Date.to_string(self.date_to),
        )

    def _get_definitions(self):
        """Return the definitions of both rates, as the help of the fields tells them."""
        described = self.fields_get(["current_rate", "prior_rate"], ["string", "help"])
        return tuple(
            f"{described[name]['string']}: {described[name]['help']}"
            for name in ("current_rate", "prior_rate")
        )

    def _get_roll_forwards(self):
        """Return the roll-forward of each community and their total.

        :return: (list of (property.community, RollForward), RollForward)
        """
        rows = self.env["property.fee.figures"]._get_roll_forward(
            self.date_from, self.date_to, self._get_domain()
        )
        total = RollForward()
        for row in rows.values():
            total += row
        return sorted(rows.items(), key=lambda row: row[0].name or ""), total
