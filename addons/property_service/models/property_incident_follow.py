from odoo import api, fields, models


class PropertyIncident(models.Model):
    """What the scheduled action does about incidents."""

    _inherit = "property.incident"

    @api.model
    def _cron_follow(self):
        """Begin what was announced for now, and ask about what lasts longer than said."""
        now = fields.Datetime.now()
        due = self.search([("state", "=", "planned"), ("date_from", "<=", now)])
        due.write({"state": "running"})
        summary = self.env._("Lasts longer than announced: correct the time or end it")
        overdue = self.search([("is_overdue", "=", True), ("activity_ids", "=", False)])
        for incident in overdue:
            incident.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                user_id=incident.user_id.id or self.env.uid,
            )
