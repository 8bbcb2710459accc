from odoo import api, models
from odoo.tools import email_normalize

from ..tools import mail

TICKET = "property.ticket"


class MailThread(models.AbstractModel):
    """The way of an e-mail to a ticket: readable letters, no talk between machines."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Read a mail after mending which encoding its texts have."""
        mail.mend(message)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Keep what machines answer, and what we sent ourselves, from making tickets.

        Under a ticket that exists such a mail is kept, but it asks for no answer.
        """
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if not any(route[0] == TICKET for route in routes or ()):
            return routes
        if mail.is_machine_answer(message) or self._is_own_address(message_dict):
            message_dict["message_type"] = "out_of_office"
            routes = [route for route in routes if route[0] != TICKET or route[1]]
        return routes

    @api.model
    def _is_own_address(self, message_dict):
        """Return whether a mail says that it comes from one of our own addresses."""
        sender = email_normalize(message_dict.get("email_from") or "")
        if not sender:
            return False
        # The addresses of the system; whoever runs the gateway need not read them.
        domains = self.env["mail.alias.domain"].sudo().search([], limit=1000)
        own = {
            email_normalize(address)
            for domain in domains
            for address in (
                domain.catchall_email,
                domain.bounce_email,
                domain.default_from_email,
            )
            if address
        }
        return sender in own or bool(
            self.env["mail.alias"]
            .sudo()  # as above
            .search_count([("alias_full_name", "=ilike", sender)], limit=1)
        )
