from odoo import fields, models

from odoo.addons.rating.models import rating_data


class PropertyEngineer(models.Model):
    """How the households rate an engineer or contractor."""

    _inherit = "property.engineer"

    rating_count = fields.Integer(
        string="Ratings", compute="_compute_rating_stats", compute_sudo=True
    )
    rating_avg = fields.Float(
        string="Average Rating",
        compute="_compute_rating_stats",
        compute_sudo=True,
        digits=(3, 1),
        help="1 to 5; 0 while nobody has rated.",
    )
    rating_percentage_satisfaction = fields.Float(
        string="Satisfaction (%)",
        compute="_compute_rating_stats",
        compute_sudo=True,
        digits=(4, 1),
        help="Part of the ratings with 4 or 5 of 5.",
    )

    def _compute_rating_stats(self):
        stats = {}
        for engineer, value, count in self.env["rating.rating"]._read_group(
            [
                ("property_engineer_id", "in", self.ids),
                ("consumed", "=", True),
                ("rating", ">=", rating_data.RATING_LIMIT_MIN),
            ],
            ["property_engineer_id", "rating"],
            ["__count"],
        ):
            total, points, happy = stats.get(engineer.id, (0, 0, 0))
            satisfied = count if value >= rating_data.RATING_LIMIT_SATISFIED else 0
            stats[engineer.id] = (
                total + count,
                points + count * value,
                happy + satisfied,
            )
        for engineer in self:
            total, points, happy = stats.get(engineer._origin.id, (0, 0, 0))
            engineer.rating_count = total
            engineer.rating_avg = points / total if total else 0.0
            engineer.rating_percentage_satisfaction = (
                happy * 100 / total if total else 0.0
            )

    def action_view_ratings(self):
        """Open the ratings of the engineer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.rating_rating_action"
        )
        action["domain"] = [
            ("property_engineer_id", "=", self.id),
            ("consumed", "=", True),
        ]
        action["context"] = {}
        return action
