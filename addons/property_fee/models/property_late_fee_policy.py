from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.amount import exact
from ..tools.late_fee import Terms
from ..tools.workdays import DayCounter


class PropertyLateFeePolicy(models.Model):
    """What was agreed about late payment, from a day on.

    A bill stays with the policy that was in force on its due date: what is agreed later
    does not change what an old debt costs.
    """

    _name = "property.late.fee.policy"
    _description = "Late Fee Policy"
    _inherit = ["mail.thread"]
    _order = "date_start desc, community_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # For whom, for what, when
    community_id = fields.Many2one(
        "property.community",
        check_company=True,
        ondelete="restrict",
        help="Leave empty for all communities; a policy of the community goes before.",
    )
    item_ids = fields.Many2many(
        "property.fee.item",
        string="Fee Items",
        check_company=True,
        domain="[('kind', 'not in', ('late_fee', 'deposit'))]",
        help="Items whose unpaid principal bears the fee. Leave empty for all items but"
        " deposits and late fees themselves; a policy that names items goes before.",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
        help="Bills that are due from this day on follow the policy.",
    )
    date_end = fields.Date(string="Until", tracking=True)

    # How much
    daily_rate = fields.Float(
        string="Daily Rate (%)",
        digits=(8, 4),
        required=True,
        default=0.05,
        tracking=True,
        aggregator=None,
        help="Part of the unpaid principal for each day: 0.05 is five in ten thousand."
        " What clearly exceeds the loss is reduced by a court on request (Civil Code,"
        " article 585).",
    )
    grace_days = fields.Integer(
        default=0, tracking=True, help="Days after the due date that cost nothing."
    )
    cap_percent = fields.Float(
        string="Cap (%)",
        digits=(6, 2),
        tracking=True,
        aggregator=None,
        help="The fee never exceeds this part of the principal; 0 means no cap.",
    )
    minimum = fields.Monetary(help="A fee below this amount is not charged.")
    rounding = fields.Selection(
        [("fen", "0.01"), ("jiao", "0.1"), ("yuan", "1")],
        required=True,
        default="fen",
        help="The fee of a bill is rounded once, halves up; a cap is never exceeded.",
    )
    calendar = fields.Selection(
        [("all", "Every Day"), ("working", "Working Days Only")],
        required=True,
        default="all",
        help="Days that are charged and that grace is counted in. Working days follow the"
        " public holidays of mainland China and the quiet days marked as days off.",
    )
    due_moves = fields.Boolean(
        string="Due Date Moves to a Working Day",
        default=True,
        help="A bill due on a day off is in time on the next working day (Civil Code,"
        " article 203).",
    )
    credit_rule = fields.Selection(
        [
            ("beginning", "From the Beginning"),
            ("date", "From the Date of the Credit Note"),
        ],
        string="Credit Notes Count",
        required=True,
        default="beginning",
        help="From the beginning: what is credited was never owed. From its date: the debt"
        " was right until then.",
    )

    # What becomes of it
    invoicing = fields.Selection(
        [
            ("payment", "At Payment"),
            ("month_end", "At Month's End"),
            ("never", "Never by Itself"),
        ],
        string="Becomes a Bill",
        required=True,
        default="payment",
        tracking=True,
        help="At payment: with the money for the principal, or the night after it is paid.\n"
        "At month's end: what accrued up to then, each month.\n"
        "Never by itself: it is only shown, until somebody bills it.",
    )
    fee_item_id = fields.Many2one(
        "property.fee.item",
        string="Billed As",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'late_fee')]",
        compute="_compute_fee_item_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Item of the bill lines; it holds the income account and the taxes.",
    )

    _date_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A late fee policy cannot end before it begins.",
    )
    _rate_range = models.Constraint(
        "CHECK(daily_rate >= 0 AND daily_rate <= 1)",
        "The daily rate is a percentage between 0 and 1.",
    )
    _not_negative = models.Constraint(
        "CHECK(grace_days >= 0 AND cap_percent >= 0 AND minimum >= 0)",
        "Grace days, cap and minimum cannot be negative.",
    )

    # === COMPUTE AND CONSTRAINT METHODS === #

    @api.depends("company_id")
    def _compute_fee_item_id(self):
        items = (
            self.env["property.fee.item"]
            .search(
                [("kind", "=", "late_fee"), ("company_id", "in", self.company_id.ids)]
            )
            .grouped("company_id")
        )
        for policy in self:
            own = items.get(policy.company_id, policy.fee_item_id.browse())
            if policy.fee_item_id not in own:
                policy.fee_item_id = own[:1]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("fee_item_id"):
                company = self.env["res.company"].browse(
                    vals.get("company_id") or self.env.company.id
                )
                vals["fee_item_id"] = self._get_fee_item(company).id
        return super().create(vals_list)

    @api.model
    def _get_fee_item(self, company):
        """Return the item that late fees of a company are billed as; make it if need be."""
        Item = self.env["property.fee.item"]
        item = Item.search(
            [("kind", "=", "late_fee"), ("company_id", "=", company.id)], limit=1
        )
        return item or Item.create(
            {
                "name": self.env._("Late Fee"),
                "code": "LATE",
                "kind": "late_fee",
                "sequence": 900,
                "company_id": company.id,
            }
        )

    @api.constrains("item_ids", "fee_item_id")
    def _check_items(self):
        for policy in self:
            wrong = policy.item_ids.filtered(
                lambda item: item.kind in ("late_fee", "deposit")
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(item)s cannot bear a late fee: neither deposits nor late fees do.",
                        item=wrong[0].name,
                    )
                )
            if policy.fee_item_id.kind != "late_fee":
                raise ValidationError(
                    self.env._(
                        "%(item)s is not an item for late fees. Choose one of the kind"
                        " Late Fee.",
                        item=policy.fee_item_id.name,
                    )
                )

    @api.constrains("company_id", "community_id", "item_ids", "date_start", "date_end")
    def _check_overlap(self):
        others = self.search([("company_id", "in", self.company_id.ids)])
        for policy in self:
            for other in others - policy:
                if policy._collides(other):
                    raise ValidationError(
                        self.env._(
                            "%(policy)s and %(other)s would both count for the same bills."
                            " End one before the other begins, or name different items.",
                            policy=policy.name,
                            other=other.name,
                        )
                    )

    def _collides(self, other):
        """Return whether two policies would count for the same bills with equal right."""
        self.ensure_one()
        return (
            self.company_id == other.company_id
            and self.community_id == other.community_id
            and self.date_start <= (other.date_end or fields.Date.to_date("9999-12-31"))
            and other.date_start <= (self.date_end or fields.Date.to_date("9999-12-31"))
            and bool(self.item_ids) == bool(other.item_ids)
            and bool(self.item_ids & other.item_ids or not self.item_ids)
        )

    # === BUSINESS METHODS === #

    def _get_terms(self):
        """Return the policy as the plain rules want it.

        :rtype: tools.late_fee.Terms
        """
        self.ensure_one()
        return Terms(
            rate=exact(self.daily_rate) / 100,
            grace_days=self.grace_days,
            cap=exact(self.cap_percent) / 100 if self.cap_percent else None,
            minimum=Decimal(str(self.minimum)),
            rounding=self.rounding,
            due_moves=self.due_moves,
            credit_from_date=self.credit_rule == "date",
        )

    @api.model
    def _get_book(self, companies):
        """Return all policies of some companies, ready to be asked many times.

        :rtype: PolicyBook
        """
        # Whoever may know what a household owes need not read how it was agreed.
        return PolicyBook(self.sudo().search([("company_id", "in", companies.ids)]))


class PolicyBook:
    """Policies of some companies, read once.

    :param property.late.fee.policy policies: in the order of the model
    """

    def __init__(self, policies):
        self.policies = policies
        self._rows = sorted(
            (
                (
                    -bool(policy.community_id),
                    -bool(policy.item_ids),
                    index,
                    policy.company_id.id,
                    policy.community_id.id,
                    frozenset(policy.item_ids.ids),
                    policy.date_start,
                    policy.date_end,
                    policy,
                )
                for index, policy in enumerate(policies)
            ),
            key=lambda row: row[:3],
        )
        self._days = policies.env["property.quiet.day"]._get_days(
            policies.company_id, days_off_only=True
        )
        self.terms = {policy: policy._get_terms() for policy in policies}
        self._found, self._counters = {}, {}

    def find(self, company_id, community_id, item_id, due):
        """Return the policy for an item that is due on a day, may be empty.

        :param int company_id: id of the company
        :param int community_id: id of the community, or None
        :param int item_id: id of the fee item
        :param date due: due date of the bill
        """
        key = (company_id, community_id, item_id, due)
        if key not in self._found:
            self._found[key] = next(
                (
                    policy
                    for *_rank, company, community, items, start, end, policy in self._rows
                    if company == company_id
                    and (not community or community == community_id)
                    and (not items or item_id in items)
                    and start <= due
                    and (not end or due <= end)
                ),
                self.policies.browse(),
            )
        return self._found[key]

    def counter(self, policy, community_id):
        """Return which days a policy counts in a community.

        :rtype: tools.workdays.DayCounter
        """
        key = (policy, community_id)
        if key not in self._counters:
            company = policy.company_id.id
            off = self._days.get((company, False), set()) | self._days.get(
                (company, community_id), set()
            )
            self._counters[key] = DayCounter(policy.calendar == "working", off)
        return self._counters[key]

    def shares(self, company_id, community_id, due, amounts):
        """Return which part of a bill bears a fee by which policy.

        :param dict amounts: id of the fee item -> fen of its lines
        :return: dict policy -> fen
        """
        result = {}
        for item_id, fen in amounts.items():
            if policy := self.find(company_id, community_id, item_id, due):
                result[policy] = result.get(policy, 0) + fen
        return result
