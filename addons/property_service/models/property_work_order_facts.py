from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .property_work_order import STAMPS

# Written by the steps and by signing, never by hand: promises and pay are measured on them.
FACTS = {
    *STAMPS.values(),
    "return_count",
    "rework_of_id",
    "signature",
    "signed_by",
    "signed_at",
}
IDENTITY = {"name", "ticket_id"}
PHOTOS = {"before_ids", "after_ids"}


class PropertyWorkOrder(models.Model):
    """What of an order only its steps write, whoever asks over RPC; its photos."""

    _inherit = "property.work.order"

    @api.model_create_multi
    def create(self, vals_list):
        # A form sends what it does not show, too, as long as it is empty.
        stated = [{name for name in vals if vals[name]} for vals in vals_list]
        self._check_facts(FACTS, stated)
        orders = super().create(vals_list)
        if any(PHOTOS & vals.keys() for vals in vals_list):
            orders._adopt_photos()
        return orders

    def write(self, vals):
        self._check_facts(FACTS | IDENTITY, [set(vals)])
        result = super().write(vals)
        if PHOTOS & vals.keys():
            self._adopt_photos()
        return result

    @api.model
    def _check_facts(self, facts, stated):
        """Refuse values that only the steps of a visit write.

        :param set facts: names of fields
        :param list stated: set of the names of the fields that are to be written
        :raise AccessError: there are some among them
        """
        if self.env.su:
            return
        if any(facts & names for names in stated):
            raise AccessError(
                self.env._(
                    "Number, ticket, times and signature of an order are written by its"
                    " steps, never directly."
                )
            )

    def _adopt_photos(self):
        """Give uploads to their order, so that whoever reads it sees them."""
        for order in self:
            photos = order.before_ids | order.after_ids
            photos.filtered(lambda photo: not photo.res_id).write(
                {"res_model": self._name, "res_id": order.id}
            )

    def _sign(self, name, signature):
        """Keep the signature of the household.

        :param str name: who signed
        :param str signature: image in base64
        :raise UserError: the order has been signed, or the visit has not begun
        """
        self.ensure_one()
        # Below the system writes, so whoever has it signed is asked for his right here.
        self.check_access("write")
        self._lock()
        if self.signed_at or self.state not in ("arrived", "done"):
            raise UserError(self.env._("This order cannot be signed now."))
        if not (name or "").strip() or not signature:
            raise UserError(self.env._("Name and signature are both needed."))
        # As said above.
        self.sudo().write(
            {
                "signature": signature,
                "signed_by": name.strip()[:64],
                "signed_at": fields.Datetime.now(),
            }
        )
