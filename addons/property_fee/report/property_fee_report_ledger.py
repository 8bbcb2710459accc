from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("billed", "Billed"),
    ("late_fee", "Late Fee Billed"),
    ("waived", "Waived"),
    ("corrected", "Corrected"),
    ("collected", "Collected"),
    ("refunded", "Refunded"),
    ("other", "Other Entries"),
]


class PropertyFeeReportLedger(models.Model):
    """What moved the receivables of households: each row is a posted line of the books.

    The amounts are the balances of the receivable lines, so that their sum is the balance
    of the accounts. A payment that names no unit counts for those whose bills it paid;
    what of it no bill of a unit has used is a row without a unit.
    """

    _name = "property.fee.report.ledger"
    _description = "Receivables Roll-Forward"
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": [
            "journal_id",
            "move_type",
            "reversed_entry_id",
            "property_unit_id",
            "property_waiver_id",
            "state",
        ],
        "account.move.line": [
            "account_id",
            "balance",
            "date",
            "move_id",
            "parent_state",
            "partner_id",
            "payment_id",
            "property_charge_id",
            "property_credit_unit_id",
        ],
        "account.account": ["account_type"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
        "account.payment": ["move_id", "payment_type"],
        "property.charge": ["item_id"],
        "property.fee.item": ["kind"],
        "property.unit": ["building_id", "community_id"],
    }

    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    line_id = fields.Many2one("account.move.line", string="Journal Item", readonly=True)
    account_id = fields.Many2one(
        "account.account", string="Ledger Account", readonly=True
    )
    journal_id = fields.Many2one("account.journal", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Cashier",
        readonly=True,
        help="Who entered the payment, also of the entry that takes it back.",
    )
    unit_id = fields.Many2one("property.unit", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    community_id = fields.Many2one("property.community", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, string="Movement", readonly=True)
    amount = fields.Monetary(
        string="Change of Receivables",
        readonly=True,
        help="Positive when more is owed, negative when less.",
    )
    amount_received = fields.Monetary(
        string="Money Received",
        readonly=True,
        help="What was collected, less what was refunded.",
    )

    # === THE TABLE === #

    @property
    def _table_query(self):
        return SQL(
            "WITH line AS (%s), shared AS (%s), fact AS (%s) %s %s",
            self._with_line(),
            self._with_shared(),
            self._with_fact(),
            self._select(),
            self._from(),
        )

    def _with_line(self):
        """Return the posted receivable lines with the unit that they name."""
        return SQL(
            """
            SELECT line.id, line.move_id, line.account_id, line.payment_id, line.date,
                   line.company_id, line.partner_id, line.balance,
                   COALESCE(move.property_unit_id, line.property_credit_unit_id)
                       AS unit_id
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
             WHERE line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
            """
        )

    def _with_shared(self):
        """Return for which units the lines that name none were used."""
        return SQL(
            """
            SELECT line.id AS line_id, used.id AS partial_id,
                   other.unit_id, side.sign * used.amount AS amount
              FROM line
             CROSS JOIN (VALUES (-1), (1)) AS side(sign)
              JOIN account_partial_reconcile used
                ON line.id = CASE side.sign WHEN -1 THEN used.credit_move_id
                                            ELSE used.debit_move_id END
              JOIN line other
                ON other.id = CASE side.sign WHEN -1 THEN used.debit_move_id
                                             ELSE used.credit_move_id END
             WHERE line.unit_id IS NULL
               AND other.unit_id IS NOT NULL
            """
        )

    def _with_fact(self):
        """Return the rows: whole lines, parts of lines by unit, and what is left."""
        return SQL(
            """
            SELECT 3 * line.id AS id, line.id AS line_id, line.unit_id,
                   line.balance AS amount
              FROM line
             WHERE line.unit_id IS NOT NULL
             UNION ALL
            SELECT 3 * shared.partial_id + 1, shared.line_id, shared.unit_id,
                   shared.amount
              FROM shared
             UNION ALL
            SELECT 3 * line.id + 2, line.id, NULL,
                   line.balance - COALESCE(SUM(shared.amount), 0)
              FROM line
              LEFT JOIN shared ON shared.line_id = line.id
             WHERE line.unit_id IS NULL
             GROUP BY line.id, line.balance
            HAVING line.balance != COALESCE(SUM(shared.amount), 0)
            """
        )

    def _select(self):
        """Return the columns of the rows."""
        return SQL(
            """
            SELECT fact.id, fact.line_id, line.move_id, line.account_id,
                   move.journal_id, line.payment_id,
                   COALESCE(payment.create_uid, taken.create_uid) AS user_id,
                   fact.unit_id, unit.building_id, unit.community_id, line.company_id,
                   company.currency_id, line.partner_id, line.date, fact.amount,
                   CASE
                       WHEN move.move_type = 'out_invoice' AND late.found THEN 'late_fee'
                       WHEN move.move_type = 'out_invoice' THEN 'billed'
                       WHEN move.move_type = 'out_refund'
                        AND move.property_waiver_id IS NOT NULL THEN 'waived'
                       WHEN move.move_type = 'out_refund' THEN 'corrected'
                       WHEN payment.payment_type = 'outbound' THEN 'refunded'
                       WHEN payment.id IS NOT NULL
                         OR journal.type IN ('bank', 'cash', 'credit')
                       THEN 'collected'
                       ELSE 'other'
                   END AS kind,
                   CASE WHEN payment.id IS NOT NULL
                          OR (move.move_type = 'entry'
                              AND journal.type IN ('bank', 'cash', 'credit'))
                        THEN -fact.amount ELSE 0
                   END AS amount_received
            """
        )

    def _from(self):
        """Return the tables of the rows."""
        return SQL(
            """
              FROM fact
              JOIN line ON line.id = fact.line_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = move.journal_id
              JOIN res_company company ON company.id = line.company_id
              LEFT JOIN account_payment payment ON payment.id = line.payment_id
              LEFT JOIN LATERAL (
                  SELECT first.create_uid
                    FROM account_payment first
                   WHERE payment.id IS NULL AND first.move_id = move.reversed_entry_id
                   LIMIT 1
              ) taken ON TRUE
              LEFT JOIN property_unit unit ON unit.id = fact.unit_id
              LEFT JOIN LATERAL (
                  SELECT TRUE AS found
                    FROM property_charge charge
                    JOIN property_fee_item item ON item.id = charge.item_id
                   WHERE charge.move_id = move.id AND item.kind = 'late_fee'
                   LIMIT 1
              ) late ON TRUE
            """
        )
