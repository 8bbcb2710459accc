from odoo import api, models
from odoo.fields import Domain


class PropertyTicket(models.Model):
    """What the figures need to find tickets quickly."""

    _inherit = "property.ticket"

    # What a period is counted by, without a look at the tickets themselves.
    _reported_idx = models.Index(
        "(reported_at DESC, id DESC)"
        " INCLUDE (company_id, community_id, channel, category_id)"
    )
    _done_idx = models.Index(
        "(done_at) INCLUDE (company_id, community_id) WHERE done_at IS NOT NULL"
    )
    _low_rating_idx = models.Index(
        "(rating_last_value, reported_at) WHERE rating_last_value > 0"
    )
    _closed_idx = models.Index("(closed_at) WHERE closed_at IS NOT NULL")

    @api.model
    def read_progress_bar(self, domain, group_by, progress_bar):
        """Tell how urgent is what is open; years of what is finished are not counted."""
        return super().read_progress_bar(
            Domain(domain) & Domain("is_open", "=", True), group_by, progress_bar
        )
