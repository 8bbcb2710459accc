from odoo import api, fields, models


class RatingRating(models.Model):
    """Where a rated ticket belongs, and which engineer or contractor was rated."""

    _inherit = "rating.rating"

    property_community_id = fields.Many2one(
        "property.community",
        string="Community",
        compute="_compute_property_community_id",
        store=True,
        index="btree_not_null",
    )
    property_engineer_id = fields.Many2one(
        "property.engineer",
        string="Engineer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    property_satisfaction = fields.Selection(
        [
            ("top", "Satisfied"),
            ("ok", "Partly Satisfied"),
            ("ko", "Not Satisfied"),
        ],
        string="Satisfaction",
        compute="_compute_property_satisfaction",
        store=True,
        help="4 and 5 stars, 3, and less, in the words of the trade.",
    )

    # === COMPUTE === #

    @api.depends("rating_text", "consumed")
    def _compute_property_satisfaction(self):
        for rating in self:
            given = rating.consumed and rating.rating_text != "none"
            rating.property_satisfaction = rating.rating_text if given else False

    @api.depends("res_model", "res_id")
    def _compute_property_community_id(self):
        ours = self.filtered(lambda rating: rating.res_model == "property.ticket")
        # Where a ticket belongs does not depend on who looks.
        tickets = self.env["property.ticket"].sudo().browse(ours.mapped("res_id"))
        communities = {ticket.id: ticket.community_id for ticket in tickets.exists()}
        for rating in self:
            rating.property_community_id = (
                communities.get(rating.res_id, False) if rating in ours else False
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        # Odoo reads the last rating of a ticket from the table, where the model that is
        # rated would be missing still.
        ratings.flush_recordset(["res_model"])
        ratings._get_tickets()._look_at_last_rating()
        return ratings

    def unlink(self):
        tickets = self._get_tickets()
        result = super().unlink()
        tickets._look_at_last_rating()
        return result

    def _get_tickets(self):
        """Return the tickets that are rated."""
        ours = self.filtered(lambda rating: rating.res_model == "property.ticket")
        # What is counted of a ticket does not depend on who rates.
        return self.env["property.ticket"].sudo().browse(ours.mapped("res_id"))
