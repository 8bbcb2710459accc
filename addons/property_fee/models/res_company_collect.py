from odoo import fields, models

# code, name, type, whether its payments need no bank statement
COUNTER_JOURNALS = (
    ("XJ", "现金", "cash", True),
    ("WX", "微信", "bank", True),
    ("ZFB", "支付宝", "bank", True),
    ("POS", "POS 刷卡", "bank", False),
)


class ResCompany(models.Model):
    _inherit = "res.company"

    property_auto_credit = fields.Boolean(
        string="Use Credit Automatically When Billing",
        help="Money that a household has paid ahead pays its new bills at once.",
    )
    property_match_score = fields.Float(
        string="Settle Bank Lines From Score",
        default=0.9,
        digits=(3, 2),
        help="Bank lines whose household has at least this score (0 to 1) are settled without"
        " being looked at; the others are proposed.",
    )

    def _create_counter_journals(self):
        """Give a Chinese company the journals that a cashier takes money with.

        Journals that the company has by one of the codes, and its first cash journal, stay as
        they are. What WeChat, Alipay and the drawer receive is booked on their own accounts;
        card payments wait for the bank's statement.

        :return: account.journal, the new ones
        """
        Journal = self.env["account.journal"]
        created = Journal.browse()
        for company in self:
            known = Journal.with_context(active_test=False).search(
                Journal._check_company_domain(company)
            )
            codes = set(known.mapped("code"))
            for code, name, kind, direct in COUNTER_JOURNALS:
                if code in codes or (kind == "cash" and "cash" in known.mapped("type")):
                    continue
                journal = Journal.with_company(company).create(
                    {
                        "code": code,
                        "name": name,
                        "type": kind,
                        "company_id": company.id,
                        "property_direct": direct,
                    }
                )
                created += journal
        return created

    def action_create_counter_journals(self):
        """Create the journals of the counter where they are missing."""
        self._create_counter_journals()
        return True
