from odoo.tests import tagged

from .test_work_order import WorkOrderCase


@tagged("post_install", "-at_install")
class TestWorkOrderTell(WorkOrderCase):
    """What engineers hear of their orders: a list at once, one message in the end."""

    def _todos(self, order):
        return self.env["mail.activity"].search(
            [("res_model", "=", order._name), ("res_id", "in", order.ids)]
        )

    def _tell(self):
        """Tell everybody; return the messages about it."""
        Message = self.env["mail.message"]
        last = Message.search([], order="id desc", limit=1)
        while self.env["property.work.order"]._tell_chunk():
            pass
        return Message.search([("id", ">", last.id)])

    def test_one_message_about_many_orders(self):
        orders = self.env["property.work.order"].union(
            *[self._order() for _index in range(25)]
        )
        orders._give(dict.fromkeys(orders, self.first))
        self.assertEqual(self._todos(orders).user_id, self.engineer)
        self.assertEqual(len(self._todos(orders)), 25)
        message = self._tell()
        self.assertEqual(message.partner_ids, self.engineer.partner_id)
        self.assertEqual(message.subject, "25 new orders")
        self.assertIn(orders[0].name, message.body)
        self.assertIn("and 5 more", message.body)
        self.assertFalse(self._tell(), "nobody is told twice")

    def test_one_order_leads_to_itself(self):
        order = self._given()
        message = self._tell()
        self.assertEqual((message.model, message.res_id), (order._name, order.id))
        self.assertIn(order.name, message.subject)

    def test_the_list_follows_the_order(self):
        order = self._given()
        order._give({order: self.second})
        self.assertEqual(self._todos(order).user_id, self.plumbers[1])
        self.assertEqual(self._tell().partner_ids, self.plumbers[1].partner_id)
        order.with_user(self.plumbers[1])._return("Needs a second man")
        self.assertFalse(self._todos(order))
        order._give({order: self.first})
        mine = order.with_user(self.engineer)
        mine.action_accept()
        self.assertEqual(self._todos(order).user_id, self.engineer)
        mine.action_arrive()
        mine.result = "Washer replaced"
        mine.action_done()
        self.assertFalse(self._todos(order))

    def test_what_somebody_notes_himself_stays_on_the_list(self):
        order = self._given()
        order.with_user(self.engineer).activity_schedule(
            "mail.mail_activity_data_todo", summary="Buy a valve"
        )
        order.action_cancel()
        self.assertEqual(self._todos(order).summary, "Buy a valve")

    def test_whoever_takes_an_order_himself_is_not_told(self):
        order = self._order()
        order.with_user(self.engineer).action_grab()
        self.assertFalse(self._todos(order))
        self.assertFalse(self._tell())

    def test_what_was_taken_on_before_anybody_wrote_needs_no_message(self):
        order = self._given()
        order.with_user(self.engineer).action_accept()
        self.assertFalse(self._tell())

    def test_giving_out_costs_the_same_for_few_and_many(self):
        def give(count):
            orders = self.env["property.work.order"].union(
                *[self._order() for _index in range(count)]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            orders._give(dict.fromkeys(orders, self.first))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        give(2)
        few, many = give(3), give(30)
        self.assertLessEqual(many, few + 2)
