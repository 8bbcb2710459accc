"""What bills have in common, and what their payers, products and terms add.

Each part says why it stands in the way, if it does: `obstacle` is a text for logs and
tests, or None.
"""

from dataclasses import dataclass
from dataclasses import field as factory

from odoo import fields
from odoo.fields import Command

# The values that every bill may have, and those of each of its lines. More are welcome
# where a field of this suite just keeps what it is given.
MOVE_KEYS = {
    "move_type",
    "journal_id",
    "company_id",
    "partner_id",
    "currency_id",
    "invoice_date",
    "invoice_date_due",
    "invoice_payment_term_id",
    "invoice_user_id",
    "invoice_origin",
    "payment_reference",
    "ref",
    "invoice_line_ids",
    "property_unit_id",
}
LINE_KEYS = {
    "product_id",
    "account_id",
    "tax_ids",
    "name",
    "quantity",
    "price_unit",
    "discount",
    "sequence",
}
NEEDED_KEYS = {
    "move_type",
    "journal_id",
    "company_id",
    "partner_id",
    "currency_id",
    "invoice_date",
    "invoice_payment_term_id",
    "invoice_user_id",
    "payment_reference",
    "invoice_line_ids",
}
NEEDED_LINE_KEYS = {"name", "quantity", "price_unit"}


def find_keys_obstacle(model, vals, keys, needed):
    """Return why some values cannot be taken as they are, None when they can.

    :param model: the model that the values are for
    :param dict vals: values as for `create`
    :param set keys: values that are known
    :param set needed: values that would otherwise be computed
    """
    if missing := needed - vals.keys():
        return f"without {', '.join(sorted(missing))}"
    for key in vals.keys() - keys:
        spec = model._fields.get(key)
        if not spec or not _just_keeps(spec):
            return f"with {key}"
    return None


def _just_keeps(field):
    """Return whether a field is of this suite and stores what it is given, no more."""
    ours = all(module.startswith("property_") for module in field._modules)
    more = field.compute or field.related or field.inverse or field.company_dependent
    return bool(ours and field.store and field.column_type and not more)


@dataclass
class JournalSettings:
    """What all bills of a journal, company, currency and day share."""

    company: object
    journal: object
    date: object
    obstacle: str | None = None
    columns: dict = factory(default_factory=dict)
    exemplar: object = None


@dataclass
class PayerSettings:
    """What a bill takes from its payer."""

    partner: object
    obstacle: str | None = None
    columns: dict = factory(default_factory=dict)
    account: object = None
    position: object = None
    commercial_id: int = 0


@dataclass
class ProductSettings:
    """What a line takes from its product, account and taxes."""

    product: object
    account: object
    taxes: object
    obstacle: str | None = None
    uom_id: int | None = None


class Settings:
    """Reads settings once and keeps them for a batch of bills.

    :param Environment env: environment of whoever bills
    """

    def __init__(self, env):
        self.env = env
        self.journals = {}
        self.payers = {}
        self.products = {}
        self.positions = {}
        self.tax_obstacles = {}

    # === JOURNAL AND COMPANY === #

    def get_journal(self, vals):
        """Return the `JournalSettings` of the values of a bill."""
        date = fields.Date.to_date(vals["invoice_date"])
        key = vals["company_id"], vals["journal_id"], vals["currency_id"], date
        if key not in self.journals:
            self.journals[key] = self._read_journal(*key)
        return self.journals[key]

    def _read_journal(self, company_id, journal_id, currency_id, date):
        company = self.env["res.company"].browse(company_id)
        journal = self.env["account.journal"].browse(journal_id)
        settings = JournalSettings(company, journal, date)
        settings.obstacle = self._find_journal_obstacle(company, journal, currency_id)
        settings.obstacle = settings.obstacle or self._find_date_obstacle(
            company, journal, date
        )
        if settings.obstacle:
            return settings
        move = self.env["account.move"].new(
            {
                "move_type": "out_invoice",
                "company_id": company_id,
                "journal_id": journal_id,
                "currency_id": currency_id,
                "invoice_date": date,
                "date": date,
                "state": "posted",
                "partner_id": company.partner_id.id,
            }
        )
        settings.exemplar = move
        settings.columns = {
            "company_id": company_id,
            "journal_id": journal_id,
            "currency_id": currency_id,
            "date": date,
            "invoice_date": date,
            "invoice_currency_rate": 1.0,
            "invoice_incoterm_id": move.invoice_incoterm_id.id or None,
            "partner_bank_id": move.partner_bank_id.id or None,
            "checked": move.checked,
        }
        if move.partner_bank_id and not move.partner_bank_id.active:
            settings.obstacle = "archived bank account"
        return settings

    def _find_journal_obstacle(self, company, journal, currency_id):
        param = self.env["ir.config_parameter"].sudo().get_param  # plain settings
        # Odoo asks for these whatever the user may read.
        distribution = self.env["account.analytic.distribution.model"].sudo()
        checks = [
            (currency_id != company.currency_id.id, "foreign currency"),
            (journal.currency_id, "journal with a currency"),
            (journal.company_id != company, "journal of another company"),
            (journal.type != "sale" or not journal.active, "unusual journal"),
            (journal.restrict_mode_hash_table, "journal with hash"),
            (journal.is_self_billing, "self-billing journal"),
            (company.account_discount_expense_allocation_id, "discount account"),
            (company.tax_exigibility, "cash basis"),
            (company.quick_edit_mode, "quick edit"),
            (param("account.use_invoice_terms"), "terms on invoices"),
            (distribution.search_count([], limit=1), "analytic distribution"),
        ]
        return next((reason for found, reason in checks if found), None)

    def _find_date_obstacle(self, company, journal, date):
        violated = company._get_violated_lock_dates(date, True, journal)
        return "locked period" if violated else None

    # === PAYERS === #

    def read_payers(self, partners, company):
        """Read what bills take from their payers, all in one go."""
        partners = partners.with_company(company)
        fallback = company.partner_id.with_company(company)
        for partner in partners:
            if (partner.id, company.id) not in self.payers:
                self.payers[partner.id, company.id] = self._read_payer(
                    partner, company, fallback
                )

    def get_payer(self, vals):
        """Return the `PayerSettings` of the values of a bill."""
        return self.payers[vals["partner_id"], vals["company_id"]]

    def _read_payer(self, partner, company, fallback):
        settings = PayerSettings(partner)
        commercial = partner.commercial_partner_id
        alone = not partner.parent_id and not partner.child_ids
        shipping_id = (
            partner.id if alone else partner.address_get(["delivery"])["delivery"]
        )
        delivery = partner.browse(shipping_id)
        position = self._get_position(partner, delivery, company)
        account = position.map_account(
            commercial.property_account_receivable_id
            or fallback.property_account_receivable_id
        )
        checks = [
            (partner.company_id and partner.company_id != company, "foreign payer"),
            (partner.property_inbound_payment_method_line_id, "payer's own method"),
            (position.foreign_vat, "fiscal position abroad"),
            (not account or not account.reconcile, "unusual receivable account"),
            (account and self._find_account_obstacle(account, company), "account"),
        ]
        settings.obstacle = next((reason for found, reason in checks if found), None)
        settings.account = account
        settings.position = position
        settings.commercial_id = commercial.id
        settings.columns = {
            "partner_id": partner.id,
            "commercial_partner_id": commercial.id,
            "partner_shipping_id": shipping_id or None,
            "fiscal_position_id": position.id or None,
            "invoice_partner_display_name": partner.display_name,
        }
        return settings

    def _get_position(self, partner, delivery, company):
        """Return the fiscal position of a payer; most have it in common."""
        compute = self.env["account.fiscal.position"].with_company(company)
        if (
            partner.property_account_position_id
            or delivery.with_company(company).property_account_position_id
        ):
            return compute._get_fiscal_position(partner, delivery=delivery)
        key = company, partner.country_id, partner.vat
        key += delivery.country_id, delivery.state_id, delivery.zip, delivery.vat
        if key not in self.positions:
            self.positions[key] = compute._get_fiscal_position(
                partner, delivery=delivery
            )
        return self.positions[key]

    # === PRODUCTS === #

    def get_product(self, vals, company, position):
        """Return the `ProductSettings` of the values of a line.

        :param position: account.fiscal.position of the payer, may be empty
        """
        taxes = vals.get("tax_ids")
        if taxes is not None:
            taxes = tuple(self._read_taxes(taxes))
        key = (
            vals.get("product_id") or False,
            vals.get("account_id") or False,
            taxes,
            position,
            company,
        )
        if key not in self.products:
            self.products[key] = self._read_product(*key)
        return self.products[key]

    @staticmethod
    def _read_taxes(commands):
        ids = []
        for command in commands:
            if not isinstance(command, (list, tuple)):
                ids.append(command)
            elif command[0] == Command.SET:
                ids = list(command[2])
            elif command[0] == Command.LINK:
                ids.append(command[1])
            elif command[0] == Command.CLEAR:
                ids = []
        return ids

    def _read_product(self, product_id, account_id, tax_ids, position, company):
        env = self.env
        product = env["product.product"].browse(product_id).with_company(company)
        account = env["account.account"].browse(account_id).with_company(company)
        if not account:
            accounts = product.product_tmpl_id.get_product_accounts(position)
            account = accounts["income"]
        taxes = env["account.tax"].browse(tax_ids or ())
        if tax_ids is None:
            line = env["account.move.line"].new(
                {
                    "move_id": env["account.move"].new(
                        {
                            "move_type": "out_invoice",
                            "company_id": company.id,
                            "fiscal_position_id": position.id,
                        }
                    ),
                    "product_id": product.id,
                    "account_id": account.id,
                }
            )
            taxes = line._get_computed_taxes() or taxes
            taxes = env["account.tax"].browse(taxes.ids)
        settings = ProductSettings(product, account, taxes)
        settings.uom_id = product.uom_id.id or None
        foreign = product.company_id and product.company_id != company
        if not account or foreign:
            settings.obstacle = "product without account" if product else "no product"
        elif not product and tax_ids is None:
            settings.obstacle = "no product"
        elif account.account_type in ("asset_receivable", "liability_payable"):
            settings.obstacle = "receivable account on a line"
        else:
            settings.obstacle = self._find_account_obstacle(account, company)
            settings.obstacle = settings.obstacle or self._find_tax_obstacle(
                taxes, company
            )
        return settings

    @staticmethod
    def _find_account_obstacle(account, company):
        # Accounts belong to companies that the user may not see, as Odoo's own check.
        companies = account.sudo().company_ids
        if not account.active or account.account_type == "off_balance":
            return "unusual account"
        if account.currency_id and account.currency_id != company.currency_id:
            return "account with a currency"
        if not companies & company.sudo().parent_ids:
            return "account of another company"
        return None

    def _find_tax_obstacle(self, taxes, company):
        key = taxes, company
        if key not in self.tax_obstacles:
            every = taxes | taxes.children_tax_ids
            kinds = {"percent", "fixed", "division", "group"}
            checks = [
                (set(every.mapped("amount_type")) - kinds, "computed tax"),
                ("on_payment" in every.mapped("tax_exigibility"), "cash basis"),
                (any(not tax.active for tax in every), "archived tax"),
                (taxes.company_id - company, "tax of another company"),
                (set(every.mapped("type_tax_use")) - {"sale", "none"}, "unusual tax"),
                (
                    every.country_id - company.account_fiscal_country_id,
                    "tax of another country",
                ),
                (
                    any(
                        factor < 0
                        for factor in every.invoice_repartition_line_ids.mapped(
                            "factor"
                        )
                    ),
                    "reverse charge",
                ),
            ]
            self.tax_obstacles[key] = next(
                (reason for found, reason in checks if found), None
            )
        return self.tax_obstacles[key]
