import base64

from odoo import models

from odoo.addons.property_base.tools.figures_workbook import Column, Table, build


class PropertyDailyClosing(models.Model):
    _inherit = "property.daily.closing"

    def action_export(self):
        """Download the closing with its receipts as an Excel file."""
        self.ensure_one()
        self.check_access("read")
        name = self.env._("Daily closing %(name)s.xlsx", name=self.display_name)
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "datas": base64.b64encode(self._get_workbook()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _get_workbook(self):
        """Return the bytes of a workbook: sums by payment method, receipts, other money."""
        self.ensure_one()
        return build(
            [
                self._get_method_table(),
                self._get_receipt_table(),
                self._get_other_table(),
            ]
        )

    def _get_method_table(self):
        return Table(
            self.env._("Payment Methods"),
            self.env._("Daily Closing Sheet %(name)s", name=self.display_name),
            [
                Column(self.env._("Payment Method")),
                Column(self.env._("Receipts"), "count"),
                Column(self.env._("Void"), "count"),
                Column(self.env._("Of Receipts"), "money"),
                Column(self.env._("Deposits Received"), "money"),
                Column(self.env._("Paid Out"), "money"),
                Column(self.env._("Computed"), "money"),
                Column(self.env._("Counted"), "money"),
                Column(self.env._("Difference"), "money"),
                Column(self.env._("Reason of the Difference"), width=30),
            ],
            [
                [
                    line.journal_id.name,
                    line.receipt_count,
                    line.void_count,
                    line.amount_receipts,
                    line.amount_deposits,
                    line.amount_paid_out,
                    line.computed,
                    line.counted,
                    line.difference,
                    line.reason,
                ]
                for line in self.line_ids
            ],
            self.env._("Total"),
        )

    def _get_receipt_table(self):
        receipts = self.env["property.receipt"].search(
            self._domain_receipts(), order="name"
        )
        states = dict(receipts._fields["state"]._description_selection(self.env))
        rows = []
        for receipt in receipts:
            valid = receipt.state != "void"
            rows.append(
                [
                    receipt.name,
                    receipt.date,
                    receipt.community_id.name,
                    receipt.unit_id.code,
                    receipt.payer_name,
                    receipt.journal_id.name,
                    receipt.amount if valid else 0,
                    receipt.amount_credit_used if valid else 0,
                    receipt.amount_credit_left if valid else 0,
                    states[receipt.state],
                    0 if valid else receipt.amount,
                    receipt.void_reason,
                ]
            )
        return Table(
            self.env._("Receipts"),
            self.env._("Receipts %(name)s", name=self.display_name),
            [
                Column(self.env._("Receipt")),
                Column(self.env._("Date"), "date"),
                Column(self.env._("Community")),
                Column(self.env._("Unit")),
                Column(self.env._("Payer")),
                Column(self.env._("Payment Method")),
                Column(self.env._("Amount Received"), "money"),
                Column(self.env._("From Credit"), "money"),
                Column(self.env._("Kept as Credit"), "money"),
                Column(self.env._("Status"), width=10),
                Column(self.env._("Void Amount"), "money"),
                Column(self.env._("Void Reason"), width=30),
            ],
            rows,
            self.env._("Total"),
        )

    def _get_other_table(self):
        return Table(
            self.env._("Deposits and Refunds"),
            self.env._("Deposits and Refunds %(name)s", name=self.display_name),
            [
                Column(self.env._("Number")),
                Column(self.env._("Movement"), width=26),
                Column(self.env._("Unit")),
                Column(self.env._("Person")),
                Column(self.env._("Payment Method")),
                Column(self.env._("Amount"), "money"),
            ],
            [
                [
                    row["number"],
                    row["what"],
                    row["unit"],
                    row["person"],
                    row["journal"].name,
                    row["amount"],
                ]
                for row in self._get_other_money()
            ],
            self.env._("Total"),
        )
