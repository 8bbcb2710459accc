from odoo import api, models


class ReportWorkOrder(models.AbstractModel):
    _name = "report.property_service.report_work_order"
    _description = "Work Order Form"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        orders = self.env["property.work.order"].browse(docids)
        return {
            **self._get_form_values(orders),
            "phones": self._get_order_phones(orders),
            "blank_lines": lambda order: range(max(4 - len(order.line_ids), 0)),
        }

    @api.model
    def _get_order_phones(self, orders):
        """Return the callers' numbers: in full on the paper of whoever goes there now.

        He has to call, and a contractor has nothing but the paper. On any other paper the
        number is as masked as on the screen.
        """
        sends = self.env.user.has_group("property_base.group_property_frontdesk")
        shown = self._get_phones(orders.ticket_id)
        phones = {}
        for order in orders:
            ticket = order.ticket_id
            goes = order.state in ("given", "accepted", "arrived")
            if goes and (sends or order.is_mine):
                # as above: the paper of a visit that is under way
                phones[order] = ticket.sudo().phone or ""
            else:
                phones[order] = shown[ticket]
        return phones
