from odoo import models


class PropertyFeeItem(models.Model):
    """What accounting has to know of an item before it can be billed."""

    _inherit = "property.fee.item"

    def _get_account_problem(self, company):
        """Return why bill lines of the item could not be posted, None when they can.

        :param company: res.company that bills
        """
        self.ensure_one()
        if reason := self._get_billing_problem():
            return reason
        product = self.product_id.with_company(company)
        if not product.active:
            return self.env._(
                "The product of %(item)s is archived. Restore it or choose another one on"
                " the fee item.",
                item=self.name,
            )
        account = self.agency_account_id if self._is_liability() else None
        if account is None:
            account = product.product_tmpl_id.get_product_accounts()["income"]
        if not account or not account.active:
            return self.env._(
                "%(item)s has no income account in use. Set one on its product or on the"
                " product category.",
                item=self.name,
            )
        if not self._is_liability():
            return self._get_tax_problem(product, company)
        return None

    def _get_tax_problem(self, product, company):
        """Return why the taxes of the item cannot be charged, None when they can."""
        # A branch charges the taxes of companies above, which the user may not see.
        companies = company.sudo().parent_ids
        taxes = product.with_context(active_test=False).taxes_id.filtered(
            lambda tax: tax.company_id in companies
        )
        if archived := taxes.filtered(lambda tax: not tax.active):
            return self.env._(
                "The tax %(tax)s of %(item)s is archived. Choose another one on its product.",
                tax=archived[0].name,
                item=self.name,
            )
        country = company.account_fiscal_country_id
        if abroad := taxes.filtered(lambda tax: tax.country_id != country):
            return self.env._(
                "The tax %(tax)s of %(item)s is of another country than the company.",
                tax=abroad[0].name,
                item=self.name,
            )
        return None
