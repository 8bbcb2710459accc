from datetime import date

from odoo.addons.property_base.tests.common import PropertyCase


class TakeoverCase(PropertyCase):
    """A take-over of the community, run by the manager, with the trade's own lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.developer = cls.env["res.partner"].create(
            {"name": "Lakeside Development", "is_company": True}
        )
        cls.community.developer_id = cls.developer
        cls.project = (
            cls.env["property.takeover.project"]
            .with_user(cls.users["manager"])
            .create(
                {
                    "community_id": cls.community.id,
                    "contract_number": "WG-2026-01",
                    "takeover_date": date(2026, 12, 1),
                }
            )
        )

    @classmethod
    def _finish(cls, *stages):
        """Mark all milestones of some stages as done."""
        cls.project.milestone_ids.filtered(lambda m: m.stage in stages).action_done()

    @classmethod
    def _receive_all(cls):
        cls.project.document_ids.action_receive()
