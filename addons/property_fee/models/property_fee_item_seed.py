from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Charts of accounts of China: their codes are those below.
CN_CHARTS = ("cn", "cn_common", "cn_large_bis")
# Codes of accounts in the charts of small and of large enterprises.
MAIN_INCOME = ("6001", "5001")
OTHER_INCOME = ("6051", "5051")
NON_OPERATING = ("6301", "5301")
OTHER_PAYABLES = ("2241",)
# code, name, category, kind, income accounts (None: collected for others or a deposit),
# value-added tax in percent that prices of the trade contain
DEFAULT_ITEMS = [
    ("PM", _lt("Property Management Fee"), "management", "recurring", MAIN_INCOME, 6),
    ("PK", _lt("Parking Fee"), "parking", "recurring", MAIN_INCOME, 9),
    ("WT", _lt("Water Fee"), "water", "metered", None, 0),
    ("EL", _lt("Electricity Fee"), "electricity", "metered", None, 0),
    ("GS", _lt("Gas Fee"), "gas", "metered", None, 0),
    ("HT", _lt("Heating Fee"), "heating", "recurring", None, 0),
    ("TV", _lt("Cable TV"), "tv", "recurring", None, 0),
    ("GB", _lt("Garbage Fee"), "garbage", "recurring", None, 0),
    ("LF", _lt("Lift Running Fee"), "lift", "recurring", MAIN_INCOME, 6),
    ("SE", _lt("Shared Energy"), "shared_energy", "shared", None, 0),
    ("LT", _lt("Late Fee"), "late_fee", "late_fee", NON_OPERATING, 0),
    ("RD", _lt("Renovation Deposit"), "renovation_deposit", "deposit", None, 0),
    ("RG", _lt("Renovation Waste Removal"), "other", "one_off", OTHER_INCOME, 6),
]


class PropertyFeeItem(models.Model):
    """The usual fee items of the trade, with the accounts of a Chinese chart."""

    _inherit = "property.fee.item"

    @api.model
    def _ensure_default_items(self, company):
        """Create the usual fee items that a company does not have yet.

        An item whose code or, but for other items, whose category exists is left alone,
        archived ones too. Accounts are looked up by code in the chart of the company; where
        one is missing the field stays empty, and billing says so. Can be repeated.

        :param res.company company: the company
        :return: the new items
        """
        Item = self.with_company(company).with_context(active_test=False)
        known = Item.search_fetch(
            [("company_id", "=", company.id)], ["code", "category"]
        )
        codes = set(known.mapped("code"))
        categories = set(known.mapped("category")) - {"other"}
        wanted = [
            row
            for row in DEFAULT_ITEMS
            if row[0] not in codes and row[2] not in categories
        ]
        payables = self._find_account(company, OTHER_PAYABLES, "liability_current")
        items = Item.create(
            [
                {
                    "code": code,
                    "name": Item.env._(name),
                    "sequence": (1 + DEFAULT_ITEMS.index(row)) * 10,
                    "company_id": company.id,
                    "category": category,
                    "kind": kind,
                    "is_agency": income is None and kind != "deposit",
                    "agency_account_id": payables.id if income is None else False,
                    "separate_bill": kind in ("deposit", "late_fee"),
                }
                for row in wanted
                for code, name, category, kind, income, _vat in [row]
            ]
        )
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for item, (_code, name, _category, _kind, income, vat) in zip(
            items, wanted, strict=True
        ):
            names = {
                lang: Item.with_context(lang=lang).env._(name) for lang in languages
            }
            item.update_field_translations("name", names)
            # Made a moment ago together with the item, see `_create_products`.
            item.sudo().product_id.update_field_translations("name", names)
            if income:
                item.income_account_id = self._find_account(
                    company, income, "income", "income_other"
                )
                item.tax_ids = self._find_included_tax(company, vat)
        return items.with_env(self.env)

    @api.model
    def _find_account(self, company, codes, *types):
        """Return the account with one of some codes, the first that exists.

        :param tuple types: account types it must have one of
        :return: account.account, may be empty
        """
        # Whoever sets up fee items need not have the right to read the chart.
        Account = self.env["account.account"].sudo().with_company(company)
        accounts = Account.search(
            Domain(Account._check_company_domain(company))
            & Domain("account_type", "in", types)
            & Domain.OR(Domain("code", "=like", f"{code}%") for code in codes)
        )
        # Odoo fills codes up with zeros: 2241 may stand there as 224100.
        by_code = {account.code.rstrip("0"): account for account in accounts}
        found = [by_code.get(code.rstrip("0")) for code in codes]
        return next(filter(None, found), Account)

    @api.model
    def _find_included_tax(self, company, percent):
        """Return the sales tax of a percentage that is included in the price, if any.

        Prices of the trade contain the tax; one that would come on top is never chosen.
        Odoo's Chinese charts have only such: their like that is included is made then,
        which is booked to the same accounts.
        """
        if not percent:
            return self.env["account.tax"]
        taxes = (
            # As for accounts.
            self.env["account.tax"]
            .sudo()
            .search(
                [
                    *self.env["account.tax"]._check_company_domain(company),
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                    ("amount", "=", percent),
                ]
            )
        )
        included = taxes.filtered("price_include")[:1]
        if not included and taxes:
            included = taxes[0].copy(
                {
                    "name": f"{taxes[0].name} (included)",
                    "price_include_override": "tax_included",
                }
            )
            for language, _name in self.env["res.lang"].get_installed():
                name = self.with_context(lang=language).env._(
                    "%(tax)s (included)",
                    tax=taxes[0].with_context(lang=language).name,
                )
                included.with_context(lang=language).name = name
        return included

    def action_ensure_default_items(self):
        """Create the usual fee items that the present company does not have yet."""
        items = self._ensure_default_items(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if items else "info",
                "message": self.env._("%(count)s fee items added.", count=len(items)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
