from odoo import models


class PropertyOccupancy(models.Model):
    _inherit = "property.occupancy"

    # From a person to his units without reading the rows, record rules included. The
    # planner would otherwise take the exclusion constraint for an index on the person.
    _partner_idx = models.Index(
        "(partner_id) INCLUDE (unit_id, date_end, community_id, company_id)"
    )
    _partner_ended_idx = models.Index(
        "(partner_id) INCLUDE (unit_id, date_end, community_id, company_id)"
        " WHERE date_end IS NOT NULL"
    )
