from decimal import Decimal

from odoo import api, fields, models

# A charge in one of these states leaves what it was made of free to be billed again.
FREE = ("cancelled",)


class PropertyCharge(models.Model):
    """What a charge was made of: readings, and parts of shared costs."""

    _inherit = "property.charge"

    reading_ids = fields.One2many(
        "property.meter.reading", "charge_id", string="Readings", readonly=True
    )

    settlement_id = fields.Many2one(
        "property.utility.settlement",
        string="Settled With the Utility",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        charges = super().create(vals_list)
        charges.filtered(lambda charge: charge.state not in FREE)._take_sources()
        return charges

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        free = self.filtered(lambda charge: charge.state in FREE)
        result = super().write(vals)
        if vals["state"] in FREE:
            (self - free)._free_sources()
        else:
            free._take_sources()
        return result

    def unlink(self):
        self._free_sources()
        return super().unlink()

    def _take_sources(self):
        """Mark what the charges were made of as billed."""
        readings, lines = {}, {}
        for charge in self:
            data = charge.explanation or {}
            readings.update({row["id"]: charge for row in data.get("readings", ())})
            if share := data.get("allocation"):
                lines[share["id"]] = charge
        # Whoever bills takes along what he bills, though he may not write it.
        for reading in (
            self.env["property.meter.reading"].sudo().browse(readings).exists()
        ):
            reading.write({"charge_id": readings[reading.id].id, "state": "billed"})
        # The parts of shared costs likewise.
        Line = self.env["property.shared.cost.line"].sudo()
        for line in Line.browse(lines).exists():
            line.charge_id = lines[line.id]

    def _free_sources(self):
        """Let what the charges were made of be billed again."""
        # Whoever cancels a charge frees what it was made of.
        Reading = self.env["property.meter.reading"].sudo()
        Reading.search([("charge_id", "in", self.ids)]).write(
            {"charge_id": False, "state": "confirmed"}
        )
        # The parts of shared costs likewise.
        Line = self.env["property.shared.cost.line"].sudo()
        Line.search([("charge_id", "in", self.ids)]).charge_id = False

    # === EXPLANATION === #

    @api.model
    def _render_explanation(self, data):
        if data and data.get("allocation"):
            return self._render_allocation(data["allocation"], data["amount"])
        text = super()._render_explanation(data)
        counts = self._render_readings(data or {})
        if not counts or (data["basis"] == "meter" and not data.get("rate_parts")):
            return text
        return self.env._("%(counts)s; %(price)s", counts=counts, price=text)

    @api.model
    def _render_readings(self, data):
        """Return how a consumption was counted, empty when it was not metered.

        :param dict data: content of the field `explanation` of a charge
        """
        if not data.get("readings"):
            return ""
        label = self.env["property.meter"]._get_measure_labels()[data["meter_kind"]]
        return "; ".join(
            self._render_reading(reading, label) for reading in data["readings"]
        )

    @api.model
    def _render_reading(self, reading, label):
        """Return how the consumption of one meter was counted."""
        values = {
            "value": reading["value"],
            "previous": reading["previous"],
            "multiplier": reading["multiplier"],
            "quantity": reading["quantity"],
            "label": label,
            "turn": reading.get("turn"),
            "carried": reading.get("carried"),
        }
        if values["turn"]:
            text = self.env._("(%(turn)s + %(value)s - %(previous)s)", **values)
        else:
            text = self.env._("(%(value)s - %(previous)s)", **values)
        if values["multiplier"] != "1":
            text = self.env._("%(text)s x %(multiplier)s", text=text, **values)
        if values["carried"]:
            text = self.env._("%(text)s %(carried)s", text=text, **values)
        text = self.env._("%(text)s = %(quantity)s %(label)s", text=text, **values)
        if reading.get("kind") == "estimated":
            text = self.env._("%(text)s (estimated)", text=text)
        return text

    @api.model
    def _render_allocation(self, share, amount):
        """Return how a part of a shared cost was allocated."""
        water = self.env["property.meter"]._get_measure_labels()
        label = {
            "area": "m²",
            "inner_area": "m²",
            "household": self.env._("households"),
            "weight": self.env._("shares"),
            "consumption": water.get(share.get("meter_kind"), ""),
        }[share["method"]]
        part = share["factor"]
        if share["percent"] != "100":
            part = f"{part} x {share['percent']}%"
        return self.env._(
            "%(name)s %(total)s x %(part)s/%(whole)s %(label)s = %(amount)s",
            name=share["name"],
            total=f"{Decimal(share['total']):,.2f}",
            part=part,
            whole=share["whole"],
            label=label,
            amount=f"{Decimal(amount):,.2f}",
        )
