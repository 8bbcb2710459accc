from odoo import api, fields, models

from ..tools.period import Version, split_by_versions


class PropertyFeeAssignment(models.Model):
    _inherit = "property.fee.assignment"

    override_ids = fields.One2many(
        "property.fee.override", "assignment_id", string="Agreed Prices"
    )
    override_count = fields.Integer(compute="_compute_override_count")

    @api.depends("override_ids")
    def _compute_override_count(self):
        counts = dict(
            self.env["property.fee.override"]._read_group(
                [("assignment_id", "in", self.ids)], ["assignment_id"], ["__count"]
            )
        )
        for assignment in self:
            assignment.override_count = counts.get(assignment, 0)

    def _split_by_override(self, pieces):
        """Split pieces where an agreed and approved price begins or ends to count.

        :return: list of `Piece`; those with an agreed price say so in their inputs
        """
        overrides = self.env["property.fee.override"].search_fetch(
            [
                ("assignment_id", "in", [piece.assignment.id for piece in pieces]),
                ("approval_state", "=", "approved"),
            ],
            ["assignment_id", "date_start", "date_end"],
        )
        if not overrides:
            return pieces
        versions = {
            assignment: [
                Version(own.date_start, own.date_end or None, (1,), own)
                for own in group
            ]
            for assignment, group in overrides.grouped("assignment_id").items()
        }
        result = []
        for piece in pieces:
            own = versions.get(piece.assignment)
            # A reading is priced as a whole: by what counts on its last day.
            span = (
                piece.span
                if piece.quantity is None
                else piece.span._replace(start=piece.span.end)
            )
            if not own:
                result.append(piece)
                continue
            rest = Version(span.start, span.end, (0,), None)
            for segment in split_by_versions(span, [*own, rest]):
                part = piece
                if piece.quantity is None:
                    part = part._replace(
                        span=span._replace(start=segment.start, end=segment.end)
                    )
                if segment.value:
                    inputs = {
                        **(piece.inputs or {}),
                        "override": segment.value._get_inputs(),
                    }
                    part = part._replace(inputs=inputs)
                result.append(part)
        return result

    def action_view_overrides(self):
        """Open the agreed prices of the assignment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_override_action"
        )
        action["domain"] = [("assignment_id", "=", self.id)]
        action["context"] = {"default_assignment_id": self.id}
        return action
