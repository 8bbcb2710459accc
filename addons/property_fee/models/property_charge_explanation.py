from decimal import Decimal

from odoo import api, models

from ..tools.formula import spoken
from ..tools.tiers import tier_parts


class PropertyCharge(models.Model):
    """The calculation of a charge as one line that a household can follow."""

    _inherit = "property.charge"

    @api.model
    def _render_explanation(self, data):
        """Return the calculation of a charge as one line in the language of the context.

        :param dict data: content of the field `explanation`
        """
        if not data:
            return False
        line = self._render_rate(data)
        if data.get("override"):
            line = self.env._("%(calculation)s (agreed)", calculation=line)
        if data.get("is_minimum"):
            line = self._render_minimum(data, line)
        months = self._render_months(data) if data["kind"] == "recurring" else ""
        if months and data.get("formula_per") != "charge":
            line = self.env._("%(rate)s x %(months)s", rate=line, months=months)
        if "vacancy" in data:
            line = self.env._(
                "%(calculation)s x %(percent)s%% (vacant)",
                calculation=line,
                percent=data["vacancy"],
            )
        amount = f"{Decimal(data['amount']):.2f}"
        if "carry" in data:
            return self.env._(
                "%(calculation)s = %(amount)s (with the rest of rounding the days before)",
                calculation=line,
                amount=amount,
            )
        return self.env._(
            "%(calculation)s = %(amount)s", calculation=line, amount=amount
        )

    @api.model
    def _render_rate(self, data):
        """Return the part of a calculation that quantity and rate make up."""
        if data.get("rate_parts"):
            return self._render_rate_parts(data)
        if data.get("formula"):
            return self._render_formula(data)
        if data["basis"] == "meter":
            return self._render_consumption(data)
        if data["basis"] == "shared":
            return self._render_share(data)
        if data.get("tiers"):
            return self._render_tiers(data)
        if data["basis"] == "fixed":
            return self._render_fixed(data)
        values = {
            "quantity": data["quantity"],
            "price": self._format_price(Decimal(data["price"])),
        }
        once = data["kind"] != "recurring"
        if data["basis"] == "count":
            values["quantity"] = self._format_quantity(data["quantity"])
            if once:
                return self.env._("%(quantity)s spaces x %(price)s", **values)
            return self.env._(
                "%(quantity)s spaces x %(price)s per space and month", **values
            )
        if once:
            return self.env._("%(quantity)s m² x %(price)s per m²", **values)
        return self.env._("%(quantity)s m² x %(price)s per m² and month", **values)

    @api.model
    def _render_rate_parts(self, data):
        """Return what was measured over days of several rates, one after the other."""
        whole = sum(part["days"] for part in data["rate_parts"])
        texts = []
        for part in data["rate_parts"]:
            own = {"kind": data["kind"], "measure": data.get("measure"), **part}
            text = self._render_rate(own)
            if part.get("formula"):
                text = self.env._(
                    "%(calculation)s x %(days)s/%(whole)s days",
                    calculation=text,
                    days=part["days"],
                    whole=whole,
                )
            texts.append(
                self.env._(
                    "%(first)s to %(last)s %(calculation)s",
                    first=part["date_from"][5:],
                    last=part["date_to"][5:],
                    calculation=text,
                )
            )
        return " + ".join(texts)

    @api.model
    def _render_fixed(self, data):
        """Return a fixed price, with the number where one was agreed."""
        values = {
            "quantity": self._format_quantity(data["quantity"]),
            "price": self._format_price(Decimal(data["price"])),
        }
        once = data["kind"] != "recurring"
        if Decimal(data["quantity"]) != 1:
            if once:
                return self.env._("%(quantity)s x %(price)s", **values)
            return self.env._("%(quantity)s x %(price)s per month", **values)
        if once:
            return self.env._("%(price)s", **values)
        return self.env._("%(price)s per month", **values)

    @api.model
    def _render_formula(self, data):
        """Return a formula, what its names stand for, and what it gives."""
        labels = self._get_formula_labels()
        names = ", ".join(
            f"{labels.get(name, name)}={self._format_variable(value)}"
            for name, value in data["variables"].items()
        )
        choose = self.env._("%(then)s if %(test)s else %(otherwise)s")
        values = {
            "formula": spoken(data["formula"], labels, choose),
            "names": names,
            "value": self._format_price(Decimal(data.get("rate_value") or 0)),
        }
        if data["kind"] == "recurring" and data.get("formula_per") != "charge":
            return self.env._("%(formula)s [%(names)s] = %(value)s per month", **values)
        return self.env._("%(formula)s [%(names)s]", **values)

    @api.model
    def _get_formula_labels(self):
        """Return what households call the names and functions of formulas."""
        return {
            "area": self.env._("area"),
            "inner_area": self.env._("inner_area"),
            "shared_area": self.env._("shared_area"),
            "floor": self.env._("floor"),
            "spaces": self.env._("spaces"),
            "unit_type": self.env._("unit_type"),
            "price": self.env._("price"),
            "quantity": self.env._("quantity"),
            "days": self.env._("days"),
            "months": self.env._("months"),
            "month": self.env._("month"),
            "max": self.env._("max"),
            "min": self.env._("min"),
            "round": self.env._("round"),
            "ceil": self.env._("ceil"),
            "trunc": self.env._("trunc"),
            "abs": self.env._("abs"),
        }

    @api.model
    def _render_consumption(self, data):
        """Return what was consumed and its price or tiers, with readings if recorded."""
        unit = self._render_measure(data)
        if data.get("tiers"):
            line = self._render_tiers(data)
        else:
            line = self.env._(
                "%(quantity)s%(unit)s x %(price)s",
                quantity=self._format_quantity(data["quantity"]),
                unit=unit,
                price=self._format_price(Decimal(data["price"])),
            )
        if readings := self._render_readings(data):
            return self.env._(
                "%(readings)s; %(calculation)s", readings=readings, calculation=line
            )
        return line

    @api.model
    def _render_readings(self, data):
        """Return how a consumption was counted, empty when it was not metered.

        Overridden by what knows meters.

        :param dict data: content of the field `explanation` of a charge
        """
        return ""

    @api.model
    def _render_tiers(self, data):
        """Return the slices of a quantity, each with its price.

        A tier that is used up shows its limits, any other only what lies in it.
        """
        unit = self._render_measure(data)
        per_month = data["kind"] == "recurring"
        texts = []
        for part in tier_parts(
            data["quantity"],
            data["tiers"],
            data.get("already") or 0,
            int(data.get("tier_months") or 1),
        ):
            quantity = self._format_quantity(float(part.quantity))
            if part.is_full() and len(data["tiers"]) > 1:
                limits = (part.start, part.end)
                quantity = "-".join(
                    self._format_quantity(float(limit)) for limit in limits
                )
            texts.append(
                self.env._(
                    "%(quantity)s%(unit)s x %(price)s",
                    quantity=quantity,
                    unit=unit,
                    price=self._format_price(Decimal(str(part.price))),
                )
            )
        line = " + ".join(texts) or self.env._(
            "%(quantity)s%(unit)s x %(price)s", quantity="0", unit=unit, price="0.00"
        )
        if Decimal(str(data.get("already") or 0)):
            line = self.env._(
                "%(calculation)s (after %(quantity)s%(unit)s earlier in the year)",
                calculation=line,
                quantity=self._format_quantity(data["already"]),
                unit=unit,
            )
        if per_month:
            return self.env._("(%(calculation)s) per month", calculation=line)
        return line

    @api.model
    def _render_share(self, data):
        """Return how a household's part of a cost was found.

        :param dict data: `cost` (what is shared out), `weight` and `weights` (of the unit
            and of all) where the share was recorded
        """
        if not data.get("weights"):
            amount = Decimal(data["quantity"]) * Decimal(data["price"])
            return self._format_price(amount)
        return self.env._(
            "%(cost)s x %(weight)s/%(weights)s",
            cost=self._format_price(Decimal(str(data["cost"]))),
            weight=self._format_quantity(data["weight"]),
            weights=self._format_quantity(data["weights"]),
        )

    @api.model
    def _render_minimum(self, data, line):
        """Return that a minimum takes the place of a calculation."""
        values = {
            "calculation": line,
            "minimum": self._format_price(Decimal(data["minimum"])),
        }
        if data["kind"] == "recurring":
            return self.env._(
                "at least %(minimum)s per month (instead of %(calculation)s)", **values
            )
        return self.env._("at least %(minimum)s (instead of %(calculation)s)", **values)

    @api.model
    def _render_measure(self, data):
        """Return the unit in which a quantity is given, with a space where one belongs."""
        if data["basis"] in ("gross_area", "inner_area"):
            return self.env._(" m²")
        if data["basis"] == "count":
            return self.env._(" spaces")
        units = {
            "ton": self.env._(" tons"),
            "m3": self.env._(" m³"),
            "kwh": self.env._(" kWh"),
            "gj": self.env._(" GJ"),
        }
        return units.get(data.get("measure"), "")

    @api.model
    def _format_price(self, price):
        """Return a price with two decimals, or as many more as it has."""
        text = f"{price:.4f}".rstrip("0")
        decimals = len(text.partition(".")[2])
        return text + "0" * (2 - decimals) if decimals < 2 else text

    @api.model
    def _format_quantity(self, quantity):
        """Return a quantity without needless zeros.

        :param quantity: number or its text
        """
        text = f"{Decimal(str(quantity)):.4f}"
        return text.rstrip("0").rstrip(".")

    @api.model
    def _format_variable(self, value):
        """Return the value of a variable of a formula."""
        if isinstance(value, str):
            types = dict(
                self.env["property.unit"]
                ._fields["unit_type"]
                ._description_selection(self.env)
            )
            return types.get(value, value)
        return self._format_quantity(value)

    @api.model
    def _render_months(self, data):
        """Return the months of a calculation, empty for exactly one month."""
        whole = data["whole_months"]
        parts = " + ".join(f"{days}/{base}" for days, base in data["parts"])
        if not parts:
            return "" if whole == 1 else self.env._("%(months)s months", months=whole)
        if whole:
            return self.env._(
                "(%(months)s + %(parts)s) months", months=whole, parts=parts
            )
        if len(data["parts"]) == 1:
            return self.env._("%(parts)s days", parts=parts)
        return self.env._("(%(parts)s) months", parts=parts)
