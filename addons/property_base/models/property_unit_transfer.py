from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_list

from .property_occupancy import OWNER_ROLES, TENANT_ROLES


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    last_transfer_date = fields.Date(
        string="Last Transfer",
        readonly=True,
        copy=False,
        help="First day of the present ownership, if it was recorded as a transfer.",
    )

    # === HOOKS === #

    def _transfer_open_items(self, date):
        """Return what is still open on the units before they change hands.

        Each module adds its own: unpaid bills, keys that are out, open tickets. Called once
        for all units of a transfer, with the rights of the user who records it.

        :param date: first day of the new owners
        :return: list of dicts: `model` (name of the model), `label` (translated, what is
            open), `count`, `blocking` (whether the transfer has to wait for it),
            `action` (window action that opens the records, or False)
        """
        requests = self.env["property.change.request"].search(
            [("unit_id", "in", self.ids), ("state", "=", "proposed")]
        )
        if not requests:
            return []
        return [
            {
                "model": requests._name,
                "label": self.env._(
                    "Changes proposed by the household, not decided yet"
                ),
                "count": len(requests),
                "blocking": False,
                "action": requests._get_list_action(),
            }
        ]

    def _on_transfer(self, date, old_partners, new_partners):
        """React to a change of owners; called for each unit after occupancies have changed.

        Modules extend it to close what belongs to the old owners and to start what belongs
        to the new ones (an owner file, a payer, a welcome letter). It runs in the
        transaction of the transfer: what raises here undoes the transfer.

        :param date: first day of the new owners; the old ones end the day before
        :param old_partners: res.partner, empty when the unit had no owner
        :param new_partners: res.partner, the one with the largest share first
        """
        self.ensure_one()
        nobody = self.env._("nobody")
        message = self.env._(
            "Ownership passes on %(day)s: %(old)s to %(new)s.",
            day=format_date(self.env, date),
            old=format_list(self.env, old_partners.mapped("name")) or nobody,
            new=format_list(self.env, new_partners.mapped("name")) or nobody,
        )
        self.message_post(body=Markup("<p>%s</p>") % message)

    # === TRANSFER === #

    def _get_ownership_stamp(self):
        """Return a text that changes whenever the present or coming owners change.

        The wizard keeps it from the moment it opens; a transfer recorded by somebody else
        meanwhile is noticed by it.
        """
        owners = self.env["property.occupancy"].search(
            Domain("unit_id", "in", self._origin.ids)
            & Domain("role", "in", OWNER_ROLES)
            & Domain("date_end", "=", False),
            order="id",
        )
        return ",".join(map(str, owners.ids))

    def _lock_for_transfer(self):
        """Let one user at a time transfer the units.

        :raises UserError: when somebody else is doing it at this moment
        """
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(units)s at this moment. Nothing was"
                    " changed; please open the unit again and see who owns it now.",
                    units=format_list(self.env, self.mapped("code")),
                )
            ) from error

    def _transfer(
        self, date, kind, owners, *, keep_tenants=True, keep_others=False, stamp=None
    ):
        """Let the units change hands on a day.

        :param date: first day of the new owners
        :param str kind: how the unit is acquired, a value of `acquired_by`
        :param list owners: dicts with `partner_id`, `share` (percent) and `is_resident`
        :param keep_tenants: whether tenants and shop operators stay
        :param keep_others: whether family, agents and emergency contacts stay
        :param stamp: `_get_ownership_stamp` when the user last looked
        :raises UserError: when the units cannot change hands on that day, or somebody
            else has transferred one of them since
        """
        self._lock_for_transfer()
        self.env["property.occupancy"].invalidate_model()
        if stamp is not None and stamp != self._get_ownership_stamp():
            raise UserError(
                self.env._(
                    "The owners of %(units)s have been changed by somebody else since you"
                    " opened this window. Nothing was changed; please close it and look at"
                    " the unit again.",
                    units=format_list(self.env, self.mapped("code")),
                )
            )
        last_day = date - relativedelta(days=1)
        old = self._get_owners(last_day)
        self._end_occupancies(date, keep_tenants, keep_others)
        ranked = sorted(owners, key=lambda owner: -owner["share"])
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": owner["partner_id"],
                    "role": "co_owner" if rank else "owner",
                    "share": owner["share"],
                    "date_start": date,
                    "is_resident": owner["is_resident"]
                    and unit.unit_type not in ("parking", "storage"),
                    "acquired_by": kind,
                }
                for unit in self
                for rank, owner in enumerate(ranked)
            ]
        )
        # also makes a transaction that runs beside this one fail instead of going on with
        # the owners it has seen
        self.last_transfer_date = date
        self._part_with_others()
        nobody = self.env["res.partner"]
        new = nobody.browse([owner["partner_id"] for owner in ranked])
        for unit in self:
            unit._on_transfer(date, old.get(unit, nobody), new)

    def _end_occupancies(self, date, keep_tenants, keep_others):
        """End the day before whatever does not outlast the ownership."""
        staying = (TENANT_ROLES if keep_tenants else ()) + (
            ("family", "agent", "emergency") if keep_others else ()
        )
        leaving = self.env["property.occupancy"].search(
            Domain("unit_id", "in", self.ids)
            & Domain("role", "not in", staying)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
        )
        late = leaving.filtered(
            lambda person: person.date_start >= date and person.role in OWNER_ROLES
        )
        if late:
            raise UserError(
                self.env._(
                    "%(person)s owns %(unit)s from %(day)s on. The new owners can only"
                    " start after that day.",
                    person=late[0].partner_id.name,
                    unit=late[0].unit_id.code,
                    day=format_date(self.env, late[0].date_start),
                )
            )
        ending = leaving.filtered(lambda person: person.date_start < date)
        ending.date_end = date - relativedelta(days=1)
        # an owner may begin anew with another share
        ending.flush_recordset(["date_end"])

    def _part_with_others(self):
        """Untie parking and storage from a home that has other owners now."""
        tied = self.filtered("parent_id") | self.child_ids
        tied.filtered(
            lambda child: (child in self) != (child.parent_id in self)
        ).parent_id = False

    def action_transfer(self):
        """Open the wizard that records a change of owners."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer of Ownership"),
            "res_model": "property.transfer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_unit_id": self.id},
        }
