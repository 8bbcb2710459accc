from datetime import date

from freezegun import freeze_time
from odoo.tests import Form, tagged, users

from .common import PropertyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 12:00:00")
class TestCockpit(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.former = cls.env["res.partner"].create(
            {"name": "周旧", "phone": "13500001111"}
        )
        cls.home.occupancy_ids.write(
            {"date_start": date(2024, 5, 2), "acquired_by": "sale"}
        )
        cls._occupy(
            cls.home, cls.former, start=date(2022, 6, 1), date_end=date(2024, 5, 1)
        )

    @users("property_frontdesk")
    def test_a_household_with_few_numbers_is_flagged(self):
        home = self.home.with_env(self.env)
        self.assertEqual(home.phone_count, 1)
        self.assertTrue(home.needs_phone)
        self.assertFalse(home.has_suspicious_number)
        self._occupy(
            self.home,
            self.env["res.partner"].create({"name": "张小三", "phone": "1360"}),
            "family",
        )
        self.env.invalidate_all()
        self.assertEqual(home.phone_count, 2)
        self.assertFalse(home.needs_phone)
        self.assertTrue(home.has_suspicious_number)
        self.assertFalse(self.homes[5].with_env(self.env).needs_phone)

    @users("property_frontdesk")
    def test_the_page_shows_the_people_of_today(self):
        with Form(self.home.with_env(self.env)) as form:
            self.assertEqual(len(form.live_occupancy_ids), 1)
            with form.live_occupancy_ids.edit(0) as line:
                self.assertEqual(line.phone, "139****5678")
                line.is_resident = True
            with form.live_occupancy_ids.new() as line:
                line.partner_id = self.tenant
                line.role = "tenant"
        self.assertEqual(self.home.status, "leased")
        self.assertEqual(len(self.home.occupancy_ids), 3)
        self.assertEqual(self.owner.phone, "13912345678")

    @users("property_reader")
    def test_every_reader_opens_the_page(self):
        with Form(self.home.with_env(self.env)) as form:
            self.assertEqual(form.code, "1-1-101")

    @users("property_reader")
    def test_the_timeline_tells_the_story(self):
        events = self.home.with_env(self.env)._get_timeline_events()[self.home]
        story = [(str(day), text) for day, _icon, _color, text in sorted(events)]
        self.assertEqual(
            story,
            [
                ("2022-06-01", "周旧 becomes owner"),
                ("2022-06-01", "Delivered to the owner"),
                ("2024-05-01", "周旧 ceases to be owner"),
                ("2024-05-02", "张三 becomes owner (Sale)"),
            ],
        )
        html = self.home.with_env(self.env).timeline
        self.assertLess(html.index("张三"), html.index("周旧"))

    @users("property_reader")
    def test_the_timeline_shows_names_as_text(self):
        self.owner.name = "<b>Zhang</b>"
        self.assertIn("&lt;b&gt;Zhang", self.home.with_env(self.env).timeline)

    @users("property_reader")
    def test_who_was_here_on_a_day(self):
        Unit = self.env["property.unit"]

        def found(said):
            return Unit.search([("people_on_day", "ilike", said)])

        self.assertEqual(found("周旧"), self.home)
        self.assertEqual(found("周旧 2024-05-01"), self.home)
        self.assertFalse(found("周旧 2024-05-02"))
        self.assertEqual(found("2024年5月2日 张三"), self.home)
        self.assertFalse(found("2024.5.1 张三"))
        self.assertEqual(found("13500001111 2023-01-01"), self.home)
        self.assertEqual(found("2022-06-01"), self.home | self.neighbour_home)
        self.assertFalse(found("2022-05-31"))

    @users("property_reader")
    def test_units_as_of_a_day(self):
        Unit = self.env["property.unit"].with_context(property_as_of="2023-01-01")
        home = Unit.browse(self.home.id)
        self.assertEqual(home.owner_ids, self.former)
        self.assertEqual(home.with_context(property_as_of=False).owner_ids, self.owner)
        self.assertEqual(Unit.search([("owner_ids", "ilike", "周旧")]), self.home)
        self.assertFalse(Unit.search([("owner_ids", "ilike", "张三")]))
        self.assertEqual(Unit.search([("status", "=", "unsold")]) & self.home, Unit)
        before = home.with_context(property_as_of="2022-05-31")
        self.assertEqual(before.status, "unsold")

    @users("property_reader")
    def test_households_on_a_day(self):
        wizard = self.env["property.household.day"].create(
            {"date": "2023-01-01", "partner_id": self.former.id}
        )
        action = wizard.action_open()
        Unit = self.env["property.unit"].with_context(**action["context"])
        units = Unit.search(action["domain"])
        self.assertEqual(units, self.home)
        self.assertEqual(units.owner_ids, self.former)
        self.assertNotIn("path", action)
        wizard.write({"show": "people", "partner_id": False, "unit_id": self.home.id})
        action = wizard.action_open()
        people = self.env["property.occupancy"].search(action["domain"])
        self.assertEqual(people.partner_id, self.former)

    @users("property_reader")
    def test_occupancies_on_a_day(self):
        people = self.env["property.occupancy"].search(
            [("unit_id", "=", self.home.id), ("on_day", "=", "2024-05-01")]
        )
        self.assertEqual(people.partner_id, self.former)

    @users("property_frontdesk")
    def test_the_page_costs_the_same_for_large_households(self):
        Unit = self.env["property.unit"]
        view = Unit.get_view(self.env.ref("property_base.property_unit_view_form").id)
        self.assertIn('name="alerts"', view["arch"])
        line = {
            "partner_id": {"fields": {"display_name": {}}},
            **{
                name: {}
                for name in ("role", "phone", "phone2", "phone_warning", "date_start")
            },
        }
        spec = {
            "live_occupancy_ids": {"fields": line},
            **{
                name: {}
                for name in (
                    "status",
                    "owner_ids",
                    "needs_phone",
                    "has_suspicious_number",
                    "change_request_count",
                    "timeline",
                )
            },
        }

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.home.with_env(self.env).web_read(spec)
            return self.env.cr.sql_log_count - before

        people = self.env["res.partner"].create(
            [
                {"name": f"住户{number}", "phone": f"1360000{number:04}"}
                for number in range(14)
            ]
        )
        for person in people[:2]:
            self._occupy(self.home, person, "family")
        queries()
        small = queries()
        for person in people[2:]:
            self._occupy(self.home, person, "family")
        self.assertEqual(queries(), small)
