from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_list


class PropertyDispatch(models.TransientModel):
    """Who could be sent: the best first, each with the reasons; one click sends him."""

    _name = "property.dispatch"
    _description = "Dispatch"

    order_id = fields.Many2one("property.work.order", required=True, readonly=True)
    subject = fields.Char(related="order_id.subject")
    skill_id = fields.Many2one(related="order_id.skill_id", readonly=False)
    urgency = fields.Selection(related="order_id.urgency")
    planned_at = fields.Datetime(related="order_id.planned_at", readonly=False)
    line_ids = fields.One2many("property.dispatch.line", "dispatch_id")

    @api.model
    def _open(self, order):
        """Return the action of the dialog for an order."""
        dispatch = self.create({"order_id": order.id})
        dispatch._suggest()
        return dispatch._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _suggest(self):
        """Fill in who can be sent, then who cannot, with the reasons."""
        self.ensure_one()
        suggested, others = self.order_id._get_suggestions()
        reasons = self._get_reasons()

        def say(words):
            return format_list(self.env, [reasons[word] for word in words])

        rows = [
            {
                "engineer_id": one.candidate.key,
                "score": one.score,
                "load": one.candidate.load,
                "reason": say(one.reasons),
                "can_go": True,
            }
            for one in suggested
        ] + [
            {
                "engineer_id": candidate.key,
                "load": candidate.load,
                "reason": say(why),
                "can_go": False,
            }
            for candidate, why in others
        ]
        self.line_ids = [Command.clear()] + [Command.create(row) for row in rows]

    def _get_reasons(self):
        """Return the words of the dispatch with their labels, as a dict."""
        return {
            "skill": self.env._("has the trade"),
            "on_duty": self.env._("is on duty"),
            "building": self.env._("knows the building"),
            "free": self.env._("is free"),
            "load": self.env._("has other work"),
            "unqualified": self.env._("lacks the trade"),
            "off_duty": self.env._("is off duty"),
            "elsewhere": self.env._("works elsewhere"),
            "full": self.env._("has as much as he can do"),
        }

    def action_suggest(self):
        """Look again, after the trade was changed."""
        self._suggest()
        return self._get_action()


class PropertyDispatchLine(models.TransientModel):
    _name = "property.dispatch.line"
    _description = "Suggestion"
    _order = "can_go desc, score desc, id"

    dispatch_id = fields.Many2one(
        "property.dispatch", required=True, ondelete="cascade"
    )
    engineer_id = fields.Many2one("property.engineer", required=True, readonly=True)
    score = fields.Integer(readonly=True)
    load = fields.Integer(readonly=True)
    reason = fields.Char(readonly=True)
    can_go = fields.Boolean(readonly=True)

    def action_give(self):
        """Send this engineer, also one who was not proposed: the desk knows better."""
        self.ensure_one()
        order = self.dispatch_id.order_id
        order._lock()
        order._give({order: self.engineer_id})
        return {"type": "ir.actions.act_window_close"}
