from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyNoticeSend(models.TransientModel):
    """Prints, mails or texts the payment notices of many households at once."""

    _name = "property.notice.send"
    _description = "Payment Notices"

    move_ids = fields.Many2many(
        "account.move",
        string="Chosen Bills",
        help="Bills from whose list the window was opened.",
    )
    run_id = fields.Many2one("property.fee.run", string="Fee Run")
    community_id = fields.Many2one("property.community")
    building_ids = fields.Many2many(
        "property.building", domain="[('community_id', '=', community_id)]"
    )
    period = fields.Date(help="Month that was billed; empty: all months.")
    only_open = fields.Boolean(string="Only What Is Not Paid", default=True)
    per_household = fields.Boolean(
        string="One Notice for Each Household",
        default=True,
        help="All bills of a payer for a unit stand on one notice.",
    )
    bill_count = fields.Integer(compute="_compute_counts", string="Bills")
    notice_count = fields.Integer(compute="_compute_counts", string="Notices")
    mail_count = fields.Integer(compute="_compute_counts", string="With E-mail")
    phone_count = fields.Integer(compute="_compute_counts", string="With Phone")
    amount = fields.Monetary(compute="_compute_counts", string="To Pay")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    can_text = fields.Boolean(compute="_compute_can_text")

    @api.model
    def default_get(self, field_names):
        """Take the bills or the run from which the window was opened."""
        values = super().default_get(field_names)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        if model == "account.move" and "move_ids" in field_names:
            values["move_ids"] = [(6, 0, ids)]
        elif model == "property.fee.run" and len(ids) == 1:
            values["run_id"] = ids[0]
        elif not model or model not in ("account.move", "property.fee.run"):
            communities = self.env["property.community"].search([], limit=2)
            if len(communities) == 1:
                values.setdefault("community_id", communities.id)
        return values

    def _compute_can_text(self):
        # Odoo's SMS module puts this method on every document when it is installed.
        self.can_text = hasattr(self.env["account.move"], "_message_sms")

    @api.depends(
        "move_ids",
        "run_id",
        "community_id",
        "building_ids",
        "period",
        "only_open",
        "per_household",
    )
    def _compute_counts(self):
        for wizard in self:
            moves = wizard._get_moves()
            groups = moves._group_for_notice(wizard.per_household)
            wizard.bill_count = len(moves)
            wizard.notice_count = len(groups)
            wizard.mail_count = sum(bool(group.partner_id.email) for group in groups)
            wizard.phone_count = sum(bool(group.partner_id.phone) for group in groups)
            wizard.amount = sum(moves.mapped("amount_residual_signed"))

    def _get_moves(self):
        """Return the posted bills that the window is about."""
        self.ensure_one()
        Move = self.env["account.move"]
        domain = (
            Domain("property_unit_id", "!=", False)
            & Domain("state", "=", "posted")
            & Domain("move_type", "=", "out_invoice")
        )
        if self.only_open:
            domain &= Move._domain_property_open()
        if self.move_ids:
            domain &= Domain("id", "in", self.move_ids.ids)
        elif self.run_id:
            domain &= Domain("property_run_id", "=", self.run_id._origin.id)
        elif not self.community_id:
            return Move
        if self.community_id:
            domain &= Domain("property_community_id", "=", self.community_id.id)
        if self.building_ids:
            domain &= Domain(
                "property_unit_id.building_id", "in", self.building_ids.ids
            )
        if self.period:
            month = self.period.replace(day=1)
            domain &= Domain("property_period", "=", month)
        return Move.search(domain)

    def _get_moves_or_raise(self):
        moves = self._get_moves()
        if not moves:
            raise UserError(self.env._("There is no bill to tell anybody of."))
        return moves

    def action_print(self):
        """Print the notices as one PDF, building by building in the order of the floors."""
        name = "property_payment_notice_report"
        if not self.per_household:
            name = "property_payment_notice_single_report"
        return self._print(name)

    def action_print_delivery(self):
        """Print the list on which the households sign for their notices."""
        return self._print("property_notice_delivery_report")

    def _print(self, name):
        moves = self._get_moves_or_raise()._sort_for_delivery()
        return self.env.ref(f"property_fee.{name}").report_action(moves, config=False)

    def action_mail(self):
        """Put one message per household into the queue of outgoing mail."""
        told, without = self._get_moves_or_raise()._send_notices()
        return self._report(
            self.env._(
                "%(count)s messages are in the queue; %(without)s households have no"
                " e-mail address.",
                count=len(told),
                without=len(without),
            )
        )

    def action_text(self):
        """Put one text message per household into the queue."""
        told, without = self._get_moves_or_raise()._send_text_messages()
        return self._report(
            self.env._(
                "%(count)s text messages are in the queue; %(without)s households have"
                " no phone number.",
                count=len(told),
                without=len(without),
            )
        )

    def _report(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
