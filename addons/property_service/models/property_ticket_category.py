from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.property_base.tools.pinyin import fold, name_words

KINDS = [
    ("repair", "Repair"),
    ("complaint", "Complaint"),
    ("consultation", "Consultation"),
    ("suggestion", "Suggestion"),
    ("praise", "Praise"),
    ("help", "Request for Help"),
    ("paid_service", "Paid Service"),
    ("rectification", "Rectification"),
]
URGENCIES = [
    ("emergency", "Emergency"),
    ("general", "General"),
    ("non_urgent", "Not Urgent"),
]
LIABLE = [
    ("owner", "Owner"),
    ("company", "Company"),
    ("developer", "Developer (Warranty)"),
    ("third_party", "Third Party"),
]
# Procedure that is followed for tickets of a kind where the problem names no other.
PROCEDURES = {
    "repair": "SOP-07",
    "complaint": "SOP-08",
    "help": "SOP-09",
    "paid_service": "SOP-22",
    "rectification": "SOP-26",
}


@lru_cache(maxsize=4096)
def words_of(name):
    """Return what somebody may type to find a name: characters, pinyin, initials."""
    return tuple(dict.fromkeys([fold(name), *name_words(name)]))


class PropertyTicketCategory(models.Model):
    """Two levels: a category lies in one place, a problem belongs to one category.

    A ticket names the problem, which fixes category and place, so that no combination
    can be chosen that does not exist.
    """

    _name = "property.ticket.category"
    _description = "Ticket Category"
    _parent_store = True
    _order = "sequence, id"
    _rec_names_search = ["name", "parent_id.name"]

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "property.ticket.category",
        string="Category",
        index=True,
        ondelete="restrict",
        domain=[("parent_id", "=", False)],
        help="Empty for a category; set for a problem that belongs to it.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        "property.ticket.category", "parent_id", string="Problems"
    )
    place = fields.Selection(
        [
            ("home", "Inside the Home"),
            ("common", "Common Area"),
            ("facility", "Common Facility"),
            ("service", "Service and Fees"),
        ],
        compute="_compute_place",
        store=True,
        readonly=False,
        recursive=True,
        required=True,
        precompute=True,
        index=True,
    )
    kind = fields.Selection(
        KINDS,
        string="Kind of Ticket",
        help="Kind proposed for tickets of this problem.",
    )
    urgency = fields.Selection(
        URGENCIES,
        required=True,
        default="general",
        help="Urgency proposed for tickets of this problem.",
    )
    skill_id = fields.Many2one(
        "property.service.skill",
        string="Trade",
        help="Trade of whoever is sent; a problem without one takes its category's.",
    )
    liable = fields.Selection(
        LIABLE,
        help="Who bears the cost, as a rule; empty: the owner inside his home, the"
        " company elsewhere.",
    )
    procedure_code = fields.Char(
        string="Procedure No.",
        help="Number of the procedure to follow; a problem without one takes its"
        " category's, else that of its kind.",
    )
    auto_dispatch = fields.Boolean(
        string="Send Somebody at Once",
        help="Tickets of this problem are accepted and given to whoever is free by"
        " themselves; what nobody is free for waits at the desk.",
    )
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    _name_parent_uniq = models.UniqueIndex(
        "(place, COALESCE(parent_id, 0), (name->>'en_US')) WHERE active IS TRUE",
        "The place already has a category, or the category a problem, of this name.",
    )

    @api.depends("parent_id.place")
    def _compute_place(self):
        for category in self:
            category.place = category.parent_id.place or category.place or "home"

    def _compute_ticket_count(self):
        counts = {
            category: count
            for category, count in self.env["property.ticket"]._read_group(
                [("category_id", "child_of", self.ids)], ["category_id"], ["__count"]
            )
        }
        for category in self:
            category.ticket_count = counts.get(category, 0) + sum(
                counts.get(problem, 0) for problem in category.child_ids
            )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            names = [category.parent_id.name, category.name]
            category.display_name = " / ".join(name for name in names if name)

    @api.constrains("parent_id")
    def _check_levels(self):
        """Refuse a third level, and with it any cycle."""
        for category in self:
            if category.parent_id and (
                category.parent_id.parent_id or category.child_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be placed under %(parent)s: a problem belongs to"
                        " a category, and a category stands alone.",
                        name=category.name,
                        parent=category.parent_id.name,
                    )
                )

    def _get_liable(self):
        """Return who bears the cost of a problem as a rule, False without a problem."""
        if not self:
            return False
        usual = "owner" if self.place == "home" else "company"
        return self.liable or self.parent_id.liable or usual

    def _get_skill(self):
        """Return the trade that a problem asks for, its own or its category's."""
        return self.skill_id or self.parent_id.skill_id

    def _get_procedure_code(self, kind=None):
        """Return the number of the procedure to follow, False where there is none.

        :param str kind: kind of the ticket, as a rule that of the problem
        """
        own = self.procedure_code or self.parent_id.procedure_code
        return own or PROCEDURES.get(kind or self.kind, False)

    # === SEARCH === #

    @api.model
    def _search_display_name(self, operator, value):
        """Find problems by pinyin and initials, too: there are few, so all are read."""
        domain = super()._search_display_name(operator, value)
        said = fold(value) if isinstance(value, str) else ""
        if operator != "ilike" or not said.isascii() or not said:
            return domain
        problems = self.with_context(active_test=False).search_fetch([], ["name"])
        found = [one.id for one in problems if one._is_said(said)]
        return Domain(domain) | Domain("id", "in", found)

    def _is_said(self, said):
        """Return whether the folded words begin the name somewhere, as it is typed."""
        return any(word.startswith(said) for word in self._get_search_words())

    def _get_search_words(self):
        """Return every beginning from which somebody may type the name."""
        self.ensure_one()
        return list(words_of(self.name or ""))

    def action_view_tickets(self):
        """Open the tickets of the categories and of their problems."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = list(Domain("category_id", "child_of", self.ids))
        action["context"] = {}
        return action
