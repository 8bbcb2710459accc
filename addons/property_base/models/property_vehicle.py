from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import plate as plates

MOTOR_KINDS = ("car", "truck", "motorcycle")


class PropertyVehicle(models.Model):
    _name = "property.vehicle"
    _description = "Vehicle"
    _order = "unit_id, date_start, id"
    _rec_name = "plate"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Driver",
        index="btree_not_null",
        ondelete="restrict",
        help="Who is called when it blocks the way.",
    )
    phone = fields.Char(
        string="Phone",
        related="partner_id.phone_masked",
        groups="property_base.group_property_user",
    )
    plate = fields.Char(
        required=True,
        index="trigram",
        help="Number plate; blanks, dots and small letters are put right by themselves.",
    )
    is_plate_unusual = fields.Boolean(
        string="Unusual Plate",
        compute="_compute_is_plate_unusual",
        store=True,
        help="The number does not look like the plate of a motor vehicle.",
    )
    kind = fields.Selection(
        [
            ("car", "Car"),
            ("truck", "Truck"),
            ("motorcycle", "Motorcycle"),
            ("ebike", "Electric Bicycle"),
            ("other", "Other"),
        ],
        required=True,
        default="car",
    )
    brand = fields.Char(string="Make and Model")
    color = fields.Char(string="Colour")
    parking_unit_id = fields.Many2one(
        "property.unit",
        string="Parking Space",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('community_id', '=', community_id), ('unit_type', '=', 'parking')]",
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until", help="Last day; empty while it is here.")
    active = fields.Boolean(default=True)
    note = fields.Char()

    _plate_unit_uniq = models.UniqueIndex(
        "(unit_id, plate) WHERE active IS TRUE AND date_end IS NULL",
        "This vehicle is already on file for the unit.",
    )
    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A vehicle cannot leave before it came.",
    )

    @api.depends("plate", "kind")
    def _compute_is_plate_unusual(self):
        for vehicle in self:
            vehicle.is_plate_unusual = (
                vehicle.kind in MOTOR_KINDS
                and not plates.is_plate(plates.normalise(vehicle.plate))
            )

    def _search_display_name(self, operator, value):
        """Find a plate however it is typed: with dots, blanks or small letters."""
        if isinstance(value, str):
            value = plates.normalise(value)
        elif operator in ("in", "not in"):
            value = [
                plates.normalise(item) if isinstance(item, str) else item
                for item in value
            ]
        return Domain("plate", operator, value)

    @api.onchange("plate", "kind")
    def _onchange_plate(self):
        if not self.plate:
            return None
        self.plate = plates.normalise(self.plate)
        if self.kind not in MOTOR_KINDS or plates.is_plate(self.plate):
            return None
        return {
            "warning": {
                "title": self.env._("Unusual plate"),
                "message": self.env._(
                    "%(plate)s does not look like a number plate."
                    " It is kept as typed; please compare it with the vehicle licence.",
                    plate=self.plate,
                ),
            }
        }

    @api.constrains("unit_id", "parking_unit_id")
    def _check_parking_unit(self):
        for vehicle in self.filtered("parking_unit_id"):
            space = vehicle.parking_unit_id
            if (
                space.unit_type != "parking"
                or space.community_id != vehicle.community_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(space)s is no parking space of %(community)s.",
                        space=space.code,
                        community=vehicle.community_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # One form may end a vehicle and enter it anew: the end has to be there first.
        self.flush_model(["active", "date_end"])
        return super().create([self._with_clean_plate(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_clean_plate(vals))

    @staticmethod
    def _with_clean_plate(vals):
        if not vals.get("plate"):
            return vals
        return dict(vals, plate=plates.normalise(vals["plate"]) or False)
