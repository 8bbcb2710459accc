from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import identity
from .confidential import CONFIDENTIAL, CONFIDENTIAL_GROUP, MASKS
from .property_disclosure_log import DISCLOSED

# Who may ask for which data, stating a reason; the group Confidential Data may always.
PHONE_ROLES = ",".join(
    f"property_base.group_property_{role}"
    for role in ("frontdesk", "engineer", "security", "cashier")
)
IDENTITY_ROLES = "property_base.group_property_frontdesk"


class ResPartner(models.Model):
    _inherit = "res.partner"

    birthdate = fields.Date(
        string="Birth Date",
        compute="_compute_birthdate",
        store=True,
        readonly=False,
        copy=False,
        groups=CONFIDENTIAL_GROUP,
        help="Taken from the identity card number where that carries it.",
    )
    phone_masked = fields.Char(
        string="Phone (Masked)",
        compute="_compute_masked",
        compute_sudo=True,
        groups="property_base.group_property_user",
    )
    phone2_masked = fields.Char(
        string="Second Phone (Masked)",
        compute="_compute_masked",
        compute_sudo=True,
        groups="property_base.group_property_user",
    )
    identity_masked = fields.Char(
        string="Identity No.",
        compute="_compute_masked",
        inverse="_inverse_identity_masked",
        compute_sudo=True,
        groups="property_base.group_property_user",
        help="Enter the number in full; it is shown masked.",
    )
    birthdate_masked = fields.Char(
        string="Birth Date (Masked)",
        compute="_compute_masked",
        compute_sudo=True,
        groups="property_base.group_property_user",
    )
    birthdate_entry = fields.Date(
        string="Enter Birth Date",
        compute="_compute_birthdate_entry",
        inverse="_inverse_birthdate_entry",
        groups="property_base.group_property_user",
        help="For people without an identity card, such as children; shown masked.",
    )
    phone_warning = fields.Selection(
        [("none", "No Phone"), ("one", "One Phone")],
        string="Phones on File",
        compute="_compute_phone_warning",
        compute_sudo=True,
        groups="property_base.group_property_user",
        help="A household should leave at least two numbers.",
    )
    suspicious_number = fields.Boolean(
        compute="_compute_suspicious_number",
        store=True,
        precompute=True,
        compute_sudo=True,
        help="A phone or identity number does not look like one.",
    )
    number_warning = fields.Char(
        compute="_compute_number_warning",
        compute_sudo=True,
        groups="property_base.group_property_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("identity_number")
    def _compute_birthdate(self):
        for partner in self:
            partner.birthdate = (
                identity.birthdate(partner.identity_number) or partner.birthdate
            )

    @api.depends("phone", "phone2", "identity_number", "birthdate")
    def _compute_masked(self):
        for partner in self:
            partner.phone_masked = identity.mask_phone(partner.phone)
            partner.phone2_masked = identity.mask_phone(partner.phone2)
            partner.identity_masked = identity.mask_identity(partner.identity_number)
            partner.birthdate_masked = identity.mask_date(partner.birthdate)

    def _inverse_identity_masked(self):
        for partner in self:
            stated = partner.identity_masked
            # whoever keeps households enters what he may not read back
            stored = partner.sudo()
            if identity.is_masked(stated):
                if stated != identity.mask_identity(stored.identity_number):
                    raise UserError(self._get_mask_message(stated))
            else:
                stored.identity_number = stated

    def _compute_birthdate_entry(self):
        self.birthdate_entry = False

    def _inverse_birthdate_entry(self):
        for partner in self.filtered("birthdate_entry"):
            # as for the identity number
            partner.sudo().birthdate = partner.birthdate_entry

    @api.depends("phone", "phone2")
    def _compute_phone_warning(self):
        for partner in self:
            numbers = len({partner.phone or "", partner.phone2 or ""} - {""})
            partner.phone_warning = ("none", "one", False)[numbers]

    @api.depends("phone", "phone2", "identity_number")
    def _compute_suspicious_number(self):
        for partner in self:
            partner.suspicious_number = any(partner._get_number_problems())

    @api.depends("phone", "phone2", "identity_number")
    @api.depends_context("lang")
    def _compute_number_warning(self):
        wording = self._get_problem_wording()
        for partner in self:
            partner.number_warning = " ".join(
                wording[problem] for problem in partner._get_number_problems()
            )

    def _get_number_problems(self):
        """Return the codes of what looks wrong with the numbers of a partner."""
        self.ensure_one()
        return identity.number_problems(self.phone, self.phone2, self.identity_number)

    @api.model
    def _get_problem_wording(self):
        return {
            "format": self.env._("A phone number does not look like one."),
            "placeholder": self.env._("A phone number looks made up."),
            "length": self.env._("The identity number has neither 15 nor 18 digits."),
            "region": self.env._("The identity number begins with no region."),
            "birth": self.env._("The identity number carries no possible birth date."),
            "checksum": self.env._("The check digit of the identity number is wrong."),
        }

    @api.onchange("phone", "phone2", "identity_number", "identity_masked")
    def _onchange_suspicious_number(self):
        """Say what looks wrong while it is typed; it can be saved all the same."""
        problems = [
            identity.check_phone(number)
            for number in (self.phone, self.phone2)
            if not identity.is_masked(number)
        ]
        stated = self.identity_masked
        if identity.is_masked(stated):
            stated = self._sees_confidential() and self.identity_number
        problems.append(identity.check_identity(stated or ""))
        if problems := list(dict.fromkeys(filter(None, problems))):
            wording = self._get_problem_wording()
            return {
                "warning": {
                    "title": self.env._("Please Check the Number"),
                    "message": " ".join(wording[problem] for problem in problems),
                    "type": "notification",
                }
            }
        return {}

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_masks(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Take a mask that comes back from a form for what it is: no change."""
        unchanged = {
            name
            for name, mask in MASKS.items()
            if identity.is_masked(vals.get(name))
            # compared on the server, not shown
            and all(mask(partner[name]) == vals[name] for partner in self.sudo())
        }
        if unchanged:
            vals = {
                name: value for name, value in vals.items() if name not in unchanged
            }
        self._refuse_masks(vals)
        return super().write(vals)

    def _refuse_masks(self, vals):
        for name in MASKS:
            if identity.is_masked(vals.get(name)):
                raise UserError(self._get_mask_message(vals[name]))

    def _get_mask_message(self, number):
        return self.env._(
            "%(number)s is a masked number. Enter the number in full.", number=number
        )

    def copy_data(self, default=None):
        """Leave out of a copy what the user could otherwise read from it."""
        result = super().copy_data(default)
        names = [name for name in CONFIDENTIAL if name in self._fields]
        hidden = self._get_hidden_people(names)
        for partner, vals in zip(self, result, strict=True):
            for name in names:
                if (
                    vals
                    and (partner.id, name) in hidden
                    and name not in (default or {})
                ):
                    vals.pop(name, None)
        return result

    # === PRIVACY === #

    def _linked_to_units(self):
        """Return the partners who have or had a role in a unit."""
        # whether somebody lives on the estate decides what is hidden, also from those
        # who see no households
        Occupancy = self.env["property.occupancy"].sudo()
        known = self.env.cr.cache.get("property_linked")
        if known is None:  # else within one export, see `_export_rows`
            known, ids = {}, self.ids
        else:
            ids = [id_ for id_ in self._prefetch_ids if id_ and id_ not in known]
        if ids:
            groups = Occupancy._read_group([("partner_id", "in", ids)], ["partner_id"])
            known.update(dict.fromkeys(ids, False))
            known.update({partner.id: True for [partner] in groups})
        return self.filtered(lambda partner: known.get(partner.id))

    def _get_initials(self):
        """Return the avatar that stands in for a photo (base64)."""
        self.ensure_one()
        return self._avatar_generate_svg() if self.name else False

    def _may_disclose(self, names):
        """Return whether the user may have these fields shown on stating a reason."""
        user = self.env.user
        if self._sees_confidential():
            return True
        identifying = set(names) - {"phone", "phone2"}
        return user.has_groups(IDENTITY_ROLES if identifying else PHONE_ROLES)

    def _disclose(self, names, reason, note=False, unit=None):
        """Return confidential data of one person in full and log that it was shown.

        :param names: fields of `DISCLOSED`
        :param str reason: one of the reasons of `property.disclosure.log`
        :param str note: the reason in words
        :param unit: property.unit on whose account it is asked; default: where the
            person last had a role
        :return: property.disclosure.log, and dict field name -> value
        :raises AccessError: if the user may not, or sees no unit of the person
        """
        self.ensure_one()
        self.check_access("read")
        occupancies = self.env["property.occupancy"].search(
            Domain("partner_id", "=", self.id)
            & (Domain("unit_id", "=", unit.id) if unit else Domain.TRUE),
            order="date_start desc",
            limit=1,
        )
        names = [name for name in DISCLOSED if name in names]
        if not self._may_disclose(names) or not occupancies:
            raise AccessError(
                self.env._(
                    "You may not see confidential data of %(person)s.", person=self.name
                )
            )
        # nobody may write the log himself
        log = (
            self.env["property.disclosure.log"]
            .sudo()
            .create(
                {
                    "kind": "reveal",
                    "partner_id": self.id,
                    "unit_id": occupancies.unit_id.id,
                    "company_id": occupancies.company_id.id,
                    "field_names": ",".join(names),
                    "reason": reason,
                    "note": note,
                    "user_id": self.env.uid,
                }
            )
        )
        # allowed and logged
        stored = self.sudo()
        return log, {name: stored[name] for name in names}

    def _log_export(self, names):
        """Log that the user took confidential data of the partners out of Odoo."""
        Occupancy = self.env["property.occupancy"].sudo()  # as in _linked_to_units
        last = Occupancy._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["unit_id:max"]
        )
        units = Occupancy.unit_id.browse(unit_id for _partner, unit_id in last)
        # nobody may write the log himself
        self.env["property.disclosure.log"].sudo().create(
            [
                {
                    "kind": "export",
                    "partner_id": partner.id,
                    "unit_id": unit.id,
                    "company_id": unit.company_id.id,
                    "field_names": ",".join(sorted(names)),
                    "user_id": self.env.uid,
                }
                for (partner, _unit_id), unit in zip(last, units, strict=True)
            ]
        )

    def _build_vcard(self):
        vcard = super()._build_vcard()
        if vcard and self._get_hidden_people(["phone"]):
            for part in ("tel", "photo"):
                if part in vcard.contents:
                    del vcard.contents[part]
        return vcard

    def action_reveal(self):
        """Ask for the reason, then show confidential data of the person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Show Confidential Data"),
            "res_model": "property.disclosure",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_unit_id": self.env.context.get("property_unit_id"),
            },
        }
