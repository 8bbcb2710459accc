import base64

from odoo import models

from odoo.addons.property_base.tools.workbook import write_workbook


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
        """Return the bytes of a workbook: sums by payment method, and the receipts."""
        self.ensure_one()
        methods = [
            [
                line.journal_id.name,
                line.receipt_count,
                line.void_count,
                line.computed,
                line.counted,
                line.difference,
                line.reason or "",
            ]
            for line in self.line_ids
        ]
        methods.append(
            [
                self.env._("Total"),
                self.receipt_count,
                sum(self.line_ids.mapped("void_count")),
                self.amount_computed,
                self.amount_counted,
                self.difference,
                "",
            ]
        )
        receipts = self.env["property.receipt"].search(
            self._domain_receipts(), order="name"
        )
        states = dict(receipts._fields["state"]._description_selection(self.env))
        rows = [
            [
                receipt.name,
                receipt.date,
                receipt.community_id.name,
                receipt.unit_id.code,
                receipt.payer_name,
                receipt.journal_id.name,
                receipt.amount,
                receipt.amount_credit_used,
                receipt.amount_credit_left,
                states[receipt.state],
                receipt.void_reason or "",
            ]
            for receipt in receipts
        ]
        return write_workbook(
            [
                {
                    "name": self.env._("Payment Methods"),
                    "header": [
                        self.env._("Payment Method"),
                        self.env._("Receipts"),
                        self.env._("Void"),
                        self.env._("Computed"),
                        self.env._("Counted"),
                        self.env._("Difference"),
                        self.env._("Reason of the Difference"),
                    ],
                    "rows": methods,
                    "widths": [16, 10, 8, 14, 14, 12, 40],
                },
                {
                    "name": self.env._("Receipts"),
                    "header": [
                        self.env._("Receipt"),
                        self.env._("Date"),
                        self.env._("Community"),
                        self.env._("Unit"),
                        self.env._("Payer"),
                        self.env._("Payment Method"),
                        self.env._("Amount Received"),
                        self.env._("From Credit"),
                        self.env._("Kept as Credit"),
                        self.env._("Status"),
                        self.env._("Void Reason"),
                    ],
                    "rows": rows,
                    "widths": [16, 12, 16, 14, 14, 14, 12, 12, 12, 10, 30],
                },
            ]
        )
