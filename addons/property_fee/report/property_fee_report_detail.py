from odoo import fields, models
from odoo.tools import SQL

from ..models.property_dunning_case import CAUSES
from ..tools.figures import BUCKETS


class PropertyFeeReportDetail(models.Model):
    """One row for each line of a posted bill: what of it is waived, collected and open.

    As of the day `figures_date` in the context, by default today: bills dated after it are
    not there yet, and what was set against a bill after it is open still. A payment pays the
    lines of its bill in proportion, to the cent, see `tools.figures.split`.
    """

    _name = "property.fee.report.detail"
    _description = "Fee Detail"
    _auto = False
    _rec_name = "move_id"
    _order = "date_due, id"
    _depends = {
        "account.move": [
            "date",
            "invoice_date",
            "invoice_date_due",
            "move_type",
            "partner_id",
            "property_community_id",
            "property_period",
            "property_unit_id",
            "property_waiver_id",
            "state",
        ],
        "account.move.line": [
            "balance",
            "display_type",
            "move_id",
            "price_total",
            "product_id",
            "property_charge_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
        "property.charge": ["item_id"],
        "property.dunning.case": ["cause", "partner_id", "unit_id"],
        "property.fee.item": ["agency_partner_id", "is_agency", "kind"],
        "property.unit": ["building_id", "unit_type"],
    }

    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    charge_id = fields.Many2one("property.charge", readonly=True)
    unit_id = fields.Many2one("property.unit", readonly=True)
    unit_type = fields.Selection(
        selection=lambda self: self.env["property.unit"]._fields["unit_type"].selection,
        readonly=True,
    )
    building_id = fields.Many2one("property.building", readonly=True)
    community_id = fields.Many2one("property.community", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    item_id = fields.Many2one("property.fee.item", string="Fee Item", readonly=True)
    is_agency = fields.Boolean(string="Collected for Others", readonly=True)
    agency_partner_id = fields.Many2one(
        "res.partner", string="Collected For", readonly=True
    )
    period = fields.Date(
        readonly=True,
        help="Month that was billed; of other bills, the date of the bill.",
    )
    invoice_date = fields.Date(string="Bill Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    bucket = fields.Selection(
        [
            ("0_current", "Not Due"),
            ("1_30", "1-30 Days"),
            ("2_90", "31-90 Days"),
            ("3_180", "91-180 Days"),
            ("4_365", "181-365 Days"),
            ("5_730", "1-2 Years"),
            ("6_1095", "2-3 Years"),
            ("7_older", "Over 3 Years"),
        ],
        string="Age",
        readonly=True,
        help="Days since the bill was due. A claim lapses three years after that, unless it"
        " was raised or acknowledged meanwhile (Civil Code, articles 188 and 195).",
    )
    cause = fields.Selection(
        CAUSES,
        string="Cause of Non-Payment",
        readonly=True,
        help="As noted on the dunning case of the debtor; empty where nobody is dunned.",
    )
    amount_billed = fields.Monetary(string="Billed", readonly=True)
    amount_waived = fields.Monetary(string="Waived", readonly=True)
    amount_corrected = fields.Monetary(
        string="Corrected", readonly=True, help="Taken back by other credit notes."
    )
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)

    # === THE TABLE === #

    def _get_figures_date(self):
        """Return the day as of which the figures are told."""
        day = self.env.context.get("figures_date")
        return fields.Date.to_date(day) or fields.Date.context_today(self)

    @property
    def _table_query(self):
        return SQL(
            "WITH bill AS (%s), settled AS (%s), line AS (%s), part AS (%s) %s %s",
            self._with_bill(),
            self._with_settled(),
            self._with_line(),
            self._with_part(),
            self._select(),
            self._from(),
        )

    def _with_bill(self):
        """Return the posted bills of units up to the day and their totals."""
        return SQL(
            """
            SELECT move.id AS move_id, SUM(term.balance) AS total
              FROM account_move move
              JOIN account_move_line term
                ON term.move_id = move.id AND term.display_type = 'payment_term'
             WHERE move.state = 'posted'
               AND move.move_type = 'out_invoice'
               AND move.property_unit_id IS NOT NULL
               AND move.date <= %s
             GROUP BY move.id
            """,
            self._get_figures_date(),
        )

    def _with_settled(self):
        """Return what was set against the bills up to the day, by what it was."""
        return SQL(
            """
            SELECT owed.move_id,
                   SUM(paid.amount) FILTER (
                       WHERE note.move_type = 'out_refund'
                         AND note.property_waiver_id IS NOT NULL) AS waived,
                   SUM(paid.amount) FILTER (
                       WHERE note.move_type = 'out_refund'
                         AND note.property_waiver_id IS NULL) AS corrected,
                   SUM(paid.amount) FILTER (
                       WHERE note.move_type != 'out_refund') AS collected
              FROM account_partial_reconcile paid
              JOIN account_move_line owed ON owed.id = paid.debit_move_id
              JOIN bill ON bill.move_id = owed.move_id
              JOIN account_move_line credit ON credit.id = paid.credit_move_id
              JOIN account_move note ON note.id = credit.move_id
             WHERE paid.max_date <= %s
             GROUP BY owed.move_id
            """,
            self._get_figures_date(),
        )

    def _with_line(self):
        """Return the lines of the bills with their running sums."""
        return SQL(
            """
            SELECT line.id, line.move_id, line.property_charge_id AS charge_id,
                   line.product_id,
                   SUM(line.price_total) OVER (
                       PARTITION BY line.move_id ORDER BY line.id) AS upto,
                   line.price_total AS own,
                   SUM(line.price_total) OVER (PARTITION BY line.move_id) AS whole
              FROM account_move_line line
              JOIN bill ON bill.move_id = line.move_id
             WHERE line.display_type = 'product'
            """
        )

    def _with_part(self):
        """Return what of the bill falls on each of its lines."""
        return SQL(
            """
            SELECT line.id, line.move_id, line.charge_id, line.product_id,
                   %s AS billed, %s AS waived, %s AS corrected, %s AS collected
              FROM line
              JOIN bill ON bill.move_id = line.move_id
              LEFT JOIN settled ON settled.move_id = line.move_id
            """,
            *(
                self._split(column)
                for column in (
                    SQL("bill.total"),
                    SQL("settled.waived"),
                    SQL("settled.corrected"),
                    SQL("settled.collected"),
                )
            ),
        )

    def _split(self, amount):
        """Return what of an amount of the bill falls on a line, as `tools.figures.split`."""
        return SQL(
            """
            CASE WHEN line.whole = 0 THEN 0 ELSE
                ROUND(COALESCE(%(amount)s, 0) * line.upto / line.whole, 2)
                - ROUND(COALESCE(%(amount)s, 0) * (line.upto - line.own) / line.whole, 2)
            END
            """,
            amount=amount,
        )

    def _select(self):
        """Return the columns of the rows."""
        open_amount = SQL(
            "(part.billed - part.waived - part.corrected - part.collected)"
        )
        days = SQL("(%s - move.invoice_date_due)", self._get_figures_date())
        return SQL(
            """
            SELECT part.id, part.move_id, part.charge_id,
                   move.property_unit_id AS unit_id, unit.unit_type, unit.building_id,
                   move.property_community_id AS community_id, move.company_id,
                   company.currency_id, move.partner_id,
                   item.id AS item_id, COALESCE(item.is_agency, FALSE) AS is_agency,
                   item.agency_partner_id,
                   COALESCE(move.property_period, move.invoice_date) AS period,
                   move.invoice_date, move.invoice_date_due AS date_due,
                   CASE WHEN %(open)s > 0 THEN GREATEST(%(days)s, 0) ELSE 0 END
                       AS days_overdue,
                   CASE %(buckets)s END AS bucket, dunned.cause,
                   part.billed AS amount_billed, part.waived AS amount_waived,
                   part.corrected AS amount_corrected,
                   part.collected AS amount_collected,
                   %(open)s AS amount_open,
                   CASE WHEN %(days)s > 0 THEN %(open)s ELSE 0 END AS amount_overdue
            """,
            open=open_amount,
            days=days,
            buckets=SQL(" ").join(
                SQL("WHEN %s <= %s THEN %s", days, last, key)
                if last is not None
                else SQL("ELSE %s", key)
                for key, last in BUCKETS
            ),
        )

    def _from(self):
        """Return the tables of the rows."""
        return SQL(
            """
              FROM part
              JOIN account_move move ON move.id = part.move_id
              JOIN res_company company ON company.id = move.company_id
              JOIN property_unit unit ON unit.id = move.property_unit_id
              LEFT JOIN property_charge charge ON charge.id = part.charge_id
              LEFT JOIN property_dunning_case dunned
                     ON dunned.unit_id = move.property_unit_id
                    AND dunned.partner_id = move.partner_id
              LEFT JOIN LATERAL (
                  SELECT item.*
                    FROM property_fee_item item
                   WHERE item.id = charge.item_id
                      OR (charge.id IS NULL AND item.product_id = part.product_id)
                   ORDER BY item.id
                   LIMIT 1
              ) item ON TRUE
            """
        )

    # === ACTION METHODS === #

    def action_open_bill(self):
        """Open the bill of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
