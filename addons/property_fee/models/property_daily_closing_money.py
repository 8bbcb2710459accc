from odoo import models


class PropertyDailyClosing(models.Model):
    """Money that passes a cashier's hands without a receipt: deposits and refunds."""

    _inherit = "property.daily.closing"

    def _domain_deposits(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("date", "=", self.date),
            ("state", "=", "posted"),
            ("payment_id.create_uid", "=", self.user_id.id),
        ]

    def _domain_refunds(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "paid"),
            ("payment_id.date", "=", self.date),
            ("payment_id.create_uid", "=", self.user_id.id),
        ]

    def _get_other_money(self):
        """Return the deposits that the cashier took or paid out, and the refunds of credit.

        :return: list of dict `journal` (account.journal), `what`, `number`, `unit` (code),
            `person`, `amount` (negative when it was paid out), in the order of entry
        """
        self.ensure_one()
        # Whoever closes his day has to count all of it, whatever he may read today.
        Movement = self.env["property.deposit.movement"].sudo()
        Refund = self.env["property.credit.refund"].sudo()  # as above
        kinds = dict(Movement._fields["kind"]._description_selection(self.env))
        rows = [
            {
                "journal": line.journal_id,
                "what": f"{line.item_id.name} {kinds[line.kind]}",
                "number": line.deposit_id.name,
                "unit": line.unit_id.code,
                "person": line.partner_id.name,
                "amount": line.amount_signed,
            }
            for line in Movement.search(self._domain_deposits(), order="id")
        ]
        rows += [
            {
                "journal": refund.journal_id,
                "what": self.env._("Refund of Credit"),
                "number": refund.name,
                "unit": refund.unit_id.code,
                "person": refund.partner_id.name,
                "amount": -refund.amount,
            }
            for refund in Refund.search(self._domain_refunds(), order="id")
        ]
        return rows

    def _add_other_money(self, found):
        """Add deposits and refunds to what the receipts of the day say.

        :param dict found: account.journal -> values of its line, changed in place
        """
        self.ensure_one()
        for row in self._get_other_money():
            entry = found.setdefault(row["journal"], self._get_empty_count())
            name = "amount_deposits" if row["amount"] > 0 else "amount_paid_out"
            entry[name] += abs(row["amount"])
            entry["computed"] += row["amount"]
        for entry in found.values():
            for name in ("amount_deposits", "amount_paid_out", "computed"):
                entry[name] = self.currency_id.round(entry[name])

    def _get_receipt_range(self):
        """Return the numbers of the first and the last receipt of the day, as a text."""
        self.ensure_one()
        # As above.
        receipts = self.env["property.receipt"].sudo()
        names = receipts.search(self._domain_receipts(), order="name").mapped("name")
        return " - ".join(dict.fromkeys([names[0], names[-1]])) if names else ""

    def _get_void_numbers(self):
        """Return the numbers of the receipts of the day that are void, as a text."""
        self.ensure_one()
        # As above.
        receipts = self.env["property.receipt"].sudo()
        domain = [*self._domain_receipts(), ("state", "=", "void")]
        return ", ".join(receipts.search(domain, order="name").mapped("name"))
