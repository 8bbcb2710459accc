from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.property_base.tools.text import clean

from ..models.property_ticket_rating import RATED_STATES
from ..tools.transitions import ENDED_STATES
from .photos import read_photos
from .portal import PropertyTicketPortal

MAX_NOTE = 1000
MAX_PHOTOS_OF_TICKET = 60


class PropertyTicketFeedback(PropertyTicketPortal):
    """What a household answers on its ticket: agree, refuse, withdraw, rate, photos.

    Whoever belongs to the household may answer, and whoever has the link of the e-mail,
    because not every household has a login. Portal users hold no right to write; each
    route checks who asks and then writes a fixed set of fields as the system.
    """

    def _get_ticket_page_values(self, ticket):
        values = super()._get_ticket_page_values(ticket)
        rating = ticket._get_current_rating()
        return {
            **values,
            "timeline": ticket._get_timeline(),
            "next_visit": ticket._get_next_visit(),
            "engineer": ticket._get_portal_engineer(),
            "photos": ticket._get_portal_photos(),
            "rating": rating,
            "may_answer": self._may_answer(ticket),
            "may_rate": ticket.state in RATED_STATES and not rating,
            "may_add": ticket.state not in ENDED_STATES,
        }

    def _may_answer(self, ticket):
        """Return whether the visitor of the page is the household, not staff."""
        user = request.env.user
        # By the link: a check of the page itself, which handed out the ticket.
        return user._is_public() or user.share or ticket.sudo(False).is_own_household

    def _open_ticket(self, ticket_id, access_token):
        """Return the ticket for a visitor who belongs to the household or has the link.

        :raise NotFound: it is not his, so that nobody learns which tickets exist
        """
        try:
            ticket = self._document_check_access(
                "property.ticket", ticket_id, access_token
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        if not self._may_answer(ticket):
            raise request.not_found()
        return ticket

    def _get_household(self, ticket):
        """Return who answers: the user, or by the link the caller of the ticket."""
        user = request.env.user
        return ticket.partner_id if user._is_public() else user.partner_id

    def _post_as_household(self, ticket, body, **values):
        """Post a message in the name of the household."""
        partner = self._get_household(ticket)
        sender = {} if partner else {"email_from": ticket.email_from or ticket.name}
        return ticket.message_post(
            body=body,
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **sender,
            **values,
        )

    def _run(self, ticket, access_token, method, *args, anchor=""):
        """Do what the household asks, all of it or nothing, and show the page again.

        What keeps it from being done is said on the page.
        """
        try:
            with request.env.cr.savepoint():
                method(ticket, *args)
        except UserError as error:
            return self._show_ticket(ticket.id, access_token, error=error.args[0])
        url = ticket.access_url
        if access_token:
            url = f"{url}?access_token={ticket.access_token}"
        return request.redirect(url + anchor)

    # === ROUTES === #

    @http.route(
        "/my/tickets/<int:ticket_id>/<any(confirm, reopen, cancel):answer>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_answer_ticket(
        self, ticket_id, answer, note="", rate="", access_token=None, **kwargs
    ):
        ticket = self._open_ticket(ticket_id, access_token)
        return self._run(ticket, access_token, self._answer_ticket, answer, note, rate)

    @http.route(
        "/my/tickets/<int:ticket_id>/rate",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_rate_ticket(
        self, ticket_id, rate="", feedback="", access_token=None, **kwargs
    ):
        ticket = self._open_ticket(ticket_id, access_token)
        return self._run(
            ticket, access_token, self._rate_ticket, rate, feedback, anchor="#answer"
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/photos",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_add_photos(self, ticket_id, note="", access_token=None, **kwargs):
        ticket = self._open_ticket(ticket_id, access_token)
        return self._run(ticket, access_token, self._add_photos, note, anchor="#photos")

    @http.route(
        "/my/tickets/<int:ticket_id>/photos/<int:attachment_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_ticket_photo(
        self, ticket_id, attachment_id, access_token=None, **kwargs
    ):
        """Send a photo of the ticket or of its visits.

        :raise NotFound: it is no photo of this ticket, or the ticket is not his
        """
        try:
            ticket = self._document_check_access(
                "property.ticket", ticket_id, access_token
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        for _caption, photos in ticket._get_portal_photos():
            if photo := photos.filtered(lambda one: one.id == attachment_id):
                stream = request.env["ir.binary"]._get_image_stream_from(photo)
                return stream.get_response()
        raise request.not_found()

    # === WHAT IS DONE === #

    def _answer_ticket(self, ticket, answer, note, rate):
        """Step a ticket as its household asks.

        :raise UserError: when the ticket is not where this answer belongs
        """
        note = clean(note, MAX_NOTE)
        if answer == "confirm":
            ticket.action_confirm()
            if rate:
                # The words belong to the rating.
                self._rate_ticket(ticket, rate, note)
                return
        elif answer == "reopen":
            self._reopen_ticket(ticket, note)
        else:
            self._withdraw_ticket(ticket, note)
        if note:
            self._post_as_household(ticket, note)

    def _reopen_ticket(self, ticket, note):
        # Rejected tickets are reconsidered by the desk only.
        if ticket.state not in ("done", "confirmed"):
            raise UserError(request.env._("This ticket cannot be taken up again here."))
        if not note:
            raise UserError(request.env._("Say what is still wrong."))
        ticket.write({"state": "accepted"})

    def _withdraw_ticket(self, ticket, note):
        if ticket.state in ENDED_STATES:
            raise UserError(request.env._("This ticket has ended already."))
        if ticket.state != "new":
            raise UserError(
                request.env._("We are already working on it; please call us to cancel.")
            )
        ticket.write(
            {
                "state": "cancelled",
                "close_reason": note or request.env._("Cancelled by the household"),
            }
        )

    def _rate_ticket(self, ticket, rate, feedback):
        """Keep the stars that the household gives.

        :raise UserError: nothing has been done yet, or no stars were given
        """
        if ticket.state not in RATED_STATES:
            raise UserError(request.env._("There is nothing to rate yet."))
        if rate not in ("1", "2", "3", "4", "5"):
            raise UserError(request.env._("Give one to five stars."))
        ticket._rate(int(rate), feedback, self._get_household(ticket))

    def _add_photos(self, ticket, note):
        """Add photos to a ticket that has not ended.

        :raise UserError: the ticket has ended, or what was sent is no photo
        """
        if ticket.state in ENDED_STATES:
            raise UserError(request.env._("This ticket has ended; make a new request."))
        photos = read_photos(request.httprequest.files.getlist("photos"))
        if not photos:
            raise UserError(request.env._("Choose a photo first."))
        known = sum(len(found) for _caption, found in ticket._get_portal_photos())
        if known + len(photos) > MAX_PHOTOS_OF_TICKET:
            raise UserError(
                request.env._(
                    "A ticket holds at most %(count)s photos.",
                    count=MAX_PHOTOS_OF_TICKET,
                )
            )
        self._post_as_household(ticket, clean(note, MAX_NOTE), attachments=photos)
