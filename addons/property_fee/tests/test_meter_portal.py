import base64
import io
from datetime import date

from freezegun import freeze_time
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from PIL import Image

from .meter_common import MeterCase

SEP_25 = date(2026, 9, 25)


@tagged("post_install", "-at_install")
class TestMeterPortal(MeterCase, HttpCase):
    """A household sees what its meters counted, reports a reading, and sees no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.community.write(
            {"self_read_water": True, "self_read_from": 1, "self_read_to": 31}
        )
        cls._read(cls.meter, SEP_25, 1012)
        cls._read(cls.neighbour_meter, SEP_25, 1777)

    def _mine(self):
        return self.home.with_user(self.portal_user)

    def test_rules(self):
        Meter = self.env["property.meter"].with_user(self.portal_user)
        self.assertEqual(Meter.search([]), self.meter)
        readings = self.env["property.meter.reading"].with_user(self.portal_user)
        self.assertEqual(readings.search([]).meter_id, self.meter)
        for records in (self.meter, self.meter.reading_ids):
            mine = records.with_user(self.portal_user)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation))
        self.assertFalse(
            self.neighbour_meter.with_user(self.portal_user).has_access("read")
        )
        with self.assertRaises(AccessError):
            _ = self.meter.with_user(self.portal_user).item_id

    def test_page(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open(f"/my/homes/{self.home.id}").text
        self.assertIn(f"/my/homes/{self.home.id}/meters", page)
        page = self.url_open(f"/my/homes/{self.home.id}/meters").text
        for text in ("W101", "1012", "<svg", "<rect"):
            self.assertIn(text, page)
        self.assertNotIn("W102", page)
        other = self.url_open(f"/my/homes/{self.neighbour_home.id}/meters")
        self.assertEqual(other.status_code, 404)

    def test_report_with_photo(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(picture, "PNG")
        url = f"/my/homes/{self.home.id}/meters/{self.meter.id}"
        answer = self.url_open(
            url,
            data={"value": "1020", "csrf_token": self._token()},
            files={"photo": ("dial.png", picture.getvalue(), "image/png")},
        )
        self.assertIn("sent=1", answer.url)
        reading = self.meter.reading_ids.sorted("date")[-1]
        self.assertRecordValues(
            reading,
            [{"value": 1020, "kind": "self_reported", "state": "draft"}],
        )
        self.assertTrue(base64.b64decode(reading.photo).startswith(b"\x89PNG"))
        answer = self.url_open(url, data={"value": "abc", "csrf_token": self._token()})
        self.assertIn("alert-danger", answer.text)
        answer = self.url_open(
            url,
            data={"value": "1021", "csrf_token": self._token()},
            files={"photo": ("dial.svg", b"<svg onload='x'/>", "image/svg+xml")},
        )
        self.assertIn("alert-danger", answer.text)
        self.assertEqual(reading.value, 1020)

    def _token(self):
        return http.Request.csrf_token(self)

    def test_neighbours_ids_are_refused(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        for unit, meter in (
            (self.neighbour_home, self.neighbour_meter),
            (self.neighbour_home, self.meter),
            (self.home, self.neighbour_meter),
        ):
            self.url_open(
                f"/my/homes/{unit.id}/meters/{meter.id}",
                data={"value": "1900", "csrf_token": self._token()},
            )
        self.assertEqual(len((self.meter + self.neighbour_meter).reading_ids), 2)

    def test_only_where_and_when_allowed(self):
        self.community.write({"self_read_from": 20, "self_read_to": 31})
        with freeze_time("2026-10-19"), self.assertRaisesRegex(UserError, "today"):
            self._mine()._report_reading(self.meter.id, 1020)
        with freeze_time("2026-10-20"):
            self._mine()._report_reading(self.meter.id, 1020)
        self.community.self_read_water = False
        with freeze_time("2026-11-20"), self.assertRaisesRegex(UserError, "today"):
            self._mine()._report_reading(self.meter.id, 1030)

    def test_last_day_of_short_months(self):
        self.community.write({"self_read_from": 30, "self_read_to": 31})
        kinds = self.community._get_self_read_kinds
        self.assertEqual(kinds(date(2026, 2, 28)), {"water"})
        self.assertEqual(kinds(date(2026, 3, 29)), set())

    def test_value_and_month(self):
        with freeze_time("2026-10-20"):
            with self.assertRaisesRegex(UserError, "last reading was 1012"):
                self._mine()._report_reading(self.meter.id, 1000)
            first = self._mine()._report_reading(self.meter.id, 1020)
        with freeze_time("2026-10-22"):
            second = self._mine()._report_reading(self.meter.id, 1021)
            self.assertEqual(first, second, "corrected, not doubled")
            self.assertEqual((first.value, first.date), (1021, date(2026, 10, 22)))
            first.with_user(self.users["frontdesk"]).action_confirm()
            with self.assertRaisesRegex(UserError, "already been read"):
                self._mine()._report_reading(self.meter.id, 1022)

    def test_fills_the_row_of_the_round(self):
        row = self.env["property.meter.reading"].create(
            {"meter_id": self.meter.id, "date": date(2026, 10, 25)}
        )
        with freeze_time("2026-10-20"):
            self.assertEqual(self._mine()._report_reading(self.meter.id, 1020), row)
        self.assertEqual((row.state, row.kind), ("draft", "self_reported"))

    def test_buyer_does_not_see_the_seller(self):
        buyer = self.portal_neighbour.partner_id
        self.home._transfer(
            date(2026, 10, 1),
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": True}],
        )
        home = self.home.with_user(self.portal_neighbour)
        (shown,) = home._get_portal_meters(buyer)
        self.assertFalse(shown["readings"])
        self._read(self.meter, date(2026, 10, 25), 1020)
        (shown,) = home._get_portal_meters(buyer)
        self.assertEqual(shown["readings"].mapped("value"), [1020])
