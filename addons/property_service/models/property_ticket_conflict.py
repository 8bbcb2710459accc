from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

SEEN = "property_seen"


class PropertyTicket(models.Model):
    """Two agents at one ticket: what one has written the other does not overwrite unseen.

    The form sends, with what was changed, what it showed before (`property_seen`). What
    somebody else has changed meanwhile is refused, field by field; changes of different
    fields both stay.
    """

    _inherit = "property.ticket"

    def web_save(self, vals, specification, next_id=None):
        vals = dict(vals)
        seen = vals.pop(SEEN, None)
        if self and isinstance(seen, dict):
            self._check_seen(vals, seen)
        return super().web_save(vals, specification, next_id=next_id)

    def _check_seen(self, vals, seen):
        """Refuse values for fields that have changed since they were shown.

        :param dict vals: what is to be written
        :param dict seen: what the form showed of these fields
        :raise UserError: naming the fields, who changed the ticket, and what it says now
        """
        self.ensure_one()
        names = [
            name
            for name in vals
            if name in seen
            and name in self._fields
            and self._fields[name].type not in ("one2many", "many2many", "properties")
        ]
        if not names:
            return
        # The same reading as the form's, so that masks are compared with masks.
        now = self.read(names, load="_classic_write")[0]
        changed = [
            name
            for name in names
            if self._comparable(now[name]) != self._comparable(seen[name])
            and self._comparable(now[name]) != self._comparable(vals[name])
        ]
        if changed:
            raise UserError(self._get_conflict_message(changed))

    @api.model
    def _comparable(self, value):
        """Return a value as the form has it: dates as text, nothing as False."""
        if isinstance(value, (list, tuple)):
            value = value[0] if value else False
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, date):
            return fields.Date.to_string(value)
        return value or False

    def _get_conflict_message(self, names):
        lines = []
        for name in names:
            field = self._fields[name]
            value = field.convert_to_export(self[name], self) or "-"
            if field.type == "selection":
                labels = dict(field._description_selection(self.env))
                value = labels.get(self[name], "-")
            lines.append(f"{field._description_string(self.env)}: {value}")
        return self.env._(
            "%(user)s changed ticket %(ticket)s at %(time)s, while you had it open:\n"
            "%(changes)s\n\n"
            "Nothing was overwritten. Copy what you have typed, discard your changes to see"
            " the ticket as it is now, and enter what is still missing.",
            user=self.write_uid.name,
            ticket=self.name,
            time=format_datetime(self.env, self.write_date),
            changes="\n".join(lines),
        )
