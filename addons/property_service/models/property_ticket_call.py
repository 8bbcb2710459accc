from odoo import api, fields, models

LATEST = 20


class PropertyTicket(models.Model):
    """What a call leaves on a ticket: who called, who else did, what is known there."""

    _inherit = "property.ticket"

    caller_name = fields.Char(
        string="Caller's Name",
        help="Of somebody who is not among the contacts.",
    )
    intake_token = fields.Char(readonly=True, copy=False, exportable=False)
    reporter_ids = fields.One2many(
        "property.ticket.reporter", "ticket_id", string="Further Reporters"
    )
    reporter_count = fields.Integer(
        string="Further Reports",
        compute="_compute_reporter_count",
        store=True,
        precompute=True,
    )
    house_fact_ids = fields.Many2many(
        "property.house.fact",
        string="Known Facts",
        compute="_compute_house_fact_ids",
        help="What is known of the house.",
    )
    procedure_id = fields.Many2one(
        "property.procedure",
        compute="_compute_procedure_id",
        help="How such a matter is dealt with.",
    )

    _intake_token_uniq = models.UniqueIndex(
        "(intake_token) WHERE intake_token IS NOT NULL", "The call was already saved."
    )

    @api.depends("reporter_ids")
    def _compute_reporter_count(self):
        counts = dict(
            self.env["property.ticket.reporter"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.reporter_count = counts.get(ticket._origin, 0)

    @api.depends("unit_id", "building_id", "community_id")
    @api.depends_context("uid")
    def _compute_house_fact_ids(self):
        Fact = self.env["property.house.fact"]
        today = fields.Date.context_today(self)
        readable = Fact.has_access("read")
        for ticket in self:
            ticket.house_fact_ids = (
                Fact._find(
                    ticket.community_id,
                    ticket.building_id,
                    ticket.unit_id._origin,
                    today,
                )
                if readable and ticket.community_id
                else Fact
            )

    @api.depends("category_id", "kind", "company_id")
    def _compute_procedure_id(self):
        codes = {
            ticket: ticket.category_id._get_procedure_code(ticket.kind)
            for ticket in self
        }
        Procedure = self.env["property.procedure"]
        for company, tickets in self.grouped("company_id").items():
            versions = Procedure._in_force(
                {codes[ticket] for ticket in tickets if codes[ticket]}, company
            )
            for ticket in tickets:
                version = versions.get(codes[ticket])
                ticket.procedure_id = version.procedure_id if version else False

    def write(self, vals):
        """Tell who else reported a matter that it is done; the caller is told anyway."""
        if vals.get("state") != "done":
            return super().write(vals)
        before = {ticket: ticket.state for ticket in self}
        result = super().write(vals)
        for ticket in self:
            # Whoever finishes the work need not read who called about it.
            others = ticket.sudo().reporter_ids.partner_id - ticket.partner_id
            if others and before[ticket] != "done":
                ticket.message_post(
                    body=self.env._(
                        "%(subject)s: done. %(result)s",
                        subject=ticket.subject,
                        result=ticket.result,
                    ),
                    message_type="comment",
                    subtype_xmlid="mail.mt_note",
                    partner_ids=others.ids,
                )
        return result

    def _add_reporter(self, vals):
        """Note that somebody else reported the same matter; he is told when it is done.

        :param dict vals: values of property.ticket.reporter, without the ticket
        :return: property.ticket.reporter
        """
        self.ensure_one()
        # Whoever takes the call notes it, also those who do not work on tickets.
        Reporter = self.env["property.ticket.reporter"].sudo()
        reporter = Reporter.create(
            {"user_id": self.env.uid, **vals, "ticket_id": self.id}
        )
        who = reporter.display_name or self.env._("Somebody")
        body = self.env._("Also reported by %(who)s.", who=who)
        if reporter.note:
            body = f"{body} {reporter.note}"
        self.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_note"
        )
        return reporter
