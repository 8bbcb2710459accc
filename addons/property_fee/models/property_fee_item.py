from odoo import api, fields, models
from odoo.fields import Command

# What is measured in what, by category.
MEASURES = {"water": "ton", "electricity": "kwh", "gas": "m3", "heating": "gj"}


class PropertyFeeItem(models.Model):
    _name = "property.fee.item"
    _description = "Fee Item"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short code, unique in the company; it appears in references and exports.",
    )
    sequence = fields.Integer(
        default=10, help="Order of the lines on a bill and of the items in lists."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("recurring", "Recurring"),
            ("metered", "Metered"),
            ("shared", "Shared Cost"),
            ("one_off", "One-Off"),
            ("deposit", "Deposit"),
            ("late_fee", "Late Fee"),
        ],
        required=True,
        default="recurring",
        help="Recurring: billed period by period while it is assigned.\n"
        "Metered: billed by what a meter counted between two readings.\n"
        "Shared cost: the household's part of a cost of the building or community.\n"
        "One-off: billed once, in the run of the month in which the assignment begins.\n"
        "Deposit: billed once as a debt to be paid back, never income.\n"
        "Late fee: billed on overdue bills by the late fee policy, never by a run.",
    )
    is_agency = fields.Boolean(
        string="Collected for Others",
        help="Collected on behalf of a utility: the bill line goes to a liability account"
        " and carries no tax, for it is no income of ours.",
    )
    agency_partner_id = fields.Many2one(
        "res.partner",
        string="Collected For",
        check_company=True,
        ondelete="restrict",
        help="Utility or other party that the money is passed on to.",
    )
    agency_account_id = fields.Many2one(
        "account.account",
        string="Liability Account",
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        help="Account that bill lines of a deposit, or of what is collected for others,"
        " go to.",
    )
    category = fields.Selection(
        [
            ("management", "Property Management Fee"),
            ("parking", "Parking"),
            ("water", "Water Fee"),
            ("electricity", "Electricity Fee"),
            ("gas", "Gas Fee"),
            ("heating", "Heating Fee"),
            ("tv", "Cable TV"),
            ("garbage", "Garbage"),
            ("lift", "Lift"),
            ("shared_energy", "Shared Energy"),
            ("late_fee", "Late Fee"),
            ("renovation_deposit", "Renovation Deposit"),
            ("other", "Other"),
        ],
        string="Fee Type",
        required=True,
        default="other",
        help="What the item is for; figures and checks go by it, prices do not.",
    )
    measure = fields.Selection(
        [
            ("ton", "Ton (t)"),
            ("m3", "Cubic Metre (m³)"),
            ("kwh", "Kilowatt Hour (kWh)"),
            ("gj", "Gigajoule (GJ)"),
        ],
        string="Unit of Measure",
        compute="_compute_measure",
        store=True,
        readonly=False,
        precompute=True,
        help="In what the consumption is counted.",
    )
    separate_bill = fields.Boolean(
        help="Put this item on a bill of its own instead of the household's bill of the period."
    )
    product_id = fields.Many2one(
        "product.product",
        domain="[('type', '=', 'service')]",
        check_company=True,
        ondelete="restrict",
        help="Service that holds the income account and the taxes of the bill lines."
        " Left empty, a service without taxes is made for the item.",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_product_values",
        inverse="_inverse_tax_ids",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Taxes of the service. With a tax that is included in the price, a charge is"
        " what the household pays; with one that is not, the tax comes on top of it.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        compute="_compute_product_values",
        inverse="_inverse_income_account_id",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Income account of the service; empty: that of its category.",
    )
    rate_ids = fields.One2many("property.fee.rate", "item_id", string="Rates")
    assignment_ids = fields.One2many(
        "property.fee.assignment", "item_id", string="Assignments"
    )
    assignment_count = fields.Integer(compute="_compute_assignment_count")
    note = fields.Text()

    _code_company_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another fee item of the company already has this code.",
    )

    @api.depends("kind", "category")
    def _compute_measure(self):
        for item in self:
            if item.kind == "metered":
                item.measure = item.measure or MEASURES.get(item.category)
            else:
                item.measure = False

    @api.depends(
        "company_id", "product_id.taxes_id", "product_id.property_account_income_id"
    )
    def _compute_product_values(self):
        for item in self:
            # Shown to whoever sees the item, who need not see products.
            product = item.sudo().product_id.with_company(item.company_id)
            item.tax_ids = product.taxes_id.filtered_domain(
                self.env["account.tax"]._check_company_domain(item.company_id)
            )
            item.income_account_id = product.property_account_income_id

    def _inverse_tax_ids(self):
        for item, product in self._get_own_products():
            others = product.taxes_id.filtered(
                lambda tax, item=item: tax.company_id != item.company_id
            )
            product.taxes_id = others | item.tax_ids

    def _inverse_income_account_id(self):
        for item, product in self._get_own_products():
            product.property_account_income_id = item.income_account_id

    def _get_own_products(self):
        """Yield each item with its service, to be changed along with it."""
        self.filtered(lambda item: not item.product_id)._create_products()
        for item in self:
            # A fee accountant decides on the taxes of an item, not of products in general.
            yield item, item.sudo().product_id.with_company(item.company_id)

    @api.depends("assignment_ids")
    def _compute_assignment_count(self):
        counts = dict(
            self.env["property.fee.assignment"]._read_group(
                [("item_id", "in", self.ids)], ["item_id"], ["__count"]
            )
        )
        for item in self:
            item.assignment_count = counts.get(item, 0)

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.filtered(lambda item: not item.product_id)._create_products()
        return items

    def _create_products(self):
        """Give each item the service product that its bill lines need.

        The product carries no tax: prices of the trade are what the household pays, and
        which tax they contain is the accountant's decision.
        """
        # A fee accountant may make the product of an item, though not products in general.
        products = (
            self.env["product.product"]
            .sudo()
            .create(
                [
                    {
                        "name": item.name,
                        "default_code": item.code,
                        "type": "service",
                        "purchase_ok": False,
                        "company_id": item.company_id.id,
                        "taxes_id": [Command.clear()],
                        "supplier_taxes_id": [Command.clear()],
                    }
                    for item in self
                ]
            )
        )
        for item, product in zip(self, products, strict=True):
            item.product_id = product

    def _is_liability(self):
        """Return whether what the item bills is owed to somebody, not earned."""
        self.ensure_one()
        return self.is_agency or self.kind == "deposit"

    def _get_billing_problem(self):
        """Return why the item cannot be billed at all, None when it can."""
        self.ensure_one()
        if self._is_liability() and not self.agency_account_id:
            return self.env._(
                "%(item)s has no liability account. Set one on the fee item: what is"
                " collected for others, or as a deposit, is not income.",
                item=self.name,
            )
        return None

    def _prepare_bill_line_account(self):
        """Return the values of a bill line that say where it is booked.

        Empty for what we earn: account and taxes follow from the product.
        """
        self.ensure_one()
        if not self._is_liability():
            return {}
        return {
            "account_id": self.agency_account_id.id,
            "tax_ids": [Command.clear()],
        }

    def action_view_assignments(self):
        """Open the assignments of the item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_assignment_action"
        )
        action["domain"] = [("item_id", "=", self.id)]
        action["context"] = {"default_item_id": self.id}
        return action
