from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyTicket(models.Model):
    """Where a matter is: in a home, in a building, or somewhere in the community.

    Place, category and problem are one choice: a ticket names the problem, and whatever
    else is written about its place is refused.
    """

    _inherit = "property.ticket"

    building_id = fields.Many2one(
        "property.building",
        compute="_compute_building_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('community_id', '=', community_id)]",
        help="The unit's; of a common area, where it is. Empty: somewhere in the"
        " community.",
    )

    @api.depends("unit_id.building_id", "community_id")
    def _compute_building_id(self):
        for ticket in self:
            building = ticket.unit_id.building_id or ticket.building_id
            if building.community_id != ticket.community_id:
                building = building.browse()
            ticket.building_id = building

    @api.constrains("unit_id", "building_id", "community_id")
    def _check_building(self):
        for ticket in self:
            unit, building = ticket.unit_id, ticket.building_id
            fits = (
                building == unit.building_id
                if unit
                else building.community_id == ticket.community_id
            )
            if building and not fits:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s: building %(building)s is not where %(where)s"
                        " is.",
                        ticket=ticket.name,
                        building=building.name,
                        where=unit.code or ticket.community_id.name,
                    )
                )

    @api.constrains("category_id", "place")
    def _check_category(self):
        """Refuse what is no problem, lies in another place, or is no longer used."""
        for ticket in self:
            problem = ticket.category_id
            if problem and not problem.parent_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s: choose a problem of %(category)s, not the"
                        " category itself.",
                        ticket=ticket.name,
                        category=problem.name,
                    )
                )
            self._check_triple(problem, ticket.place)
            if problem and not problem.active and ticket.is_open:
                raise ValidationError(
                    self.env._(
                        'Ticket %(ticket)s: "%(problem)s" is archived. Choose a problem'
                        " that is in use.",
                        ticket=ticket.name,
                        problem=problem.display_name,
                    )
                )

    @api.model
    def _check_triple(self, problem, place):
        """Refuse a place that is not the problem's.

        :param problem: property.ticket.category or empty
        :param str place: what was written as the place of the ticket
        """
        if (place or False) == problem.place:
            return
        places = dict(self._fields["place"]._description_selection(self.env))
        raise ValidationError(
            self.env._(
                '"%(problem)s" belongs to %(right)s, not to %(wrong)s. Choose a problem of'
                " that place.",
                problem=problem.display_name or self.env._("No problem"),
                right=places.get(problem.place, "-"),
                wrong=places.get(place, place or "-"),
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a place that contradicts the problem; it would be set right unseen."""
        Category = self.env["property.ticket.category"]
        for vals in vals_list:
            if vals.get("place"):
                self._check_triple(
                    Category.browse(vals.get("category_id") or ()), vals["place"]
                )
        return super().create(vals_list)
