from odoo import models

from .property_occupancy import OWNER_ROLES


class PropertyOccupancy(models.Model):
    _inherit = "property.occupancy"

    def _get_timeline_events(self):
        """Return beginning and end of an occupancy for the timeline of its unit."""
        self.ensure_one()
        roles = dict(self._fields["role"]._description_selection(self.env))
        name, role = self.partner_id.name, roles[self.role]
        if self.role in OWNER_ROLES:
            icon, color = "fa-home", "text-success"
            how = dict(self._fields["acquired_by"]._description_selection(self.env))
            detail = [how[self.acquired_by]] if self.acquired_by else []
            if 0 < self.share < 100:
                detail.append(f"{self.share:g} %")
            begun = self.env._("%(name)s becomes owner", name=name)
            if detail:
                begun = self.env._(
                    "%(name)s becomes owner (%(detail)s)",
                    name=name,
                    detail=" ".join(detail),
                )
            ended = self.env._("%(name)s ceases to be owner", name=name)
        else:
            icon, color = "fa-user", "text-info"
            begun = self.env._("%(name)s comes (%(role)s)", name=name, role=role)
            ended = self.env._("%(name)s leaves (%(role)s)", name=name, role=role)
        events = [(self.date_start, icon, color, begun)]
        if self.date_end:
            events.append((self.date_end, icon, "text-muted", ended))
        return events
