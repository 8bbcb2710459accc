from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.tools.background import in_chunks

TODO = "property_service.activity_order"
CHUNK_SIZE = 500
MOST_LISTED = 20


class PropertyWorkOrder(models.Model):
    """How engineers hear of their orders.

    An order is on its engineer's list of things to do at once. The message to him is sent
    in the background, one about everything that he was given since the last, so that
    giving out many orders neither keeps the desk waiting nor floods anybody.
    """

    _inherit = "property.work.order"

    is_told = fields.Boolean(
        default=False, copy=False, help="The engineer was sent a message about it."
    )

    _untold_idx = models.Index(
        "(user_id) WHERE state = 'given' AND is_told IS NOT TRUE"
    )

    def write(self, vals):
        if vals.get("state") in ("open", "done", "cancelled"):
            self._take_off_lists()
        return super().write(vals)

    # === LIST OF THINGS TO DO === #

    def _put_on_lists(self):
        """Put orders that were just given out on the lists of their engineers."""
        told = self.filtered(lambda order: not order.is_told)
        if not told:
            return
        kind = self.env.ref(TODO).id
        # No message for each of them: see the class.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": order.id,
                    "summary": order.subject,
                    "user_id": order.user_id.id,
                    "date_deadline": fields.Date.context_today(self),
                }
                for order in told
            ]
        )
        self.env.ref("property_service.ir_cron_tell_engineers")._trigger()

    def _take_off_lists(self):
        """Remove what was put on lists and is not anybody's to do any more."""
        # The list is the system's, whoever ends or passes on the order.
        self.env["mail.activity"].sudo().search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("activity_type_id", "=", self.env.ref(TODO).id)
        ).unlink()

    # === MESSAGES === #

    @api.model
    def _domain_untold(self):
        return Domain("state", "=", "given") & Domain("is_told", "=", False)

    @api.model
    def _cron_tell(self):
        """Tell engineers what they were given, in chunks that commit one by one."""
        in_chunks(
            self.env,
            self._tell_chunk,
            lambda: self.search_count(self._domain_untold()),
        )

    @api.model
    def _tell_chunk(self, limit=CHUNK_SIZE):
        """Send each engineer one message about some orders of which he was not told.

        :return: number of orders
        """
        orders = self.search(self._domain_untold(), limit=limit, order="id")
        orders = orders.try_lock_for_update()
        for user, given in orders.grouped("user_id").items():
            if user:
                given.with_context(lang=user.lang)._tell(user)
        orders.is_told = True
        return len(orders)

    def _tell(self, user):
        """Send one message about orders that somebody was given.

        :param user: res.users who was given them
        """
        rows = [
            Markup('<li><a href="/odoo/%s/%s">%s</a> %s</li>')
            % (
                self._name,
                order.id,
                order.display_name,
                order.unit_id.display_name or "",
            )
            for order in self[:MOST_LISTED]
        ]
        if len(self) > MOST_LISTED:
            more = self.env._("and %(count)s more", count=len(self) - MOST_LISTED)
            rows.append(Markup("<li>%s</li>") % more)
        subject = (
            self.env._("New order: %(order)s", order=self.display_name)
            if len(self) == 1
            else self.env._("%(count)s new orders", count=len(self))
        )
        # On one order the message leads there, several lead to the list.
        thread = self if len(self) == 1 else self.env["mail.thread"]
        thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul>") % Markup().join(rows),
        )
