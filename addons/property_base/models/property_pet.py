from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

WARNING_DAYS = 30


class PropertyPet(models.Model):
    _name = "property.pet"
    _description = "Pet"
    _order = "unit_id, kind, name, id"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Pet Owner", index="btree_not_null", ondelete="restrict"
    )
    phone = fields.Char(
        string="Phone",
        related="partner_id.phone_masked",
        groups="property_base.group_property_user",
    )
    kind = fields.Selection(
        [("dog", "Dog"), ("cat", "Cat"), ("other", "Other")],
        required=True,
        default="dog",
    )
    name = fields.Char(required=True)
    breed = fields.Char()
    color = fields.Char(string="Colour and Marks")
    licence_number = fields.Char(
        index="btree_not_null", help="Number of the dog licence."
    )
    licence_expiry = fields.Date(string="Licence Until")
    vaccination_expiry = fields.Date(
        string="Vaccinated Until",
        help="Last day on which the rabies vaccination holds.",
    )
    next_expiry = fields.Date(
        compute="_compute_next_expiry",
        store=True,
        index="btree_not_null",
        help="The earlier of the ends of licence and vaccination.",
    )
    expiry_state = fields.Selection(
        [("valid", "Valid"), ("expiring", "Expiring"), ("expired", "Expired")],
        string="Papers",
        compute="_compute_expiry_state",
        help="As of today; expiring means within 30 days.",
    )
    active = fields.Boolean(default=True)
    note = fields.Char()

    @api.depends("licence_expiry", "vaccination_expiry")
    def _compute_next_expiry(self):
        for pet in self:
            days = [day for day in (pet.licence_expiry, pet.vaccination_expiry) if day]
            pet.next_expiry = min(days, default=False)

    @api.depends("next_expiry")
    def _compute_expiry_state(self):
        today = fields.Date.context_today(self)
        soon = today + relativedelta(days=WARNING_DAYS)
        for pet in self:
            if not pet.next_expiry:
                pet.expiry_state = False
            elif pet.next_expiry < today:
                pet.expiry_state = "expired"
            else:
                pet.expiry_state = "expiring" if pet.next_expiry <= soon else "valid"
