from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_work_order import WorkOrderCase


@tagged("post_install", "-at_install")
class TestRating(HttpCase, WorkOrderCase):
    """The household rates what was done; the manager learns who is not satisfied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages are compared in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.community.manager_id = cls.manager

    def _done(self, engineer=None):
        order = self._given(engineer)
        order.write({"result": "Valve replaced"})
        order.action_accept()
        order.action_arrive()
        order.action_done()
        return order.ticket_id.sudo()

    def _rate(self, ticket, rate, feedback=""):
        return self.url_open(
            f"/my/tickets/{ticket.id}/rate",
            data={
                "csrf_token": Request.csrf_token(self),
                "rate": rate,
                "feedback": feedback,
            },
        )

    def test_rated_on_the_portal(self):
        ticket = self._done()
        self.authenticate("svc_zhang", "svc_zhang")
        self._rate(ticket, 4, "Quick")
        self.assertRecordValues(
            ticket.rating_ids,
            [
                {
                    "rating": 4,
                    "feedback": "Quick",
                    "consumed": True,
                    "partner_id": self.zhang.partner_id.id,
                    "rated_partner_id": self.engineer.partner_id.id,
                    "property_engineer_id": self.first.id,
                    "property_community_id": self.community.id,
                    "parent_res_id": self.community.id,
                }
            ],
        )
        self.assertTrue(ticket.is_rated)
        self.assertEqual(ticket.rating_last_value, 4)
        self.assertFalse(ticket.activity_ids)
        self.assertRecordValues(
            self.crew,
            [
                {
                    "rating_count": count,
                    "rating_avg": average,
                    "rating_percentage_satisfaction": satisfied,
                }
                for count, average, satisfied in ((1, 4, 100), (0, 0, 0), (0, 0, 0))
            ],
        )

    def test_a_second_rating_replaces_the_first(self):
        ticket = self._done()
        self.authenticate("svc_zhang", "svc_zhang")
        self._rate(ticket, 2)
        self._rate(ticket, 5, "He came back")
        self.assertEqual(ticket.rating_ids.mapped("rating"), [5])

    def test_a_bad_rating_is_a_task_of_the_manager(self):
        ticket = self._done()
        self.authenticate("svc_zhang", "svc_zhang")
        self._rate(ticket, 1, "Still <b>drips</b>")
        task = ticket.activity_ids
        self.assertEqual(task.user_id, self.manager)
        self.assertIn("1 of 5", task.summary)
        self.assertNotIn("<b>drips", str(task.note))
        self._rate(ticket, 2)
        self.assertEqual(len(ticket.activity_ids), 1)
        self._rate(ticket, 5)
        self.assertFalse(ticket.activity_ids)

    def test_nothing_to_rate(self):
        ticket = self._create_ticket()
        self.authenticate("svc_zhang", "svc_zhang")
        self.assertIn("nothing to rate yet", self._rate(ticket, 5).text)
        done = self._done()
        for wrong in (0, 6, "", "five"):
            self.assertIn("one to five stars", self._rate(done, wrong).text)
        self.assertFalse((ticket | done).sudo().rating_ids)

    def test_each_round_is_rated(self):
        ticket = self._done()
        self.authenticate("svc_zhang", "svc_zhang")
        self._rate(ticket, 1)
        ticket.write({"state": "accepted"})
        order = self._order(ticket.with_user(self.frontdesk))
        order._give({order: self.second})
        order.action_accept()
        order.action_arrive()
        order.result = "Now it holds"
        # The first round was rated long before.
        ticket.rating_ids.rated_on = "2020-01-01 00:00:00"
        order.action_done()
        self.assertFalse(ticket.is_rated)
        self._rate(ticket, 5)
        self.assertEqual(
            ticket.rating_ids.sorted("id").mapped("property_engineer_id"),
            self.first | self.second,
        )
        self.assertEqual(ticket.rating_last_value, 5)

    def test_stars_follow_ratings_that_come_and_go(self):
        """Odoo itself looks at a ticket again only when one of its ratings changes."""
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        ratings = self.env["rating.rating"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(ticket._name),
                    "res_id": ticket.id,
                    "rating": stars,
                    "consumed": True,
                }
                for stars in (4, 2)
            ]
        )
        self.assertEqual(ticket.rating_last_value, 2)
        ratings[1].unlink()
        self.assertEqual(ticket.rating_last_value, 4)
        ratings[0].rating = 5
        self.assertEqual(ticket.rating_last_value, 5)
        ratings[0].unlink()
        self.assertEqual(ticket.rating_last_value, 0)

    def test_by_the_link_of_a_mail(self):
        ticket = self._done()
        token = ticket._rating_get_access_token()
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"/rate/{token}/5").status_code, 200)
        self.assertFalse(ticket.is_rated)
        self.url_open(
            f"/rate/{token}/submit_feedback",
            data={
                "csrf_token": Request.csrf_token(self),
                "rate": 1,
                "feedback": "<script>alert(1)</script>",
            },
        )
        self.assertEqual(ticket.rating_ids.rating, 1)
        self.assertEqual(ticket.activity_ids.user_id, self.manager)
        message = ticket.message_ids.filtered("rating_ids")
        self.assertNotIn("<script", message.body)

    @mute_logger("odoo.http")
    def test_not_the_neighbours(self):
        ticket = self._done()
        token = ticket._rating_get_access_token()
        self.authenticate("svc_wang", "svc_wang")
        self.assertEqual(self._rate(ticket, 1).status_code, 404)
        page = self.url_open(f"/rate/{token}/1").text
        self.assertNotIn("submit_feedback", page)
        self.assertEqual(self.url_open("/rate/nonsense/5").status_code, 404)
        self.assertFalse(ticket.is_rated)

    def test_nobody_changes_a_rating(self):
        ticket = self._done()
        rating = ticket._rate(2, "Slow", self.zhang.partner_id)
        for user in (self.engineer, self.frontdesk, self.manager, self.admin):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                rating.with_user(user).rating = 5
        self.assertEqual(rating.with_user(self.manager).feedback, "Slow")

    def test_other_companies_do_not_read_it(self):
        rating = self._done()._rate(2, "Slow", self.zhang.partner_id)
        self.manager.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaises(AccessError):
            rating.with_user(self.manager).read(["feedback"])

    def test_no_stars_by_the_chat(self):
        ticket = self._create_ticket()
        self.authenticate("svc_zhang", "svc_zhang")
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "property.ticket",
                "thread_id": ticket.id,
                "post_data": {"body": "Hello", "rating_value": 5},
            },
        )
        self.assertIn("Hello", ticket.message_ids[0].body)
        self.assertFalse(ticket.sudo().rating_ids)
