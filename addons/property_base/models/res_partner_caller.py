from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import caller

MIN_PINYIN = 2


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Holds phone numbers in full: nobody reads it, only conditions compare it.
    caller_key = fields.Char(
        compute="_compute_caller_key",
        store=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    _caller_key_idx = models.Index("USING gin (caller_key gin_trgm_ops)")

    @api.depends("name", "phone", "phone2")
    def _compute_caller_key(self):
        for partner in self:
            partner.caller_key = caller.person_key(
                partner.name, partner.phone, partner.phone2
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find people with homes by phone, pinyin and initials besides Odoo's own ways."""
        domain = super()._search_display_name(operator, value)
        if operator != "ilike" or not isinstance(value, str):
            return domain
        patterns = self._caller_patterns(caller.understand(value))
        if not patterns:
            return domain
        return Domain(domain) | Domain.custom(
            to_sql=lambda model, alias, query: model._caller_sql(alias, patterns)
        )

    @api.model
    def _caller_patterns(self, said):
        patterns = []
        if said.phone:
            patterns.append(f"%{said.phone.replace('*', '_')}%")
        if len(said.name) >= MIN_PINYIN:
            patterns.append(f"% {said.name}%")
        return patterns

    @api.model
    def _caller_sql(self, alias, patterns):
        """Return the condition that a person has a home and matches one of the patterns."""
        key = SQL.identifier(alias, "caller_key", to_flush=self._fields["caller_key"])
        return SQL(
            "(%s LIKE ANY(%s) AND EXISTS"
            " (SELECT 1 FROM property_occupancy o WHERE o.partner_id = %s))",
            key,
            patterns,
            SQL.identifier(alias, "id"),
            to_flush=self.env["property.occupancy"]._fields["partner_id"],
        )
