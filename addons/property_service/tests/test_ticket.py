from datetime import datetime

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicket(PropertyServiceCase):
    def test_problem_proposes_kind_and_urgency(self):
        ticket = self._create_ticket(category_id=self.emergency.id)
        self.assertRecordValues(
            ticket,
            [{"kind": "repair", "urgency": "emergency", "place": "home"}],
        )
        ticket = self._create_ticket(
            category_id=self.emergency.id, kind="help", urgency="general"
        )
        self.assertRecordValues(ticket, [{"kind": "help", "urgency": "general"}])

    def test_unit_gives_community_and_caller(self):
        """Whoever uses the home is the caller: the tenant before the owner."""
        ticket = self._create_ticket()
        self.assertEqual(ticket.community_id, self.community)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.partner_id, self.li.partner_id)
        self.assertEqual(ticket.phone, "13800000001")

    def test_guard_on_patrol_is_not_the_occupant(self):
        ticket = self._create_ticket(self.security, channel="patrol")
        self.assertFalse(ticket.partner_id)

    def test_form_fills_in_while_on_the_phone(self):
        with Form(self.env["property.ticket"].with_user(self.frontdesk)) as form:
            form.subject = "Smell of gas"
            form.unit_id = self.neighbour_unit
            form.category_id = self.emergency
            self.assertEqual(form.partner_id, self.wang.partner_id)
            self.assertEqual(form.urgency, "emergency")
        self.assertTrue(form.record.name)

    def test_unit_and_community_must_agree(self):
        with self.assertRaisesRegex(ValidationError, "does not belong to Hill Garden"):
            self._create_ticket(community_id=self.second.id)

    def test_hours(self):
        with freeze_time("2026-11-02 08:00:00"):
            ticket = self._create_ticket(reported_at=datetime(2026, 11, 2, 7, 30))
            ticket.action_accept()
        with freeze_time("2026-11-02 11:00:00"):
            self._walk(ticket, "dispatched", "in_progress", "done")
        self.assertAlmostEqual(ticket.hours_to_accept, 0.5)
        self.assertAlmostEqual(ticket.hours_to_done, 3.5)

    def test_average_times_leave_out_what_is_not_done(self):
        tickets = self._create_ticket() | self._create_ticket() | self._create_ticket()
        for ticket, hours in zip(tickets, (2, 4), strict=False):
            self._walk(ticket, "accepted", "done")
            ticket.done_at = Datetime.add(ticket.reported_at, hours=hours)
        ((average, count),) = self.env["property.ticket"]._read_group(
            [("id", "in", tickets.ids)], [], ["hours_to_done:avg", "__count"]
        )
        self.assertAlmostEqual(average, 3.0)
        self.assertEqual(count, 3)

    def test_counts_on_the_unit(self):
        tickets = [self._create_ticket() for _index in range(3)]
        self._walk(tickets[0], "accepted", "done")
        unit = self.unit.with_user(self.frontdesk)
        self.assertEqual(unit.ticket_count, 3)
        self.assertEqual(unit.open_ticket_count, 2)
        self.assertEqual(tickets[0].other_open_count, 2)
        self.assertEqual(tickets[1].other_open_count, 1)
        found = self.env["property.ticket"].search(unit.action_view_tickets()["domain"])
        self.assertEqual(len(found), 3)

    def test_counts_cost_one_query_for_any_number_of_units(self):
        self._create_ticket()
        self.env.flush_all()
        units = self.units.with_user(self.frontdesk)
        units.mapped("ticket_count")
        for chosen in (units[:1], units):
            self.env.invalidate_all()
            chosen.mapped("code")
            self.env.user.property_community_ids.mapped("name")
            with self.assertQueryCount(1):
                chosen.sudo().mapped("ticket_count")

    def test_list_costs_the_same_for_any_number_of_tickets(self):
        spec = {
            name: {"fields": {"display_name": {}}}
            if name in ("unit_id", "partner_id", "user_id", "category_id")
            else {}
            for name in self.env["property.ticket"]._fields
            if name
            in (
                "name subject kind urgency state unit_id partner_id user_id category_id "
                "phone channel reported_at hours_to_done reopened_count"
            ).split()
        }
        Ticket = self.env["property.ticket"].with_user(self.frontdesk)

        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Ticket.web_search_read([("company_id", "=", self.company.id)], spec)
            return self.cr.sql_log_count - before

        self._create_ticket(user_id=self.engineer.id)
        count_queries()  # loads what belongs to the session, such as groups
        few = count_queries()
        for index in range(20):
            self._create_ticket(
                unit_id=self.units[index % 3].id, user_id=self.engineer.id
            )
        self.assertEqual(count_queries(), few)

    def test_worked_on_tickets_stay(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        with self.assertRaisesRegex(UserError, "stays in the archive"):
            ticket.with_user(self.admin).unlink()
        mistake = self._create_ticket()
        mistake.with_user(self.admin).unlink()
        self.assertFalse(mistake.exists())

    def test_script_in_description_stays_text(self):
        ticket = self._create_ticket(description="<script>alert(1)</script>")
        self.assertEqual(ticket.description, "<script>alert(1)</script>")
        html = self.env["ir.qweb"]._render(
            "property_service.portal_ticket_state", {"ticket": ticket}
        )
        self.assertIn("badge", html)

    def test_kanban_shows_every_working_stage(self):
        self._create_ticket()
        Ticket = self.env["property.ticket"].with_context(read_group_expand=True)
        result = Ticket.web_read_group(
            [("company_id", "=", self.company.id)], ["state"], ["__count"]
        )
        self.assertEqual(
            [group["state"] for group in result["groups"]],
            ["new", "accepted", "dispatched", "in_progress", "waiting"],
        )
