from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

# Nobody follows a draft of the night's ten thousand; what is posted is what counts.
BULK_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    @api.model
    def _get_sale_journal(self, company):
        """Return the journal of the bills of a company.

        :raises UserError: the company has no sales journal
        """
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no sales journal. Choose a chart of accounts in the"
                    " invoicing settings first.",
                    company=company.name,
                )
            )
        return journal

    def _get_bill_key(self):
        """Return what charges must share to be lines of one bill."""
        self.ensure_one()
        separate = self.item_id if self.item_id.separate_bill else self.item_id.browse()
        return self.unit_id, self.partner_id, self.period, separate

    def _create_bills(self, invoice_date):
        """Create and post the customer invoices of the charges.

        One invoice per household, payer and period; items with a separate bill apart.

        :param date invoice_date: date of the bills
        :return: account.move, posted
        """
        groups = defaultdict(self.browse)
        for charge in self.sorted(
            lambda charge: (charge.item_id.sequence, charge.date_from)
        ):
            groups[charge._get_bill_key()] += charge
        names = self._get_bill_line_names()
        journals = {
            company: self._get_sale_journal(company)
            for company in self.mapped("company_id")
        }
        moves = (
            self.env["property.bill.builder"]
            .with_context(**BULK_CONTEXT)
            ._create_posted(
                [
                    charges._prepare_bill(
                        invoice_date, journals[charges.company_id], names
                    )
                    for charges in groups.values()
                ]
            )
        )
        for charges, move in zip(groups.values(), moves, strict=True):
            charges.write({"move_id": move.id})
        self.write({"state": "billed"})
        moves._distribute_to_communities()
        return moves

    def _get_bill_line_names(self):
        """Return the texts of the bill lines, each in the language of its payer.

        :return: dict charge id -> text
        """
        default = self.env.company.partner_id.lang or self.env.lang
        names = {}
        for lang, charges in self.grouped(
            lambda charge: charge.partner_id.lang or default
        ).items():
            for charge in charges.with_context(lang=lang):
                names[charge.id] = charge._get_bill_line_name()
        return names

    def _prepare_bill(self, invoice_date, journal, names):
        """Return the values of the invoice of charges that share a bill.

        :param date invoice_date: date of the bill
        :param account.journal journal: sales journal
        :param dict names: charge id -> text of its line
        """
        unit, partner, period, separate = self[0]._get_bill_key()
        term = self.rate_id.payment_term_id[:1]
        reference = [
            unit.community_id.code,
            unit.code,
            f"{period:%Y-%m}",
            separate.code,
        ]
        vals = {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "company_id": self[0].company_id.id,
            "partner_id": partner.id,
            "currency_id": self[0].currency_id.id,
            "invoice_date": invoice_date,
            "invoice_payment_term_id": term.id,
            "invoice_user_id": self.run_id.user_id.id,
            "invoice_origin": self.run_id.name,
            "payment_reference": " ".join(part for part in reference if part),
            "property_unit_id": unit.id,
            "property_period": period,
            "property_run_id": self.run_id.id,
            "invoice_line_ids": [
                Command.create(charge._prepare_bill_line(names[charge.id]))
                for charge in self
            ],
        }
        if not term:
            days = min(self.rate_id.mapped("due_days"), default=0)
            vals["invoice_date_due"] = invoice_date + timedelta(days=days)
        return vals

    def _prepare_bill_line(self, name):
        """Return the values of the invoice line of a charge.

        The amount is the price of one, because area times price need not be the amount:
        it may have been prorated, and it has been rounded once.
        """
        self.ensure_one()
        return {
            "product_id": self.item_id.product_id.id,
            "name": name,
            "quantity": 1.0,
            "price_unit": self.amount_net,
            "property_charge_id": self.id,
            **self.item_id._prepare_bill_line_account(),
        }
