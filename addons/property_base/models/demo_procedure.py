from odoo import api, models

CHANGE = (
    "雨季漏水投诉增多，住户反映进展不明：新增主管在受理后24小时内致电说明进展的步骤。"
)
NEW_STEP = "主管在受理后24小时内致电投诉人，说明处理进展。"


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        """Let the front desk have submitted a revision of the complaint procedure."""
        super()._fill(community, today)
        procedure = self.env.ref("property_base.procedure_08", raise_if_not_found=False)
        if not procedure or len(procedure.version_ids) != 1:
            return
        users = self._demo_users(community)
        draft = procedure.version_id.with_user(users["frontdesk"]).copy(
            {"change_note": CHANGE}
        )
        lang = self._demo_lang()
        self.env["property.procedure.step"].with_user(users["frontdesk"]).with_context(
            lang=lang
        ).create(
            {
                "version_id": draft.id,
                "sequence": 25,
                "name": NEW_STEP,
                "role_id": self.env.ref("property_base.group_property_frontdesk").id,
                "time_limit": 24,
                "time_unit": "hour",
                "record": "回访记录表",
            }
        )
        draft.with_context(lang=lang).action_approval_submit()
