from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime


class ReportServiceForm(models.AbstractModel):
    """What the forms of the service desk share."""

    _name = "property.service.form"
    _description = "Form of the Service Desk"

    @api.model
    def _get_form_values(self, records):
        """Return what every form is printed with.

        :param records: what is printed
        :raise AccessError: for whoever is not of the staff, such as a household
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The forms of the desk are for its staff."))
        records.check_access("read")
        figures = self.env["property.service.figures"]

        def instant(value, style="yyyy-MM-dd HH:mm"):
            zone = figures._get_zone()
            return format_datetime(self.env, value, tz=zone, dt_format=style)

        return {
            "doc_ids": records.ids,
            "doc_model": records._name,
            "docs": records,
            "instant": lambda value: instant(value) if value else "",
        }

    @api.model
    def _get_phones(self, tickets):
        """Return the callers' numbers as the user may see them: dict ticket -> text."""
        numbers = {row["id"]: row["phone"] or "" for row in tickets.read(["phone"])}
        return {ticket: numbers[ticket.id] for ticket in tickets}

    @api.model
    def _get_ticket_values(self, docids):
        """Return what a form about single tickets is printed with."""
        tickets = self.env["property.ticket"].browse(docids)
        return {
            **self._get_form_values(tickets),
            "phones": self._get_phones(tickets),
        }

    @api.model
    def _get_register_values(self, records):
        """Return what a register is printed with: its records by community."""
        return {
            **self._get_form_values(records),
            "registers": sorted(
                records.grouped("community_id").items(),
                key=lambda entry: entry[0].name or "",
            ),
        }
