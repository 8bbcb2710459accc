from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    property_unit_id = fields.Many2one(
        "property.unit",
        string="Unit",
        index="btree_not_null",
        ondelete="restrict",
        help="Unit that the bill is for.",
    )
    property_community_id = fields.Many2one(
        related="property_unit_id.community_id",
        string="Community",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    property_building_id = fields.Many2one(
        related="property_unit_id.building_id", string="Building"
    )
    property_period = fields.Date(
        string="Period Billed",
        copy=False,
        help="First day of the month whose run made the bill.",
    )
    property_run_id = fields.Many2one(
        "property.fee.run",
        string="Fee Run",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    property_charge_ids = fields.One2many(
        "property.charge", "move_id", string="Charges"
    )

    # === STATE OF THE CHARGES === #

    def _set_charge_state(self, state, from_states):
        """Let the charges follow their bills; what a credit note took back stays so.

        :param str state: new state of the charges
        :param tuple from_states: only charges in one of these states change
        """
        bills = self.filtered("property_unit_id")
        if not bills:
            return
        # Whoever may post or cancel a bill moves its charges along with it.
        charges = (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("move_id", "in", bills.ids),
                    ("state", "in", from_states),
                    "|",
                    ("state", "!=", "cancelled"),
                    ("amount_credited", "=", 0),
                ]
            )
        )
        charges.write({"state": state})

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._on_posted()
        return posted

    def _on_posted(self):
        """Do what follows from entries being posted, however they were.

        Extended instead of `_post`, which the bill builder does not go through.

        :return: the entries
        """
        self._set_charge_state("billed", ("draft", "checked"))
        return self

    def button_draft(self):
        result = super().button_draft()
        # Back from cancelled, the days may have been charged anew: the database refuses then.
        self._set_charge_state("draft", ("billed", "cancelled"))
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._set_charge_state("cancelled", ("draft", "checked", "billed"))
        return result

    def unlink(self):
        self._set_charge_state("cancelled", ("draft", "checked", "billed"))
        return super().unlink()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        reversals = super()._reverse_moves(default_values_list, cancel=cancel)
        if cancel:
            # Credited in full: the days may be billed again.
            self._set_charge_state("cancelled", ("draft", "checked", "billed"))
        return reversals

    # === PAYMENT NOTICE === #

    def _get_notice_values(self):
        """Return what the payment notices say beyond the bills themselves.

        :return: dict move -> dict with `lines` (item, days, text, amount), `paid`,
            `arrears`, `arrears_periods` (text), `total` and `bank`
        """
        arrears = self._get_earlier_arrears()
        values = {}
        for move in self:
            earlier = arrears.get(move, {})
            sign = -1 if move.move_type == "out_refund" else 1
            values[move] = {
                "lines": move._get_notice_lines(),
                "paid": move.amount_total - move.amount_residual,
                "arrears": sum(earlier.values()),
                "arrears_periods": ", ".join(
                    f"{period:%Y-%m}" for period in sorted(earlier)
                ),
                "total": sign * move.amount_residual + sum(earlier.values()),
                "bank": move.partner_bank_id or move.company_id.partner_id.bank_ids[:1],
            }
        return values

    def _get_notice_lines(self):
        """Return the lines of the notice in the language of the payer."""
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        lines = []
        for line in self.with_context(lang=lang).invoice_line_ids:
            charge = line.property_charge_id
            lines.append(
                {
                    "item": charge.item_id.name or line.product_id.name or line.name,
                    "days": charge.period_label or "",
                    "text": charge.explanation_text or line.name,
                    "amount": line.price_total,
                }
            )
        return lines

    def _get_earlier_arrears(self):
        """Return what the payer of each bill still owes for the unit from earlier periods.

        :return: dict move -> dict period -> amount
        """
        rows = self._read_group(
            [
                ("property_unit_id", "in", self.property_unit_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("property_period", "!=", False),
            ],
            ["property_unit_id", "partner_id", "property_period:month"],
            ["amount_residual_signed:sum"],
        )
        owed = {}
        for unit, partner, period, amount in rows:
            owed.setdefault((unit, partner), {})[period] = amount
        return {
            move: {
                period: amount
                for period, amount in owed.get(
                    (move.property_unit_id, move.partner_id), {}
                ).items()
                if move.property_period and period < move.property_period
            }
            for move in self
        }
