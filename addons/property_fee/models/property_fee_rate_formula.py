from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.formula import FormulaError, check_names, evaluate
from ..tools.period import Range, month_end, month_start

# Name of each variable of a formula with its value for a unit of which nothing is known.
VARIABLES = {
    "area": 100.0,
    "inner_area": 80.0,
    "shared_area": 20.0,
    "floor": 1,
    "spaces": 1,
    "unit_type": "home",
    "price": 1.0,
    "quantity": 1.0,
    "days": 30,
    "months": 1.0,
    "month": 1,
}


class PropertyFeeRate(models.Model):
    """Prices by formula."""

    _inherit = "property.fee.rate"

    formula = fields.Char(
        help="Expression with + - * /, min, max, round, ceil, trunc, abs and conditions"
        " (a if b else c). Variables:\n"
        "area, inner_area, shared_area: square metres of the unit\n"
        "floor: its floor\n"
        "spaces: parking spaces that belong to it\n"
        "unit_type: 'home', 'shop', 'office', 'parking', 'storage' or 'other'\n"
        "price: the price entered on the rate\n"
        "quantity: consumption of a metered item, else 1\n"
        "days: days that are charged; months: the same as months, such as 12/31\n"
        "month: calendar month of the first day, 1 to 12\n"
        "Example: max(area, 60) * price if floor > 1 else area * price / 2",
    )
    formula_per = fields.Selection(
        [("month", "One Month"), ("charge", "All Days of the Charge")],
        string="The Formula Gives",
        required=True,
        default="month",
        help="One month: the amount of a month, of which parts of months get their share.\n"
        "All days of the charge: the amount itself; use days or months in the formula.",
    )
    sample_unit_id = fields.Many2one(
        "property.unit", compute="_compute_example", string="Example Unit"
    )
    example = fields.Char(
        compute="_compute_example",
        help="What the rate makes of this month for a unit to which it applies.",
    )

    def _get_formula_variables(self, unit, span, months, quantity=1.0, price=None):
        """Return the variables of a formula for one charge.

        :param property.unit unit: may be empty: a made-up home then
        :param Range span: days that are charged
        :param Fraction months: the same as months
        :param float quantity: consumption, 1 when nothing was measured
        :param float price: agreed price that takes the place of the rate's
        :rtype: dict
        """
        self.ensure_one()
        variables = dict(VARIABLES)
        if unit:
            variables.update(
                area=unit.gross_area,
                inner_area=unit.inner_area,
                shared_area=unit.shared_area,
                floor=unit.floor,
                spaces=unit._count_spaces(),
                unit_type=unit.unit_type,
            )
        return {
            **variables,
            "price": self.price if price is None else price,
            "quantity": quantity,
            "days": (span[1] - span[0]).days + 1,
            "months": float(months),
            "month": span[0].month,
        }

    @api.constrains(
        "basis", "formula", "price", "community_id", "building_id", "unit_type"
    )
    def _check_formula(self):
        """Refuse a formula that cannot be read, or fails for a unit it is meant for."""
        for rate in self:
            if rate.basis != "formula":
                continue
            try:
                rate._try_formula()
            except FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "The formula of %(item)s cannot be used: %(problem)s",
                        item=rate.item_id.name,
                        problem=rate._explain_formula_error(error),
                    )
                ) from error

    def _try_formula(self):
        """Compute the formula for a sample unit and this month.

        :rtype: Fraction
        :raises FormulaError: it cannot be read, or fails
        """
        self.ensure_one()
        if not (self.formula or "").strip():
            raise FormulaError("empty")
        check_names(self.formula, VARIABLES)
        today = fields.Date.context_today(self)
        month = Range(month_start(today), month_end(today))
        variables = self._get_formula_variables(self._get_sample_unit(), month, 1)
        return evaluate(self.formula, variables)

    def _get_sample_unit(self):
        """Return a unit to which the rate applies, empty when there is none."""
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id)]
        for name in ("community_id", "building_id", "unit_type"):
            if self[name]:
                value = self[name] if name == "unit_type" else self[name].id
                domain.append((name, "=", value))
        if self.by_floor:
            domain += [("floor", ">=", self.floor_from), ("floor", "<=", self.floor_to)]
        return self.env["property.unit"].search(domain, limit=1)

    @api.model
    def _explain_formula_error(self, error):
        """Return what is wrong with a formula, in the language of the user.

        :param FormulaError error: what was raised
        """
        texts = {
            "empty": self.env._("it is empty."),
            "length": self.env._("it is longer than %(detail)s characters."),
            "syntax": self.env._("it is no expression that can be read (%(detail)s)."),
            "name": self.env._(
                "there is no variable %(detail)s. Known are: %(variables)s."
            ),
            "number": self.env._("its result %(detail)s is no number."),
            "negative": self.env._("its result %(detail)s is below zero."),
            "large": self.env._("its result %(detail)s is too large."),
            "division": self.env._("it divides by zero."),
            "other": self.env._("it fails (%(detail)s)."),
        }
        return texts[error.problem] % {
            "detail": error.detail,
            "variables": ", ".join(VARIABLES),
        }

    @api.depends(
        *("item_id", "basis", "price", "formula", "formula_per", "minimum", "rounding"),
        *("community_id", "building_id", "unit_type", "by_floor", "floor_from"),
        *("floor_to", "tier_ids.price", "tier_ids.up_to", "tier_period", "proration"),
    )
    @api.depends_context("lang")
    def _compute_example(self):
        today = fields.Date.context_today(self)
        month = Range(month_start(today), month_end(today))
        for rate in self:
            rate.sample_unit_id = rate._get_sample_unit() if rate.item_id else False
            rate.example = rate.sample_unit_id and rate._get_example(month)

    def _get_example(self, month):
        """Return the calculation of a month for the sample unit, or why there is none."""
        assignment = self.env["property.fee.assignment"].new(
            {"unit_id": self.sample_unit_id.id, "item_id": self.item_id.id}
        )
        piece = assignment._make_piece(month, self)
        if problem := assignment._get_piece_problem(piece):
            return problem
        try:
            if self.basis == "formula":
                check_names(self.formula or "", VARIABLES)
            inputs = assignment._get_charge_inputs(piece)
            explanation, _result = assignment._explain_inputs(inputs)
        except FormulaError as error:
            return self._explain_formula_error(error)
        return self.env["property.charge"]._render_explanation(explanation)
