from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

DELEGATION = (
    "property_delegate_id",
    "property_delegate_from",
    "property_delegate_until",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    property_delegate_id = fields.Many2one(
        "res.users",
        string="Approvals Delegated To",
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', id)]",
        help="Decides in the user's place from the first to the last day of his absence."
        " Not on what either of them submitted, and not handed on to a delegate of his own.",
    )
    property_delegate_from = fields.Date(string="Delegated From")
    property_delegate_until = fields.Date(string="Delegated Until")

    _property_delegation_dates = models.Constraint(
        "CHECK(property_delegate_id IS NULL OR"
        " property_delegate_from <= property_delegate_until)",
        "A delegation ends on or after the day on which it starts.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + list(DELEGATION)

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + list(DELEGATION)

    @api.constrains(*DELEGATION)
    def _check_property_delegation(self):
        """Refuse open-ended delegations and delegates who are no colleague."""
        for user in self.filtered("property_delegate_id"):
            delegate = user.property_delegate_id
            if delegate == user or delegate.share or user.share:
                raise ValidationError(
                    self.env._(
                        "%(delegate)s cannot decide in the place of %(user)s: choose another"
                        " internal user.",
                        delegate=delegate.name,
                        user=user.name,
                    )
                )
            if not user.property_delegate_from or not user.property_delegate_until:
                raise ValidationError(
                    self.env._(
                        "Say from when until when %(delegate)s decides in the place of"
                        " %(user)s.",
                        delegate=delegate.name,
                        user=user.name,
                    )
                )

    def write(self, vals):
        """Bring the activities of pending documents in line with who now decides."""
        result = super().write(vals)
        if set(DELEGATION) & vals.keys():
            self.env["property.approval.request"]._trigger_sync()
        return result

    @api.model
    def _property_domain_delegating(self, date):
        """Return the domain of the users who are replaced by a delegate on a day."""
        return (
            Domain("property_delegate_id", "!=", False)
            & Domain("property_delegate_from", "<=", date)
            & Domain("property_delegate_until", ">=", date)
        )
