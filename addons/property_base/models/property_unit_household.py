from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    vehicle_ids = fields.One2many("property.vehicle", "unit_id", string="Vehicles")
    pet_ids = fields.One2many("property.pet", "unit_id", string="Pets")
    owner_file_ids = fields.One2many(
        "property.owner.file",
        "unit_id",
        string="Owner Files",
        groups="property_base.group_property_frontdesk",
    )
    owner_file_id = fields.Many2one(
        "property.owner.file",
        compute="_compute_owner_file",
        groups="property_base.group_property_frontdesk",
        help="File of the present owners.",
    )
    owner_file_completeness = fields.Integer(
        compute="_compute_owner_file",
        aggregator=None,
        groups="property_base.group_property_frontdesk",
    )

    @api.depends("owner_file_ids.state", "owner_file_ids.document_ids.received_on")
    def _compute_owner_file(self):
        live = self.env["property.owner.file"].search_fetch(
            [("unit_id", "in", self.ids), ("state", "!=", "closed")], ["unit_id"]
        )
        by_unit = {file.unit_id: file for file in live}
        for unit in self:
            file = by_unit.get(unit._origin, live.browse())
            unit.owner_file_id = file
            unit.owner_file_completeness = file.completeness

    def action_view_owner_files(self):
        """Open the file of the present owners, or the list of all files of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_owner_file_action"
        )
        files = self.owner_file_ids
        if len(files) == 1:
            return action | {
                "view_mode": "form",
                "views": [(False, "form")],
                "res_id": files.id,
            }
        return action | {
            "domain": [("unit_id", "=", self.id)],
            "context": {"default_unit_id": self.id},
        }

    def action_open_owner_files(self):
        """Open an owner file for the units that have an owner and no file yet.

        :raises UserError: when there is none among them
        """
        files = self.env["property.owner.file"]._open(
            self, fields.Date.context_today(self)
        )
        if not files:
            raise UserError(
                self.env._(
                    "None of these units needs a file: they have one, or no owner yet."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_owner_file_action"
        )
        return action | {"domain": [("id", "in", files.ids)], "context": {}}

    # === TRANSFER === #

    def _transfer_open_items(self, date):
        """Tell of papers of the owner files that are lent out."""
        items = super()._transfer_open_items(date)
        out = [("unit_id", "in", self.ids), ("date_returned", "=", False)]
        count = self.env["property.document.loan"].search_count(out)
        if count:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "property_base.property_document_loan_action"
            )
            items.append(
                {
                    "model": "property.document.loan",
                    "label": self.env._("Papers of the owner file that are lent out"),
                    "count": count,
                    "blocking": False,
                    "action": action | {"domain": out, "context": {}},
                }
            )
        return items

    def _on_transfer(self, date, old_partners, new_partners):
        """Close the owner file and open one for the new owners; vehicles and pets of who left go.

        The papers of a parking space or storage room that belongs to a home are in the
        file of the home, unless it has one of its own.
        """
        result = super()._on_transfer(date, old_partners, new_partners)
        if self.owner_file_id or not self.parent_id:
            self.env["property.owner.file"]._renew(self, date, new_partners)
        Occupancy = self.env["property.occupancy"]
        staying = Occupancy.search(
            Occupancy._domain_on(date) & fields.Domain("unit_id", "=", self.id)
        ).partner_id
        last_day = date - relativedelta(days=1)
        for vehicle in self.vehicle_ids:
            if vehicle.partner_id - staying and not vehicle.date_end:
                vehicle.date_end = max(last_day, vehicle.date_start)
        self.pet_ids.filtered(lambda pet: pet.partner_id - staying).active = False
        return result
