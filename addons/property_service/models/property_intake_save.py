import base64
import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.property_base.tools.text import clean

from ..controllers.photos import check_photos
from .property_ticket_intake import MAX_SUBJECT

MAX_DESCRIPTION = 20000
# A visit "now" may be a few minutes old when the call is saved.
LATE_ENTRY = timedelta(minutes=15)
MIN_TOKEN, MAX_TOKEN = 8, 64


class PropertyIntake(models.AbstractModel):
    """The call is saved: one request, once, even when it is sent twice."""

    _inherit = "property.intake"

    @api.model
    def save(self, order):
        """Save a call as a new ticket, or as a further report of one that runs.

        :param dict order: `token` (text that the screen makes anew for each call),
            `unit_id` or `community_id` with `building_id`, `partner_id` or `caller_name`,
            `phone` (False: the one on file), `category_id`, `kind`, `urgency`, `subject`,
            `description`, `channel`, `appointment_at` (UTC), `incident_id`, `photos` (list of
            dict `name`, `data` in base64), `same_as` (ticket to which it is added), `seen`
            (ids of the tickets that were shown as maybe the same matter)
        :return: dict `duplicates` when there are open tickets that were not shown yet, and
            nothing is saved; else `id`, `name`, `state`, `is_added`, `is_repeated`,
            `promised_at`, `promise`, `targets`, `engineer`
        :raises UserError: something is missing or cannot be right; nothing is saved then
        """
        self._check_staff()
        token = clean(order.get("token"), MAX_TOKEN)
        if len(token) < MIN_TOKEN:
            raise UserError(self.env._("The call has no token; load the page again."))
        Ticket = self.env["property.ticket"]
        if done := Ticket.search([("intake_token", "=", token)]):
            return self._answer(done, is_repeated=True)
        vals = self._prepare_vals(order)
        photos = self._read_photos(order.get("photos") or ())
        if same_as := order.get("same_as"):
            return self._add_to(Ticket.browse(int(same_as)), vals, photos)
        ticket = Ticket.new(vals)
        shown = {int(ticket_id) for ticket_id in order.get("seen") or ()}
        unseen = ticket.duplicate_ids._origin.filtered(lambda one: one.id not in shown)
        if unseen:
            return {"duplicates": self._describe_tickets(unseen)}
        ticket = Ticket.create({**vals, "intake_token": token})
        self._post(ticket, self.env._("Photos"), photos)
        return self._answer(ticket)

    @api.model
    def _prepare_vals(self, order):
        unit, building, community = self._get_place(
            order.get("unit_id"), order.get("community_id"), order.get("building_id")
        )
        problem = self.env["property.ticket.category"].browse(
            order.get("category_id") and int(order["category_id"])
        )
        if problem and not problem.exists():
            raise UserError(
                self.env._("This problem no longer exists. Choose another.")
            )
        subject = clean(order.get("subject") or problem.name, MAX_SUBJECT)
        if not subject:
            raise UserError(self.env._("Choose a problem, or say what it is about."))
        partner_id = order.get("partner_id") and int(order["partner_id"])
        vals = {
            "unit_id": unit.id,
            "community_id": community.id,
            "building_id": building.id,
            "partner_id": partner_id,
            "caller_name": not partner_id and clean(order.get("caller_name"), 100),
            "category_id": problem.id,
            "subject": subject,
            "description": clean(order.get("description"), MAX_DESCRIPTION),
            "channel": order.get("channel") or "phone",
            "appointment_at": self._read_appointment(order.get("appointment_at")),
            "incident_id": order.get("incident_id") or False,
        }
        for name in ("kind", "urgency"):
            if order.get(name):
                vals[name] = order[name]
        if phone := clean(order.get("phone"), 32):
            vals["phone"] = phone
        return vals

    @api.model
    def _read_appointment(self, value):
        """Return the agreed time of a visit.

        :param str value: in UTC, empty for none
        :return: datetime or False
        :raises UserError: it is no time, or it is past
        """
        if not value:
            return False
        try:
            moment = fields.Datetime.to_datetime(value)
        except ValueError as error:
            raise UserError(
                self.env._("Correct the time of the appointment.")
            ) from error
        if moment < fields.Datetime.now() - LATE_ENTRY:
            raise UserError(
                self.env._(
                    "The appointment, %(time)s, is past. Correct it or leave it empty.",
                    time=format_datetime(self.env, moment),
                )
            )
        return moment

    @api.model
    def _read_photos(self, rows):
        photos = []
        for row in rows:
            name = clean(row.get("name"), 100) or "photo.jpg"
            try:
                content = base64.b64decode(row.get("data") or "", validate=True)
            except (binascii.Error, ValueError) as error:
                raise UserError(
                    self.env._("%(name)s is not a photo.", name=name)
                ) from error
            photos.append((name, content))
        check_photos(self.env, photos)
        return photos

    @api.model
    def _post(self, ticket, body, photos):
        if photos:
            ticket.message_post(
                body=body,
                attachments=photos,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    @api.model
    def _add_to(self, ticket, vals, photos):
        """Note a further report of a ticket that runs.

        :raises UserError: the ticket is gone or finished meanwhile
        """
        ticket = ticket.exists()
        if not ticket or not ticket.is_open:
            raise UserError(
                self.env._(
                    "%(ticket)s is finished meanwhile. Save the call as a new ticket.",
                    ticket=ticket.name or self.env._("The ticket"),
                )
            )
        ticket.check_access("read")
        same_subject = vals["subject"] in (ticket.subject, ticket.category_id.name)
        words = [] if same_subject else [vals["subject"]]
        ticket._add_reporter(
            {
                "unit_id": vals["unit_id"],
                "partner_id": vals["partner_id"],
                "caller_name": vals["caller_name"],
                "phone": self._get_number(vals),
                "channel": vals["channel"],
                "note": "\n".join([*words, vals["description"]]).strip(),
            }
        )
        self._post(ticket, self.env._("Photos"), photos)
        return self._answer(ticket, is_added=True)

    @api.model
    def _get_number(self, vals):
        """Return the number left, or the caller's on file; masked it is taken for that."""
        phone = vals.get("phone")
        if phone and "*" not in phone:
            return phone
        # noted on the server, not shown: the reporter's copy is masked like the person's
        partner = self.env["res.partner"].browse(vals["partner_id"] or ()).sudo()
        return partner.phone

    @api.model
    def _answer(self, ticket, is_added=False, is_repeated=False):
        labels = self._labels("property.ticket.sla", "target")
        # What is promised is for every colleague to say.
        rows = ticket.sudo().sla_ids.filtered(lambda row: row.state == "running")
        engineers = ticket.sudo().order_ids.engineer_id  # as above: who comes
        return {
            "id": ticket.id,
            "name": ticket.name,
            "subject": ticket.subject,
            "state": ticket.state,
            "is_added": is_added,
            "is_repeated": is_repeated,
            "promised_at": ticket.promised_at,
            "promise": ticket.promise_text or "",
            "targets": [
                {"label": labels[row.target], "due": row.due_at} for row in rows
            ],
            "engineer": ", ".join(engineers.mapped("display_name")),
            "time": fields.Datetime.now(),
        }
