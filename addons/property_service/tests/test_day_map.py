from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_work_order import WorkOrderCase

NOW = "2026-10-20 04:00:00"  # noon in Shanghai


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDayMap(WorkOrderCase):
    """Where everybody is today, and moving visits about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.Order = (
            cls.env["property.work.order"]
            .with_user(cls.frontdesk)
            .with_company(cls.company)
        )

    def _row(self, found, engineer):
        return next(row for row in found["engineers"] if row["id"] == engineer.id)

    def _cells(self, found, engineer):
        return {
            hour: [card["id"] for card in cards]
            for hour, cards in self._row(found, engineer)["cells"].items()
        }

    def test_who_is_where(self):
        ten = datetime(2026, 10, 20, 2)  # ten o'clock in Shanghai
        waiting = self._order()
        planned = self._given(planned_at=ten)
        left_over = self._given(self.second)
        tomorrow = self._given(self.third, planned_at=ten + timedelta(days=1))
        found = self.Order.get_day_map()
        self.assertEqual((found["day"], found["today"]), ("2026-10-20", "2026-10-20"))
        self.assertEqual([card["id"] for card in found["waiting"]], [waiting.id])
        self.assertEqual(self._cells(found, self.first), {"10": [planned.id]})
        self.assertEqual(self._cells(found, self.second), {"any": [left_over.id]})
        self.assertEqual(self._cells(found, self.third), {})
        self.assertEqual(found["hours"], list(range(8, 20)))
        next_day = self.Order.get_day_map("2026-10-21")
        self.assertEqual(self._cells(next_day, self.third), {"10": [tomorrow.id]})
        self.assertEqual(self._cells(next_day, self.second), {})

    def test_off_duty(self):
        self.assertEqual(self._row(self.Order.get_day_map(), self.first)["off"], [])
        self.env["property.duty.shift"].create(
            {
                "user_id": self.engineer.id,
                "company_id": self.company.id,
                "start": datetime(2026, 10, 20, 0),  # 8:00 to 12:00
                "end": datetime(2026, 10, 20, 4),
            }
        )
        found = self.Order.get_day_map()
        self.assertEqual(self._row(found, self.first)["off"], list(range(12, 20)))
        self.assertEqual(self._row(found, self.second)["off"], list(range(8, 20)))
        self.assertEqual(self._row(found, self.contractor)["off"], [])

    def test_give_and_move(self):
        order = self._order(skill_id=self.plumbing.id)
        visit = self.Order.browse(order.id)
        self.assertTrue(visit.plan_visit(self.first.id, "2026-10-20", 14)["done"])
        self.assertEqual(
            (order.engineer_id, order.state, order.planned_at),
            (self.first, "given", datetime(2026, 10, 20, 6)),
        )
        self.assertEqual(order.ticket_id.state, "dispatched")
        visit.plan_visit(self.first.id, "2026-10-20", 16)
        self.assertEqual(order.planned_at, datetime(2026, 10, 20, 8))
        visit.plan_visit(self.second.id, "2026-10-20", False)
        self.assertEqual(
            (order.engineer_id, order.planned_at),
            (self.second, datetime(2026, 10, 20, 8)),
        )

    def test_objections_are_told_first(self):
        order = self._order(skill_id=self.electric.id)
        visit = self.Order.browse(order.id)
        answer = visit.plan_visit(self.first.id, "2026-10-20", 14)
        self.assertEqual(answer, {"done": False, "reasons": "lacks the trade"})
        self.assertFalse(order.engineer_id)
        self.assertTrue(visit.plan_visit(self.first.id, "2026-10-20", 14, True)["done"])
        self.assertEqual(order.engineer_id, self.first)

    def test_what_cannot_be_moved(self):
        order = self._given()
        order.with_user(self.engineer).action_accept()
        order.with_user(self.engineer).action_arrive()
        visit = self.Order.browse(order.id)
        with self.assertRaisesRegex(UserError, "has begun"):
            visit.plan_visit(self.second.id, "2026-10-20", 14)
        other = self.env["property.engineer"].create(
            {
                "partner_id": self.contractor.partner_id.id,
                "company_id": self.other_company.id,
            }
        )
        waiting = self.Order.browse(self._order().id)
        with self.assertRaisesRegex(UserError, "does not work for"):
            waiting.plan_visit(other.id, "2026-10-20", 14)
        self.second.active = False
        with self.assertRaisesRegex(UserError, "does not work for"):
            waiting.plan_visit(self.second.id, "2026-10-20", 14)
        with self.assertRaises(AccessError):
            waiting.with_user(self.engineer).plan_visit(self.first.id)

    def test_same_queries_for_few_and_for_many(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Order.get_day_map()
            return self.env.cr.sql_log_count - before

        self._given()
        self._order()
        count()
        few = count()
        for _number in range(5):
            self._given(self.second)
            self._order()
        self.assertEqual(count(), few)
