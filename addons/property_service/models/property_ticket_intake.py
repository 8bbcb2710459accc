from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

SAME_MATTER_DAYS = 7
MAX_SUBJECT = 200
PUBLIC_PLACES = ("common", "facility")


class PropertyTicket(models.Model):
    """How tickets come in: what may be the same matter, and what comes by e-mail."""

    _inherit = "property.ticket"
    _primary_email = "email_from"

    email_from = fields.Char(string="E-Mail of the Sender", copy=False)
    duplicate_ids = fields.Many2many(
        "property.ticket",
        string="Maybe the Same Matter",
        compute="_compute_duplicate_ids",
        help="Open tickets of the last week about the same problem: of the unit, or of"
        " its building or community when the matter concerns a common area.",
    )
    duplicate_of_id = fields.Many2one(
        "property.ticket",
        string="Same Matter As",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    # === DUPLICATES === #

    @api.depends("unit_id", "category_id", "community_id", "building_id", "is_open")
    def _compute_duplicate_ids(self):
        asking = self.filtered(lambda ticket: ticket.category_id and ticket.is_open)
        since = fields.Datetime.now() - timedelta(days=SAME_MATTER_DAYS)
        known = self.browse()
        if asking:
            public = asking.filtered(lambda one: one.category_id.place in PUBLIC_PLACES)
            # Of a cut that hundreds call about only those of the same place are read.
            buildings = [ticket.building_id.id for ticket in public]
            known = self.search_fetch(
                Domain("community_id", "in", asking.community_id.ids)
                & Domain("category_id", "in", asking.category_id.ids)
                & Domain("is_open", "=", True)
                & Domain("reported_at", ">=", since)
                & (
                    Domain("unit_id", "in", (asking - public).unit_id.ids)
                    | Domain("building_id", "in", buildings)
                ),
                ["category_id", "community_id", "building_id", "unit_id"],
                limit=500,
            )
        for ticket in self:
            ticket.duplicate_ids = (
                known.filtered(lambda one, ticket=ticket: ticket._is_same_matter(one))
                if ticket in asking
                else False
            )

    def _is_same_matter(self, other):
        """Return whether another open ticket may be about the same matter."""
        self.ensure_one()
        if other == self._origin or other.category_id != self.category_id:
            return False
        if self.category_id.place not in PUBLIC_PLACES:
            return bool(self.unit_id) and other.unit_id == self.unit_id
        return (
            other.community_id == self.community_id
            and other.building_id == self.building_id
        )

    def action_view_duplicates(self):
        """Open the tickets that may be about the same matter."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [("id", "in", self.duplicate_ids.ids)]
        return action

    def action_same_matter(self):
        """Cancel the ticket in favour of the oldest that is about the same matter."""
        for ticket in self:
            first = ticket.duplicate_ids.sorted("id")[:1]
            if first:
                ticket.duplicate_of_id = first
                ticket.write(
                    {
                        "state": "cancelled",
                        "close_reason": self.env._(
                            "Same matter as %(ticket)s", ticket=first.name
                        ),
                    }
                )

    # === E-MAIL === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail; a sender who is known brings his unit along.

        :param dict msg_dict: the mail, as Odoo's gateway reads it
        :param dict custom_values: defaults of the alias, such as the community
        """
        values = dict(custom_values or {})
        sender = email_normalize(msg_dict.get("email_from") or "") or ""
        partner, unit = self._find_sender(sender, values.get("community_id"))
        subject = (msg_dict.get("subject") or "").strip()
        body = html2plaintext(msg_dict.get("body") or "").strip()
        values.update(
            channel="email",
            email_from=sender or (msg_dict.get("email_from") or "")[:200],
            subject=(subject or body.split("\n")[0] or self.env._("No subject"))[
                :MAX_SUBJECT
            ],
            description=body[:20000],
        )
        if unit:
            values.update(unit_id=unit.id, community_id=unit.community_id.id)
        if partner:
            values.update(partner_id=partner.id, phone=partner.phone)
        return super().message_new(msg_dict, custom_values=values)

    @api.model
    def _find_sender(self, email, community_id=None):
        """Return who wrote and where he lives today; empty records when unknown.

        :param str email: normalised address
        :param community_id: community of the alias; of several homes one there is taken
        :return: (res.partner, property.unit)
        """
        Partner, Unit = self.env["res.partner"], self.env["property.unit"]
        if not email:
            return Partner, Unit
        partners = Partner.search([("email_normalized", "=", email)])
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search(
            Domain("partner_id", "in", partners.ids)
            & Domain("role", "!=", "emergency")
            & Occupancy._domain_on(fields.Date.context_today(self)),
            order="id",
        )
        here = live.filtered(lambda one: one.community_id.id == community_id) or live
        return (here.partner_id or partners)[:1], here.unit_id[:1]
