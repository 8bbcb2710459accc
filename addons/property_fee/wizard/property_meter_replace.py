from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyMeterReplace(models.TransientModel):
    _name = "property.meter.replace"
    _description = "Replace or Remove a Meter"

    meter_id = fields.Many2one("property.meter", required=True)
    last_value = fields.Float(related="meter_id.last_value")
    last_date = fields.Date(related="meter_id.last_date")
    date = fields.Date(required=True, default=fields.Date.context_today)
    final_value = fields.Float(
        string="Last Reading of the Old Meter", digits=(14, 3), required=True
    )
    remove_only = fields.Boolean(string="No New Meter")
    serial = fields.Char(string="No. of the New Meter")
    first_value = fields.Float(string="First Reading of the New Meter", digits=(14, 3))
    digits = fields.Integer(
        compute="_compute_dial", store=True, readonly=False, precompute=True
    )
    multiplier = fields.Float(
        digits=(12, 4),
        compute="_compute_dial",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Char()
    photo = fields.Image(
        string="Photo of the Old Meter", max_width=1600, max_height=1600
    )

    @api.depends("meter_id")
    def _compute_dial(self):
        for wizard in self:
            wizard.digits = wizard.meter_id.digits
            wizard.multiplier = wizard.meter_id.multiplier

    def action_replace(self):
        """Take the old meter out with its last reading and put the new one in.

        :return: action that opens the new meter, or the old one where none took its place
        :raises UserError: the old meter is not in use, or the new one has no number
        """
        self.ensure_one()
        old = self.meter_id
        if old.state != "active":
            raise UserError(
                self.env._("%(meter)s is not in use any more.", meter=old.display_name)
            )
        if not self.remove_only and not self.serial:
            raise UserError(self.env._("Enter the number of the new meter."))
        self._read_old()
        new = old
        if not self.remove_only:
            old.check_access("create")
            # Whoever puts in a meter need not see under which item it is billed.
            new = old.sudo().create(self._prepare_new()).sudo(False)
            old.child_ids.parent_id = new
        old.write(
            {
                "date_removed": self.date,
                "replaced_by_id": new.id if new != old else False,
            }
        )
        old.message_post(body=self.reason or self.env._("Taken out."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.meter",
            "res_id": new.id,
            "view_mode": "form",
        }

    def _read_old(self):
        """Enter and confirm what the old meter showed last."""
        Reading = self.env["property.meter.reading"]
        # Rows of a round that wait for this meter have nothing to wait for any more.
        Reading.search(
            [("meter_id", "=", self.meter_id.id), ("state", "=", "todo")]
        ).unlink()
        same_day = Reading.search(
            [("meter_id", "=", self.meter_id.id), ("date", "=", self.date)]
        )
        if same_day and same_day.value == self.final_value:
            same_day.action_confirm()
            return
        if same_day:
            raise UserError(
                self.env._(
                    "%(meter)s was read as %(value)s on that day. Correct that reading, or"
                    " enter the same value.",
                    meter=self.meter_id.display_name,
                    value=f"{same_day.value:g}",
                )
            )
        if self.date == self.meter_id.initial_date:
            return
        Reading.create(
            {
                "meter_id": self.meter_id.id,
                "date": self.date,
                "value": self.final_value,
                "kind": "replacement",
                "photo": self.photo,
                "note": self.reason,
            }
        ).action_confirm()

    def _prepare_new(self):
        """Return the values of the new meter: the place and duties of the old one."""
        # The new one is billed as the old one was, see above.
        old = self.meter_id.sudo()
        return {
            "serial": self.serial,
            "kind": old.kind,
            "community_id": old.community_id.id,
            "building_id": old.building_id.id,
            "unit_id": old.unit_id.id,
            "place": old.place,
            "parent_id": old.parent_id.id,
            "digits": self.digits,
            "multiplier": self.multiplier,
            "initial_value": self.first_value,
            "initial_date": self.date,
            "item_id": old.item_id.id,
            "utility_id": old.utility_id.id,
        }
