import base64

from odoo import Command, api, fields, models

from ..tools import workbook


class PropertyUnitExport(models.TransientModel):
    """Writes the unit list and the household register of chosen units to a workbook.

    Identity numbers and full phones are in it only for who may see them; such an export
    is logged by the model that holds them.
    """

    _name = "property.unit.export"
    _description = "Export Units"

    unit_ids = fields.Many2many("property.unit", string="Units", required=True)
    unit_count = fields.Integer(compute="_compute_unit_count")
    date = fields.Date(string="As Of", required=True, default=fields.Date.context_today)
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        for wizard in self:
            wizard.unit_count = len(wizard.unit_ids)

    @api.model
    def default_get(self, fields_list):
        defaults = super().default_get(fields_list)
        if (
            "unit_ids" in fields_list
            and self.env.context.get("active_model") == "property.unit"
        ):
            defaults["unit_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return defaults

    def action_export(self):
        """Write the workbook and download it."""
        self.ensure_one()
        units = self.unit_ids.sorted(
            lambda unit: (unit.community_id.id, unit.sequence, unit.code)
        )
        content = workbook.write_workbook(
            [self._unit_sheet(units), self._people_sheet(units)]
        )
        self.write(
            {
                "file": base64.b64encode(content),
                "filename": self.env._(
                    "Units %(date)s.xlsx", date=fields.Date.to_string(self.date)
                ),
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            "?download=true&filename_field=filename",
            "target": "download",
        }

    def _unit_sheet(self, units):
        types = dict(units._fields["unit_type"]._description_selection(self.env))
        statuses = dict(units._fields["status"]._description_selection(self.env))
        owners = units._get_owners(self.date)
        return {
            "name": self.env._("Units"),
            "header": [
                self.env._("Community"),
                self.env._("Unit No."),
                self.env._("Building"),
                self.env._("Floor"),
                self.env._("Unit Type"),
                self.env._("Gross Area (m²)"),
                self.env._("Inner Area (m²)"),
                self.env._("Status"),
                self.env._("Handover Date"),
                self.env._("Owners"),
            ],
            "rows": [
                [
                    unit.community_id.name,
                    unit.code,
                    unit.building_id.name or "",
                    unit.floor,
                    types[unit.unit_type],
                    unit.gross_area,
                    unit.inner_area,
                    statuses[unit.status],
                    unit.handover_date or None,
                    "、".join(owners[unit].mapped("name")) if unit in owners else "",
                ]
                for unit in units
            ],
            "widths": [16, 12, 10, 8, 12, 12, 12, 14, 12, 24],
        }

    def _people_sheet(self, units):
        Occupancy = self.env["property.occupancy"]
        roles = dict(Occupancy._fields["role"]._description_selection(self.env))
        found = Occupancy.search(
            Occupancy._domain_on(self.date) & fields.Domain("unit_id", "in", units.ids),
            order="unit_id, share desc, date_start, id",
        )
        if self._sees_confidential():
            found.partner_id._log_export(["phone", "phone2"])
        live = found.grouped("unit_id")
        yes = self.env._("Yes")
        return {
            "name": self.env._("Household Register"),
            "header": [
                self.env._("Unit No."),
                self.env._("Person"),
                self.env._("Role"),
                self.env._("Share (%)"),
                self.env._("Phone"),
                self.env._("Second Phone"),
                self.env._("Lives Here"),
                self.env._("From"),
            ],
            "rows": [
                [
                    unit.code,
                    occupancy.partner_id.name,
                    roles[occupancy.role],
                    occupancy.share or None,
                    *self._phones(occupancy.partner_id),
                    yes if occupancy.is_resident else "",
                    occupancy.date_start,
                ]
                for unit in units
                for occupancy in live.get(unit, [])
            ],
            "widths": [12, 14, 12, 10, 16, 16, 10, 12],
        }

    def _phones(self, partner):
        """Return both phones of a person as the user may see them."""
        if self._sees_confidential():
            return [partner.phone or "", partner.phone2 or ""]
        return [partner.phone_masked or "", partner.phone2_masked or ""]
