from odoo import api, models


class ReportDunningList(models.AbstractModel):
    _name = "report.property_fee.report_dunning_list"
    _description = "Delivery List"

    @api.model
    def _get_report_values(self, docids, data=None):
        runs = self.env["property.dunning.run"].browse(docids)
        return {
            "doc_ids": runs.ids,
            "doc_model": "property.dunning.run",
            "docs": runs,
            "lists": {run: self._get_buildings(run) for run in runs},
        }

    @api.model
    def _get_buildings(self, run):
        """Return the letters of a run by building, in the order of the way."""
        return list(
            run._get_delivery_list()
            .grouped(lambda letter: (letter.community_id, letter.unit_id.building_id))
            .items()
        )
