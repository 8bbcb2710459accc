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
        self.origin_payment_id._check_no_receipt()
        result = super().button_draft()
        # Back from cancelled, the days may have been charged anew: the database refuses then.
        self._set_charge_state("draft", ("billed", "cancelled"))
        return result

    def button_cancel(self):
        self.origin_payment_id._check_no_receipt()
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
