from .test_work_order import WorkOrderCase


class FeedbackCase(WorkOrderCase):
    """The owners themselves are the callers: Zhang of unit 101, Wang of unit 102."""

    @classmethod
    def _create_ticket(cls, user=None, **vals):
        wangs = vals.get("unit_id") == cls.neighbour_unit.id
        caller = cls.wang if wangs else cls.zhang
        return super()._create_ticket(
            user, **{"partner_id": caller.partner_id.id, **vals}
        )
