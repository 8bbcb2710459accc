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
