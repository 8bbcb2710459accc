from odoo import api, fields, models


class PropertyPayerAccount(models.Model):
    _name = "property.payer.account"
    _description = "Known Payer"
    _order = "last_used desc, id desc"
    _rec_name = "payer_name"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    account = fields.Char(
        required=True,
        help="Account of the payer as the bank shows it, often with stars in the middle.",
    )
    payer_name = fields.Char(string="Payer", required=True)
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    count = fields.Integer(string="Number of Payments", default=1, readonly=True)
    last_used = fields.Date(readonly=True)

    _payer_uniq = models.Constraint(
        "UNIQUE(company_id, account, payer_name, unit_id)",
        "This payer is already known for the unit.",
    )

    @api.model
    def _get_units(self, company, payers):
        """Return the units that payers paid for before.

        :param payers: iterable of (account, name)
        :return: dict (account, name) -> set of unit ids
        """
        known = {}
        for entry in self.search_fetch(
            [
                ("company_id", "=", company.id),
                (
                    "account",
                    "in",
                    list({account for account, _name in payers if account}),
                ),
            ],
            ["account", "payer_name", "unit_id"],
        ):
            key = (entry.account, entry.payer_name)
            known.setdefault(key, set()).add(entry.unit_id.id)
        return known

    @api.model
    def _learn(self, lines):
        """Remember who paid for which household.

        :param property.bank.line lines: settled lines
        """
        for line in lines.filtered(lambda line: line.payer_account and line.payer_name):
            key = [
                ("company_id", "=", line.company_id.id),
                ("account", "=", line.payer_account),
                ("payer_name", "=", line.payer_name),
                ("unit_id", "=", line.unit_id.id),
            ]
            if known := self.search(key, limit=1):
                known.write(
                    {
                        "count": known.count + 1,
                        "last_used": max(known.last_used or line.date, line.date),
                    }
                )
            else:
                self.create(
                    {
                        **{name: value for name, _operator, value in key},
                        "last_used": line.date,
                    }
                )

    @api.model
    def _forget(self, lines):
        """Take back what was learned from lines that were settled wrongly."""
        for line in lines.filtered("payer_account"):
            known = self.search(
                [
                    ("company_id", "=", line.company_id.id),
                    ("account", "=", line.payer_account),
                    ("payer_name", "=", line.payer_name),
                    ("unit_id", "=", line.unit_id.id),
                ],
                limit=1,
            )
            if known.count > 1:
                known.count -= 1
            else:
                known.unlink()
