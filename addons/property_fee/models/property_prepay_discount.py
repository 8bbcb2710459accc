from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.period import add_months, month_start
from ..tools.settle import fen, yuan

MAX_MONTHS = 36


class PropertyPrepayDiscount(models.Model):
    _name = "property.prepay.discount"
    _description = "Discount for Paying Ahead"
    _order = "item_id, community_id, months, id"
    _check_company_auto = True

    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('kind', '=', 'recurring')]",
    )
    company_id = fields.Many2one(related="item_id.company_id", store=True, index=True)
    community_id = fields.Many2one(
        "property.community",
        index=True,
        ondelete="cascade",
        check_company=True,
        help="Left empty, the discount is given in every community.",
    )
    months = fields.Integer(
        string="From Months", required=True, default=12, help="Months paid at once."
    )
    kind = fields.Selection(
        [("percent", "Percent"), ("free", "Months Free")],
        required=True,
        default="percent",
    )
    percent = fields.Float(digits=(5, 2))
    free_months = fields.Integer(
        string="Free", help="How many of the months, the last ones, cost nothing."
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until")
    active = fields.Boolean(default=True)

    _months_positive = models.Constraint(
        "CHECK(months > 0)", "A discount is given from at least one month."
    )
    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A discount cannot end before it starts.",
    )

    @api.depends("item_id.name", "months", "kind", "percent", "free_months")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.item_id.name or ''} {rule._get_text()}".strip()

    def _get_text(self):
        """Return what the rule gives, in the language of the user."""
        self.ensure_one()
        if self.kind == "percent":
            return self.env._(
                "from %(months)s months %(percent)s %% off",
                months=self.months,
                percent=f"{self.percent:g}",
            )
        return self.env._(
            "from %(months)s months %(free)s months free",
            months=self.months,
            free=self.free_months,
        )

    @api.constrains("kind", "percent", "free_months", "months")
    def _check_discount(self):
        for rule in self:
            if rule.kind == "percent" and not 0 < rule.percent < 100:
                raise ValidationError(
                    self.env._(
                        "The discount must be more than 0 and less than 100 percent."
                    )
                )
            if rule.kind == "free" and not 0 < rule.free_months < rule.months:
                raise ValidationError(
                    self.env._("Fewer months can be free than have to be paid for.")
                )

    # === WHICH RULE === #

    @api.model
    def _find(self, item, community, months, day):
        """Return the discount for paying some months at once, empty for none.

        A rule of the community goes before one of all; of these the one with most months.
        """
        rules = self.search(
            [
                ("item_id", "=", item.id),
                ("community_id", "in", (False, community.id)),
                ("months", "<=", months),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ]
        )
        return rules.sorted(
            lambda rule: (bool(rule.community_id), rule.months), reverse=True
        )[:1]

    def _get_percents(self, count):
        """Return the discount of each of `count` months in percent."""
        if not self:
            return [0.0] * count
        if self.kind == "percent":
            return [self.percent] * count
        free = min(self.free_months, count)
        return [0.0] * (count - free) + [100.0] * free

    @api.model
    def _domain_assignments(self, unit):
        return [
            ("unit_id", "=", unit.id),
            ("item_id.kind", "=", "recurring"),
            ("item_id.active", "=", True),
        ]

    @api.model
    def _describe_items(self, unit, day):
        """Return the items of a unit that can be paid ahead.

        :return: list of dict `item_id`, `name`, `rules` (texts of the discounts)
        """
        Assignment = self.env["property.fee.assignment"]
        assignments = Assignment.search(
            [
                *self._domain_assignments(unit),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ]
        )
        rules = self.search(
            [
                ("item_id", "in", assignments.item_id.ids),
                ("community_id", "in", (False, unit.community_id.id)),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ]
        ).grouped("item_id")
        return [
            {
                "item_id": item.id,
                "name": item.name,
                "rules": [rule._get_text() for rule in rules.get(item, ())],
            }
            for item in assignments.item_id.sorted("sequence")
        ]

    # === PLAN === #

    @api.model
    def _plan(self, unit, item_id, months):
        """Plan the charges of the coming months of an item, from the first not yet billed.

        Charges come from the same planning as those of a fee run, so a later run finds these
        days billed.

        :param property.unit unit: the unit
        :param int item_id: the fee item
        :param int months: how many months, at most 36
        :rtype: PrepayPlan
        :raises UserError: the item cannot be billed ahead
        """
        item = self.env["property.fee.item"].browse(item_id).exists()
        if not 0 < months <= MAX_MONTHS:
            raise UserError(
                self.env._(
                    "Between 1 and %(most)s months can be paid ahead.", most=MAX_MONTHS
                )
            )
        assignments = self.env["property.fee.assignment"].search(
            [*self._domain_assignments(unit), ("item_id", "=", item.id)]
        )
        today = fields.Date.context_today(self)
        first = self._get_first_month(assignments, month_start(today))
        vals_list, problems = [], {}
        for offset in range(months if first else 0):
            plan = assignments._plan_charges(add_months(first, offset))
            vals_list += plan.vals_list
            problems |= plan.problems
        if problems:
            raise UserError("\n".join(dict.fromkeys(problems.values())))
        if not vals_list:
            raise UserError(
                self.env._(
                    "%(item)s of %(unit)s cannot be billed ahead: nothing of it is due in the"
                    " coming months.",
                    item=item.name,
                    unit=unit.code,
                )
            )
        rule = self._find(item, unit.community_id, months, today)
        return PrepayPlan(self.env, rule, vals_list)

    @api.model
    def _get_first_month(self, assignments, month):
        """Return the first month, from a month on, in which something is still to bill."""
        for offset in range(MAX_MONTHS * 2):
            candidate = add_months(month, offset)
            plan = assignments._plan_charges(candidate)
            if plan.vals_list or plan.problems:
                return candidate
        return None


class PrepayPlan(NamedTuple):
    """Charges of coming months with their discount.

    :ivar property.prepay.discount rule: the discount, may be empty
    :ivar list vals_list: values of the charges, in the order of their days
    """

    env: object
    rule: models.BaseModel
    vals_list: list

    def _percents(self):
        return self.rule._get_percents(len(self.vals_list))

    def describe(self):
        """Return the plan for the screen; see `quote_prepay`."""
        rows = []
        for vals, percent in zip(self.vals_list, self._percents(), strict=True):
            gross = fen(vals["amount"])
            off = gross - fen(vals["amount"] * (1 - percent / 100))
            rows.append(
                {
                    "period": f"{vals['date_from']:%Y-%m}",
                    "amount": yuan(gross - off),
                    "discount": yuan(off),
                }
            )
        return {
            "months": rows,
            "total": round(sum(row["amount"] for row in rows), 2),
            "discount": round(sum(row["discount"] for row in rows), 2),
            "rule": self.rule._get_text() if self.rule else "",
        }

    def bill(self, day):
        """Create the charges and post their bills.

        :param date day: date of the bills
        :return: account.move
        """
        charges = self.env["property.charge"].create(
            [
                {**vals, "prepay_discount": percent}
                for vals, percent in zip(self.vals_list, self._percents(), strict=True)
            ]
        )
        return charges._create_bills(day)
