from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCase):
    """The household is told what happens with its ticket, once and in its language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hill = cls.community.search(
            [("name", "=", "Hill Garden"), ("company_id", "=", cls.company.id)]
        )
        cls.Notice = cls.env["property.ticket.notice"]
        cls.env["res.lang"]._activate_lang("en_US")
        cls.zhang.partner_id.email = "zhang@example.com"
        cls.wang.partner_id.email = "wang@example.com"
        cls.zhang.partner_id.lang = cls.wang.partner_id.lang = "en_US"

    def _notices(self, tickets, **domain):
        return self.Notice.search(
            [
                ("ticket_id", "in", tickets.ids),
                *((name, "=", value) for name, value in domain.items()),
            ],
            order="id",
        )

    def _tell(self, tickets):
        """Do what the scheduled action does and return the e-mails it wrote."""
        before = self.env["mail.mail"].search([])
        self._notices(tickets, state="queued")._tell()
        return self.env["mail.mail"].search([]) - before

    def _rule(self, event, **vals):
        rule = self.env.ref(f"property_service.notice_rule_{event}")
        return rule.copy({**vals}) if vals else rule

    # === EVENTS === #

    def test_each_step_is_noted(self):
        order = self._given()
        ticket = order.ticket_id
        self.assertEqual(
            self._notices(ticket).mapped("event"), ["accepted", "dispatched"]
        )
        ticket.appointment_at = datetime(2030, 3, 4, 6)
        order.action_accept()
        order.action_arrive()
        order.result = "Valve replaced"
        order.action_done()
        ticket.write({"state": "accepted"})
        self.assertEqual(
            self._notices(ticket).mapped("event"),
            ["accepted", "dispatched", "rescheduled", "done", "accepted"],
        )

    def test_somebody_else_is_sent(self):
        order = self._given()
        order._return("Ill")
        order._give({order: self.second})
        self.assertEqual(
            self._notices(order.ticket_id).mapped("event"),
            ["accepted", "dispatched", "dispatched"],
        )
        [mail] = self._tell(order.ticket_id)
        self.assertIn(self.second.name, mail.body_html)

    def test_nothing_is_sent_in_the_users_transaction(self):
        before = self.env["mail.mail"].search_count([])
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(set(self._notices(ticket).mapped("state")), {"queued"})

    def test_a_rejected_ticket_says_why(self):
        ticket = self._create_ticket()
        ticket.write({"state": "rejected", "close_reason": "The road is the city's"})
        [mail] = self._tell(ticket)
        self.assertIn("The road is the city", mail.body_html)

    # === WHAT IS SENT === #

    def test_the_words(self):
        order = self._given()
        ticket = order.ticket_id
        ticket.appointment_at = datetime(2030, 3, 4, 6)
        [mail] = self._tell(ticket)
        self.assertEqual(mail.recipient_ids, self.zhang.partner_id)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(ticket.name, mail.subject)
        self.assertIn(self.first.name, mail.body_html)
        self.assertIn("14:00", mail.body_html)
        self.assertIn(f"/my/tickets/{ticket.id}?access_token=", mail.body_html)
        self.assertIn("auto-generated", mail.headers)
        self.assertEqual(
            self._notices(ticket).mapped("state"), ["skipped", "sent", "skipped"]
        )

    def test_a_done_ticket_asks_for_a_rating(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        [mail] = self._tell(ticket)
        token = ticket.rating_ids.access_token
        for stars in (1, 3, 5):
            self.assertIn(f"/rate/{token}/{stars}", mail.body_html)

    def test_in_the_language_of_the_household(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("property_service.mail_template_ticket_accepted")
        template.with_context(lang="zh_CN").subject = "{{ object.name }}:已受理"
        self.wang.partner_id.lang = "zh_CN"
        tickets = self._create_ticket() | self._create_ticket(
            unit_id=self.neighbour_unit.id
        )
        tickets.action_accept()
        subjects = self._tell(tickets).mapped("subject")
        self.assertEqual(sum("已受理" in subject for subject in subjects), 1)

    def test_script_in_a_ticket_stays_text(self):
        ticket = self._create_ticket(subject="<script>alert(1)</script>")
        ticket.action_accept()
        [mail] = self._tell(ticket)
        self.assertNotIn("<script", mail.body_html)

    def test_a_text_message(self):
        rule = self._rule("accepted")
        rule.write({"by_sms": True, "by_mail": False})
        ticket = self._create_ticket(phone="13900000002")
        ticket.action_accept()
        self._tell(ticket)
        message = self.env["sms.sms"].search(
            [("partner_id", "=", self.zhang.partner_id.id)]
        )
        self.assertEqual(message.state, "outgoing")
        self.assertIn("13900000002", message.number.replace(" ", ""))
        self.assertIn(ticket.name, message.body)

    def test_a_stranger_who_wrote_is_answered(self):
        ticket = self._create_ticket(unit_id=False, community_id=self.community.id)
        ticket.write({"partner_id": False, "email_from": "Guest <guest@example.com>"})
        ticket.action_accept()
        [mail] = self._tell(ticket)
        self.assertEqual(mail.email_to, "guest@example.com")
        self.assertFalse(mail.recipient_ids)

    # === WHO IS NOT TOLD === #

    def test_who_wants_no_messages(self):
        self.zhang.partner_id.property_no_notices = True
        ticket = self._given().ticket_id
        self.assertFalse(self._tell(ticket))
        self.assertEqual(set(self._notices(ticket).mapped("state")), {"skipped"})

    def test_refused_addresses_and_numbers(self):
        self.env["mail.blacklist"]._add("zhang@example.com")
        self.env["phone.blacklist"].create({"number": "+8613900000002"})
        self._rule("accepted").by_sms = True
        ticket = self._create_ticket(phone="13900000002")
        ticket.action_accept()
        self.assertFalse(self._tell(ticket))
        self.assertFalse(
            self.env["sms.sms"].search([("partner_id", "=", self.zhang.partner_id.id)])
        )
        self.assertEqual(self._notices(ticket).state, "skipped")

    def test_without_an_address(self):
        self.zhang.partner_id.email = False
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertFalse(self._tell(ticket))
        self.assertIn("No address", self._notices(ticket).note)

    # === SETTINGS === #

    def test_the_closest_rule_counts(self):
        self._rule(
            "accepted",
            community_id=self.community.id,
            company_id=self.company.id,
            by_mail=False,
        )
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertFalse(self._notices(ticket))
        other = self._create_ticket(
            unit_id=False,
            community_id=self.hill.id,
            partner_id=self.wang.partner_id.id,
        )
        other.action_accept()
        self.assertEqual(self._notices(other).event, "accepted")

    # === NOTHING LOST, NOTHING SLOW === #

    def test_one_failure_stops_no_other(self):
        tickets = self._create_ticket() | self._create_ticket(
            unit_id=self.neighbour_unit.id
        )
        tickets.action_accept()
        template = self.env.ref("property_service.mail_template_ticket_accepted")
        first = tickets[0].id
        template.subject = f"{{{{ 1 / (object.id - {first}) }}}}"
        mails = self._tell(tickets)
        self.assertEqual(len(mails), 1)
        self.assertEqual(self._notices(tickets).mapped("state"), ["failed", "sent"])

    def test_the_scheduled_action_works_it_off(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("property_service.ir_cron_tell").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._notices(ticket).state, "sent")

    def test_queries_do_not_grow_with_the_tickets(self):
        def queries(count):
            tickets = self.env["property.ticket"].concat(
                *(self._create_ticket() for _number in range(count))
            )
            tickets.action_accept()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._notices(tickets)._tell()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        queries(2)  # fills caches
        few, many = queries(3), queries(23)
        self.assertLess(many - few, 20 * 6, f"{few} queries for 3, {many} for 23")

    def test_no_message_about_an_archive(self):
        ticket = (
            self.env["property.ticket"]
            .with_context(property_no_notices=True)
            .create(
                {"unit_id": self.unit.id, "subject": "Old one", "state": "accepted"}
            )
        )
        self.assertFalse(self._notices(ticket))

    # === CHAT === #

    def test_who_wrote_last(self):
        ticket = self._create_ticket()
        ticket.with_user(self.zhang).sudo().message_post(
            body="When do you come?",
            author_id=self.zhang.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(ticket.awaits_answer)
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        ticket.with_user(self.frontdesk).message_post(body="Ask Li", **note)
        self.assertTrue(ticket.awaits_answer)
        ticket.with_user(self.frontdesk).message_post(
            body="At two",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.awaits_answer)
        self.assertTrue(ticket.last_household_message_at)


@tagged("post_install", "-at_install")
class TestReturnVisit(FeedbackCase):
    """After the work somebody else asks the household."""

    def _done(self):
        order = self._given()
        order.action_accept()
        order.action_arrive()
        order.result = "Valve replaced"
        order.action_done()
        return order.ticket_id

    def _visit(self, ticket, result, comment=False, user=None):
        return (
            self.env["property.return.visit"]
            .with_user(user or self.frontdesk)
            .create({"ticket_id": ticket.id, "result": result, "comment": comment})
        )

    def test_satisfied_is_confirmed_and_rated(self):
        ticket = self._done()
        self._visit(ticket, "satisfied", "Friendly")
        self.assertEqual(ticket.state, "confirmed")
        rating = ticket.sudo().rating_ids
        self.assertEqual((rating.rating, rating.feedback), (5, "Friendly"))
        self.assertEqual(rating.partner_id, self.zhang.partner_id)

    def test_not_satisfied_is_taken_up_again(self):
        ticket = self._done()
        with self.assertRaisesRegex(UserError, "why the household"):
            self._visit(ticket, "unsatisfied")
        self._visit(ticket, "unsatisfied", "Still drips")
        self.assertEqual((ticket.state, ticket.reopened_count), ("accepted", 1))
        self.assertEqual(ticket.sudo().rating_last_value, 1)

    def test_not_reached_changes_nothing(self):
        ticket = self._done()
        self._visit(ticket, "unreached")
        self.assertEqual(ticket.state, "done")
        self.assertFalse(ticket.sudo().rating_ids)

    def test_not_by_who_did_the_work(self):
        ticket = self._done()
        with self.assertRaisesRegex(ValidationError, "somebody else"):
            self.env["property.return.visit"].create(
                {
                    "ticket_id": ticket.id,
                    "result": "satisfied",
                    "user_id": self.engineer.id,
                }
            )

    def test_not_before_the_work_is_done(self):
        with self.assertRaisesRegex(UserError, "not done yet"):
            self._visit(self._create_ticket(), "satisfied")

    def test_stays_on_file(self):
        visit = self._visit(self._done(), "satisfied")
        with self.assertRaises(UserError):
            visit.sudo().with_user(self.manager).sudo().unlink()
