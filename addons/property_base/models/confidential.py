"""What leaves the server of the confidential data of people linked to units.

Identity number and birth date are fields of ours with `groups=`, and the ORM guards them.
Phone and photo are Odoo's own fields of a partner: taking them from everybody would break
Odoo, and code that runs for a clerk (a bill, a text message, a print) must go on reading
them. So nothing changes inside the server; what leaves it is masked, for whoever lacks the
group Confidential Data, whatever else he may do in Odoo, and only for people linked to a unit.
His own data everybody sees.

The ways out, each closed here or in the model named: `read`, `web_read`, `search_read` and the
values of an onchange (`_read_format`); export (`_export_rows`, which also writes the disclosure
log for those who may); groups and aggregates; copies, vCards and masks that come back from a
form (`res.partner`); images and attachments over HTTP (`ir.binary`, `ir.attachment`); old and
new value in the chatter (`mail.tracking.value`). It holds for related fields of any model too,
such as `res.users.phone` or the phone shown on a vehicle; a model that copies a number into a
stored field of its own names it in `_get_confidential_copies`. Searching by a number stays
possible, because a caller is found by his number.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import frozendict, ormcache

from ..tools import identity

CONFIDENTIAL_GROUP = "property_base.group_property_confidential"
MASKS = {
    "phone": identity.mask_phone,
    "phone2": identity.mask_phone,
    "phone_sanitized": identity.mask_phone,
}
PHOTOS = frozenset(
    f"{kind}_{size}"
    for kind in ("image", "avatar")
    for size in (1920, 1024, 512, 256, 128)
)
AVATARS = frozenset(name for name in PHOTOS if name.startswith("avatar_"))
CONFIDENTIAL = frozenset({*MASKS, *PHOTOS, "identity_number", "birthdate"})


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _sees_confidential(self):
        """Return whether the user sees confidential data in full."""
        return self.env.su or self.env.user.has_group(CONFIDENTIAL_GROUP)

    @api.model
    @ormcache("self._name")
    def _get_confidential_fields(self):
        """Return which fields show confidential data of a partner.

        :return: dict field name -> (path to the partner, confidential field of the partner)
        """
        if self._name == "res.partner":
            return frozendict(
                {name: ("", name) for name in CONFIDENTIAL if name in self._fields}
            )
        sources = {
            name: self._trace_to_partner(field) for name, field in self._fields.items()
        }
        found = {name: source for name, source in sources.items() if source}
        return frozendict({**found, **self._get_confidential_copies()})

    @api.model
    def _get_confidential_copies(self):
        """Return the stored fields that keep what is confidential of a partner.

        :return: dict field name -> (path to the partner, confidential field of the partner)
        """
        return {}

    def _filtered_copies_needed(self):
        """Return the records whose copies the user has to see in full to do his work."""
        return self.browse()

    @api.model
    def _trace_to_partner(self, field):
        """Follow a related field to a confidential field of a partner.

        :return: (path to the partner, field of the partner); None for any other field
        """
        path = []
        while field.related:
            *steps, name = field.related.split(".")
            model = self.env[field.model_name]
            for step in steps:
                model = self.env.get(model._fields[step].comodel_name)
                if model is None:
                    return None
            path += steps
            field = model._fields[name]
        if field.model_name == "res.partner" and field.name in CONFIDENTIAL:
            return ".".join(path), field.name
        return None

    def _get_confidential_people(self, names):
        """Return whose data the fields of the records show.

        :param names: names of confidential fields of the model
        :return: dict (record id, field name) -> stored res.partner
        """
        confidential = self._get_confidential_fields()
        people = {}
        for record in self.sudo():  # only who it is, the field itself is checked apart
            for name in names:
                partner = record
                for step in filter(None, confidential[name][0].split(".")):
                    partner = partner[step]
                if len(partner) > 1:
                    partner = partner[0]
                if partner._origin:
                    people[record.id, name] = partner._origin
        return people

    def _get_hidden_people(self, names):
        """Return of `_get_confidential_people` those whose data the user may not see."""
        if not names or self._sees_confidential():
            return {}
        people = self._get_confidential_people(names)
        if not people:
            return {}
        partners = self.env["res.partner"].union(*people.values())
        together = next(iter(people.values()))._prefetch_ids
        hidden = partners.with_prefetch(together)._linked_to_units()
        hidden -= self.env.user.partner_id
        copies = self._get_confidential_copies()
        needed = set(self._filtered_copies_needed()._ids) if copies else ()
        return {
            (record_id, name): partner
            for (record_id, name), partner in people.items()
            if partner in hidden and not (name in copies and record_id in needed)
        }

    def _hide(self, name, value):
        """Return what is left of the value of a confidential field."""
        mask = MASKS.get(self._get_confidential_fields()[name][1])
        return mask(value) if mask and value else False

    # === READING === #

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load)
        confidential = self._get_confidential_fields()
        if not confidential:
            return result
        names = [name for name in fnames if name in confidential]
        hidden = self._get_hidden_people(names)
        if not hidden:
            return result
        for values in result:
            for name in names:
                if partner := hidden.get((values["id"], name)):
                    source = confidential[name][1]
                    # in a form, what has just been typed differs from what is stored
                    stored = self._get_stored_confidential(values["id"], name, partner)
                    typed = source in MASKS and values[name] not in stored
                    if source in AVATARS:
                        # of a form, the size only: its address shows initials
                        if not self.env.context.get("bin_size"):
                            # drawn from the name, which the user sees anyway
                            values[name] = partner.sudo()._get_initials()
                    elif not typed:
                        values[name] = self._hide(name, values[name])
        return result

    def _get_stored_confidential(self, record_id, name, partner):
        """Return what is on file for a field of a record: with the person, or as a copy."""
        # compared on the server, not shown
        stored = {partner.sudo()[self._get_confidential_fields()[name][1]]}
        if name in self._get_confidential_copies():
            stored.add(self.browse(record_id)._origin.sudo()[name])  # as above
        return stored

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_confidential_aggregate(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec.partition(":")[2] not in ("count", "count_distinct"):
            self._check_confidential_aggregate(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _check_confidential_aggregate(self, spec):
        name = spec.partition(":")[0]
        if name in self._get_confidential_fields() and not self._sees_confidential():
            raise AccessError(
                self.env._(
                    "Only the group Confidential Data may group by %(field)s.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    # === EXPORT === #

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not _is_toplevel_call:
            return self._export_guarded_rows(fields, _is_toplevel_call=False)
        # a column that leads to other records exports them one by one: they share what is
        # known of people, and one writing of the log
        cache = self.env.cr.cache
        exported = cache["property_exported"] = {}
        cache["property_linked"] = {}
        try:
            rows = self._export_guarded_rows(fields, _is_toplevel_call=True)
        finally:
            cache.pop("property_exported", None)
            cache.pop("property_linked", None)
        Partner = self.env["res.partner"]
        for names in set(exported.values()):
            Partner.browse(
                partner_id for partner_id in exported if exported[partner_id] == names
            )._log_export(names)
        return rows

    def _export_guarded_rows(self, fields, *, _is_toplevel_call):
        confidential = self._get_confidential_fields()
        places = {
            place: path[0]
            for place, path in enumerate(fields)
            if path and path[0] in confidential
        }
        if not places:
            # pylint: disable-next=super-method-mismatch
            return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        # the column of ids tells which row opens which record
        rows = super()._export_rows(  # pylint: disable=super-method-mismatch
            [*fields, [".id"]], _is_toplevel_call=_is_toplevel_call
        )
        names = set(places.values())
        hidden = self._get_hidden_people(names)
        for row in rows:
            record_id = int(row.pop() or 0)
            for place, name in places.items():
                if (record_id, name) in hidden:
                    row[place] = self._hide(name, row[place]) or ""
        if not self.env.su and self._sees_confidential():
            exported = self.env.cr.cache.setdefault("property_exported", {})
            people = self._get_confidential_people(names)
            for (_record_id, name), partner in people.items():
                known = exported.get(partner.id, frozenset())
                exported[partner.id] = known | {confidential[name][1]}
        return rows
