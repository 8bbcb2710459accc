from odoo import models
from odoo.exceptions import UserError

from ..tools import ranges

# References to a unit that vanish with it or that the import itself wrote.
OWN_MODELS = (
    "property.occupancy",
    "property.roster.import.line",
    "property.unit",
)


class PropertyRosterImport(models.Model):
    """Undo of a just-made import."""

    _inherit = "property.roster.import"

    def action_undo(self):
        """Remove what the import created, as long as nothing depends on it.

        Rows that only corrected existing units stay as they are; the message says how
        many. People who got another role in the meantime stay too.

        :raises UserError: the import is not done, or something depends on its units
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("Only a finished import can be undone."))
        # The front desk may undo its own import without the right to delete units.
        self.sudo()._remove_created()
        return True

    def _remove_created(self):
        units = self.line_ids.filtered(lambda line: line.outcome == "created").unit_id
        self._check_nothing_depends(units)
        created = {
            model: ranges.unpack(packed)
            for model, packed in (self.created_ids or {}).items()
        }
        people = self.env["res.partner"].browse(created.get("res.partner", [])).exists()
        units.occupancy_ids.unlink()
        units.unlink()
        people.filtered(self._is_free).unlink()
        for model in ("property.entrance", "property.building"):
            places = self.env[model].browse(created.get(model, [])).exists()
            places.with_context(active_test=False).filtered(
                lambda place: not place.unit_ids
            ).unlink()
        self.write({"state": "undone", "error_file": False})
        self.message_post(
            body=self.env._(
                "Undone: %(units)s units were removed; %(updated)s corrected units stay corrected.",
                units=len(units),
                updated=self.updated_count,
            )
        )

    def _check_nothing_depends(self, units):
        """Refuse when records of other models point to the units.

        :raises UserError: naming the model and how many records
        """
        for model, field in self._references("property.unit"):
            count = (
                self.env[model]
                .with_context(active_test=False)
                .search_count([(field, "in", units.ids)])
            )
            if count:
                raise UserError(
                    self.env._(
                        "The import cannot be undone: %(count)s records of %(model)s already"
                        " belong to its units.",
                        count=count,
                        model=self.env["ir.model"]._get(model).name,
                    )
                )

    def _references(self, comodel):
        """Return (model, field) of the stored references to a model, the import's own left out."""
        return [
            (model._name, name)
            for model in self.env.values()
            if not model._abstract
            and not model._transient
            and model._name not in OWN_MODELS
            for name, field in model._fields.items()
            if field.comodel_name == comodel
            and field.type == "many2one"
            and field.store
        ]

    def _is_free(self, partner):
        """Return whether nothing but the import knows a person."""
        if partner.occupancy_ids or partner.user_ids:
            return False
        return not any(
            self.env[model]
            .with_context(active_test=False)
            .search_count([(field, "=", partner.id)], limit=1)
            for model, field in self._references("res.partner")
            if not model.startswith(("mail.", "res.", "bus."))
        )
