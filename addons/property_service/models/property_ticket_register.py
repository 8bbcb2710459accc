from zoneinfo import ZoneInfo

from odoo import models

from odoo.addons.property_base.tools.figures_workbook import Column, Table, build


class PropertyTicket(models.Model):
    """The register of tickets: on paper, and as a workbook."""

    _inherit = "property.ticket"

    def _get_register_table(self, title):
        """Return the register of tickets as a table of a workbook.

        Neither names nor numbers of callers are in it: a workbook travels.

        :param str title: above the table
        :rtype: Table
        """
        zone = ZoneInfo(self.env["property.service.figures"]._get_zone())
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "channel", "urgency", "state")
        }

        def local(instant):
            if not instant:
                return None
            instant = instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
            return instant.replace(tzinfo=None)

        return Table(
            self.env._("Register"),
            title,
            [
                Column(self.env._("Number"), width=18),
                Column(self.env._("Reported"), "instant"),
                Column(self.env._("Channel"), width=10),
                Column(self.env._("Community")),
                Column(self.env._("Unit"), width=14),
                Column(self.env._("Kind"), width=10),
                Column(self.env._("Problem"), width=22),
                Column(self.env._("Subject"), width=36),
                Column(self.env._("Urgency"), width=10),
                Column(self.env._("Responsible"), width=12),
                Column(self.env._("Accepted"), "instant"),
                Column(self.env._("Done"), "instant"),
                Column(self.env._("Closed"), "instant"),
                Column(self.env._("Hours to Done"), "hours"),
                Column(self.env._("Times Reopened"), "count"),
                Column(self.env._("Status"), width=10),
                Column(self.env._("Result"), width=36),
            ],
            [
                [
                    ticket.name,
                    local(ticket.reported_at),
                    labels["channel"].get(ticket.channel),
                    ticket.community_id.name,
                    ticket.unit_id.code,
                    labels["kind"].get(ticket.kind),
                    ticket.category_id.name,
                    ticket.subject,
                    labels["urgency"].get(ticket.urgency),
                    ticket.user_id.name,
                    local(ticket.accepted_at),
                    local(ticket.done_at),
                    local(ticket.closed_at),
                    ticket.hours_to_done if ticket.done_at else None,
                    ticket.reopened_count,
                    labels["state"].get(ticket.state),
                    ticket.result,
                ]
                for ticket in self
            ],
            self.env._("Total"),
        )

    def action_export_register(self):
        """Download the register of the chosen tickets as a workbook."""
        content = build([self._get_register_table(self.env.company.name)])
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Ticket register.xlsx"),
                "raw": content,
                "mimetype": "application/vnd.openxmlformats-officedocument"
                ".spreadsheetml.sheet",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
