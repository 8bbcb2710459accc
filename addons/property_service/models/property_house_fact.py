from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

KINDS = [
    ("access", "Access"),
    ("animal", "Animal"),
    ("person", "Person"),
    ("danger", "Danger"),
    ("technical", "Technical"),
    ("other", "Other"),
]
MASK = "******"


class PropertyHouseFact(models.Model):
    """What whoever answers the phone or goes there has to know of a house.

    A fact holds for a unit, a building or a whole community. A confidential one, such as
    the code of a door, is read by the desk and by whoever is sent to the house; everybody
    else sees that there is one, not what it says.
    """

    _name = "property.house.fact"
    _description = "Known Fact"
    _order = "unit_id, building_id, community_id, kind, id"

    kind = fields.Selection(KINDS, required=True, default="other")
    text = fields.Char(
        string="Fact",
        required=True,
        groups="property_base.group_property_frontdesk",
        help="One sentence, such as: dog, ring first.",
    )
    shown_text = fields.Char(
        string="What Is Known", compute="_compute_shown_text", compute_sudo=True
    )
    is_secret = fields.Boolean(
        string="Confidential",
        help="Shown to the desk and to who is sent to the house, masked for all others.",
    )
    active = fields.Boolean(default=True)
    community_id = fields.Many2one(
        "property.community",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('community_id', '=', community_id)]",
        help="Empty: holds for the whole community.",
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: holds for the building or the community.",
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    date_until = fields.Date(string="Until", help="Last day; empty while it holds.")

    @api.depends("unit_id")
    def _compute_place(self):
        Ticket = self.env["property.ticket"]
        for fact in self:
            unit = fact.unit_id
            fact.community_id = (
                unit.community_id or fact.community_id or Ticket._get_only_community()
            )
            fact.building_id = unit.building_id or fact.building_id

    @api.depends("text", "is_secret", "unit_id", "building_id", "community_id")
    @api.depends_context("uid")
    def _compute_shown_text(self):
        sent = self.filtered("is_secret")._filtered_sent_there()
        is_desk = (
            self.env["res.users"]
            .browse(self.env.uid)
            .has_group("property_base.group_property_frontdesk")
        )
        for fact in self:
            known = is_desk or not fact.is_secret or fact in sent
            fact.shown_text = fact.text if known else MASK

    def _filtered_sent_there(self):
        """Return the facts of the houses to which the user is sent now."""
        if not self:
            return self
        uid = self.env.uid
        orders = self.env["property.work.order"].search(
            Domain("is_open", "=", True)
            & Domain("user_id", "=", uid)
            & Domain("community_id", "in", self.community_id.ids)
        )
        # Whoever may not work on tickets is not sent anywhere by naming himself.
        Ticket = self.env["property.ticket"].with_user(uid)
        own = Ticket.search(
            Domain("is_open", "=", True)
            & Domain("user_id", "=", uid)
            & Domain("community_id", "in", self.community_id.ids)
        )._filtered_access("write")
        tickets = orders.ticket_id | own.sudo()  # only where they are
        return self.filtered(
            lambda fact: (
                fact.unit_id in tickets.unit_id
                if fact.unit_id
                else fact.building_id in tickets.building_id
                if fact.building_id
                else fact.community_id in tickets.community_id
            )
        )

    @api.depends("shown_text", "unit_id.code", "building_id.name", "community_id.name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for fact in self:
            fact.display_name = f"{fact._get_where()}: {fact.shown_text}"

    @api.constrains("unit_id", "building_id", "community_id")
    def _check_place(self):
        for fact in self:
            unit, building = fact.unit_id, fact.building_id
            fits = (
                unit.community_id == fact.community_id and unit.building_id == building
                if unit
                else not building or building.community_id == fact.community_id
            )
            if not fits:
                raise ValidationError(
                    self.env._(
                        "%(unit)s is not in %(building)s of %(community)s.",
                        unit=unit.code or "-",
                        building=building.name or "-",
                        community=fact.community_id.name,
                    )
                )

    def _get_where(self):
        """Return the name of the place for which the fact holds."""
        self.ensure_one()
        return self.unit_id.code or self.building_id.name or self.community_id.name

    @api.model
    def _find(self, community, building, unit, date):
        """Return the facts that hold for a place on a day, the closest first.

        :param community: property.community
        :param building: property.building or empty
        :param unit: property.unit or empty
        :param date date: the day
        """
        whole = Domain("unit_id", "=", False) & (
            Domain("building_id", "in", [False, *building.ids])
        )
        found = self.search(
            Domain("community_id", "=", community.id)
            & (whole | Domain("unit_id", "in", unit.ids))
            & (Domain("date_until", "=", False) | Domain("date_until", ">=", date))
        )
        return found.sorted(
            lambda fact: (not fact.unit_id, not fact.building_id, fact.kind, fact.id)
        )
