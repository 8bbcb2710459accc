from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import transitions


class PropertyIncidentEnd(models.TransientModel):
    """Ask what was done, end the incident, and finish the tickets that hang on it."""

    _name = "property.incident.end"
    _description = "End of an Incident"

    incident_id = fields.Many2one("property.incident", required=True)
    date_end = fields.Datetime(
        string="Over Since", required=True, default=fields.Datetime.now
    )
    work_done = fields.Text(
        required=True,
        compute="_compute_work_done",
        store=True,
        readonly=False,
        precompute=True,
        help="Becomes the result of the tickets; the callers and residents read it.",
    )
    ticket_ids = fields.Many2many(
        "property.ticket",
        string="Finish These Tickets",
        compute="_compute_ticket_ids",
        store=True,
        readonly=False,
        domain="[('incident_id', '=', incident_id), ('is_open', '=', True)]",
        help="Each becomes Done, and whoever reported it is informed.",
    )

    @api.depends("incident_id")
    def _compute_work_done(self):
        for wizard in self:
            wizard.work_done = wizard.incident_id.work_done

    @api.depends("incident_id")
    def _compute_ticket_ids(self):
        for wizard in self:
            wizard.ticket_ids = wizard.incident_id.ticket_ids.filtered("is_open")

    def action_apply(self):
        """End the incident and finish the chosen tickets, or nothing at all.

        :raise UserError: when it ends before it began, is not running, or nothing is said
        """
        self.ensure_one()
        incident = self.incident_id
        if incident.state != "running":
            raise UserError(
                self.env._(
                    "Incident %(incident)s is not running, it cannot end.",
                    incident=incident.name,
                )
            )
        if not self.work_done.strip():
            raise UserError(self.env._("Say what was found and done."))
        if not incident.date_from <= self.date_end <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Incident %(incident)s ends after its beginning and not in the future.",
                    incident=incident.name,
                )
            )
        incident.write(
            {
                "state": "ended",
                "date_end": self.date_end,
                "work_done": self.work_done.strip(),
            }
        )
        incident.activity_ids.action_feedback(feedback=self.work_done)
        self._finish(
            self.ticket_ids.filtered(
                lambda ticket: ticket.is_open and ticket.incident_id == incident
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _finish(self, tickets):
        """Bring tickets to Done by the steps they lack; who reported them is told so."""
        routes = {
            state: transitions.route(state, "done") for state in tickets.mapped("state")
        }
        for state, group in tickets.grouped("state").items():
            for step in routes[state]:
                extra = {"result": self.work_done} if step == "done" else {}
                group.write({"state": step, **extra})
