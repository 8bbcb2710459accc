import base64
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common import PropertyServiceCase
from .test_portal import PIXEL


@tagged("post_install", "-at_install")
class TestIntakeScreen(PropertyServiceCase):
    """What the screen for calls is told, and what it saves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building = cls.env["property.building"].create(
            {"community_id": cls.community.id, "name": "Building 1", "code": "1"}
        )
        (cls.unit | cls.neighbour_unit).building_id = cls.building
        cls.lift = cls.env.ref("property_service.problem_facility_lift_noise")
        cls.intake = cls.env["property.intake"].with_user(cls.frontdesk)

    def _order(self, **values):
        return {
            "token": f"token-{time.monotonic_ns()}",
            "unit_id": self.unit.id,
            "partner_id": self.li.partner_id.id,
            "category_id": self.problem.id,
            "subject": "Kitchen tap drips",
            **values,
        }

    def _save(self, user=None, **values):
        intake = self.env["property.intake"].with_user(user or self.frontdesk)
        return intake.save(self._order(**values))

    def test_problems_bring_what_they_propose(self):
        rows = {row["id"]: row for row in self.intake.load()["problems"]}
        row = rows[self.emergency.id]
        self.assertEqual(
            (row["place"], row["urgency"], row["kind"], row["category_id"]),
            ("home", "emergency", "repair", self.emergency.parent_id.id),
        )
        self.assertEqual(row["trade"], self.emergency._get_skill().name)
        procedure = self.env["property.procedure"].browse(row["procedure"]["id"])
        self.assertEqual(procedure.code, "SOP-07")
        self.assertGreaterEqual(len(rows), 120)

    def test_channels_by_hand(self):
        channels = [row["id"] for row in self.intake.load()["channels"]]
        self.assertEqual(
            channels, ["phone", "visit", "letter", "wechat", "patrol", "staff"]
        )

    def test_every_channel_is_counted(self):
        for channel in ("phone", "phone", "visit", "wechat"):
            ticket = self.env["property.ticket"].browse(
                self._save(channel=channel, seen=self._open_ids())["id"]
            )
            self.assertEqual(ticket.channel, channel)
        counts = self.env["property.ticket"]._read_group(
            [("unit_id", "=", self.unit.id)], ["channel"], ["__count"]
        )
        self.assertEqual(dict(counts), {"phone": 2, "visit": 1, "wechat": 1})

    def _open_ids(self):
        return self.env["property.ticket"].search([("unit_id", "=", self.unit.id)]).ids

    def test_problems_are_typed_in_pinyin(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        problem = self.problem.with_context(lang="zh_CN")
        problem.name = "龙头滴水"
        intake = self.intake.with_context(lang="zh_CN")
        rows = {row["id"]: row for row in intake.load()["problems"]}
        self.assertEqual(
            rows[self.problem.id]["syllables"], ["long", "tou", "di", "shui"]
        )
        Category = self.env["property.ticket.category"].with_context(lang="zh_CN")
        for said in ("longtou", "ltds", "dishui", "滴水"):
            found = [row[0] for row in Category.name_search(said)]
            self.assertIn(self.problem.id, found, said)
        found = [row[0] for row in Category.name_search("ltdsx")]
        self.assertNotIn(self.problem.id, found)

    def test_household(self):
        opened = self._create_ticket()
        ended = self._create_ticket(subject="Door sticks")
        self._walk(ended, "accepted", "done", "closed")
        known = self.intake.load_context(unit_id=self.unit.id)
        self.assertEqual(
            [person["name"] for person in known["people"]],
            [self.li.name, self.zhang.name],
        )
        self.assertEqual(known["people"][0]["phone"], "138****0001")
        self.assertEqual([row["id"] for row in known["open"]], opened.ids)
        self.assertEqual([row["id"] for row in known["recent"]], ended.ids)
        self.assertEqual([row["id"] for row in known["same"]], opened.ids)
        # the fee module, where there is one, has found nothing
        self.assertFalse((known["arrears"] or {}).get("due"))

    def test_the_promise_shown_is_the_promise_given(self):
        known = self.intake.load_context(unit_id=self.unit.id)
        answer = self._save()
        ticket = self.env["property.ticket"].browse(answer["id"])
        own = (ticket.category_id.id, ticket.category_id.parent_id.id)
        shown = next(
            row
            for row in known["policies"]
            if row["kind"] in (ticket.kind, False)
            and row["urgency"] in (ticket.urgency, False)
            and row["category_id"] in (*own, False)
        )
        self.assertEqual(shown["promise"], answer["promise"])
        self.assertEqual(
            [target["label"] for target in shown["targets"]],
            [target["label"] for target in answer["targets"]],
        )
        for before, after in zip(shown["targets"], answer["targets"], strict=True):
            self.assertLess(abs((after["due"] - before["due"]).total_seconds()), 60)

    def test_saved_with_number_promise_and_photos(self):
        answer = self._save(
            description="<script>alert(1)</script>",
            channel="wechat",
            photos=[{"name": "tap.png", "data": base64.b64encode(PIXEL).decode()}],
        )
        ticket = self.env["property.ticket"].browse(answer["id"])
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": answer["name"],
                    "unit_id": self.unit.id,
                    "building_id": self.building.id,
                    "partner_id": self.li.partner_id.id,
                    "phone": "13800000001",
                    "channel": "wechat",
                    "kind": "repair",
                    "place": "home",
                    "liable": "owner",
                }
            ],
        )
        self.assertEqual(answer["promised_at"], ticket.promised_at)
        self.assertTrue(answer["promised_at"])
        attachments = ticket.message_ids.attachment_ids
        self.assertEqual(attachments.mapped("name"), ["tap.png"])

    def test_saved_once_though_sent_twice(self):
        order = self._order()
        first, second = self.intake.save(order), self.intake.save(order)
        self.assertEqual(first["id"], second["id"])
        self.assertTrue(second["is_repeated"])

    def test_an_unknown_caller(self):
        answer = self._save(partner_id=False, caller_name="Old Zhao", phone="0571-1234")
        ticket = self.env["property.ticket"].browse(answer["id"])
        self.assertEqual((ticket.caller_name, ticket.phone), ("Old Zhao", "0571-1234"))

    def test_what_was_not_shown_stops_the_saving(self):
        running = self._create_ticket()
        answer = self._save()
        self.assertEqual([row["id"] for row in answer["duplicates"]], running.ids)
        count = self.env["property.ticket"].search_count(
            [("unit_id", "=", self.unit.id)]
        )
        self.assertEqual(count, 1)
        self.assertTrue(self._save(seen=running.ids)["name"])

    def test_the_same_matter_is_added(self):
        running = self._create_ticket(category_id=self.lift.id)
        answer = self._save(
            unit_id=self.neighbour_unit.id,
            partner_id=self.wang.partner_id.id,
            category_id=self.lift.id,
            subject=self.lift.name,
            description="Louder than yesterday",
            same_as=running.id,
        )
        self.assertEqual((answer["id"], answer["is_added"]), (running.id, True))
        self.assertRecordValues(
            running.reporter_ids,
            [
                {
                    "unit_id": self.neighbour_unit.id,
                    "partner_id": self.wang.partner_id.id,
                    "phone": "13800000001",
                    "note": "Louder than yesterday",
                    "user_id": self.frontdesk.id,
                }
            ],
        )
        self.assertEqual(running.reporter_count, 1)
        self.assertIn("Louder than yesterday", running.message_ids[0].body)
        shown = running.reporter_ids.with_user(self.engineer).read(["phone"])
        self.assertEqual(shown[0]["phone"], "138****0001")
        # Whoever reported it, too, learns that it is done, and learns it once.
        self._walk(running, "accepted", "dispatched")
        for _time in range(2):
            running.with_user(self.engineer).write(
                {"state": "done", "result": "Rollers oiled"}
            )
        told = running.message_ids.filtered(lambda one: "Rollers oiled" in one.body)
        self.assertEqual(told.partner_ids, self.wang.partner_id)
        self.assertEqual(len(told), 1)

    def test_a_finished_ticket_takes_no_more_reports(self):
        running = self._create_ticket()
        self._walk(running, "accepted", "done")
        with self.assertRaisesRegex(UserError, "finished meanwhile"):
            self._save(same_as=running.id)

    def test_a_common_area_without_a_unit(self):
        answer = self._save(
            unit_id=False,
            partner_id=False,
            building_id=self.building.id,
            category_id=self.lift.id,
        )
        ticket = self.env["property.ticket"].browse(answer["id"])
        self.assertEqual(
            (ticket.building_id, ticket.community_id), (self.building, self.community)
        )
        known = self.intake.load_context(building_id=self.building.id)
        self.assertEqual([row["id"] for row in known["same"]], ticket.ids)
        # A household of the building calls about the same lift.
        known = self.intake.load_context(unit_id=self.unit.id)
        self.assertEqual([row["id"] for row in known["same"]], ticket.ids)
        answer = self._save(category_id=self.lift.id)
        self.assertEqual([row["id"] for row in answer["duplicates"]], ticket.ids)

    def test_what_cannot_be_saved(self):
        cases = (
            ({"token": "x"}, "no token"),
            ({"category_id": False, "subject": " "}, "Choose a problem"),
            ({"category_id": self.problem.parent_id.id}, "choose a problem of"),
            (
                {
                    "photos": [
                        {"name": "a.txt", "data": base64.b64encode(b"no").decode()}
                    ]
                },
                "not a photo",
            ),
            ({"photos": [{"name": "a.jpg", "data": "%%"}]}, "not a photo"),
            ({"appointment_at": "0026-11-02 02:00:00"}, "is past"),
            ({"appointment_at": self._in(hours=-1)}, "is past"),
            ({"appointment_at": "20261-11-02 02:00:00"}, "Correct the time"),
        )
        for values, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._save(**values)

    def _in(self, **span):
        return fields.Datetime.to_string(fields.Datetime.now() + timedelta(**span))

    def test_what_is_typed_in_hastily(self):
        soon = self._in(minutes=-5)
        answer = self._save(
            appointment_at=soon,
            subject="Ta\x00p \U0001f4a7" + "x" * 500,
            description="a\x00\n" + "y" * 30000,
            caller_name="W" * 200,
            partner_id=False,
            phone="1" * 60,
        )
        ticket = self.env["property.ticket"].browse(answer["id"])
        self.assertEqual(fields.Datetime.to_string(ticket.appointment_at), soon)
        self.assertTrue(ticket.subject.startswith("Tap \U0001f4a7x"))
        self.assertEqual(
            [
                len(ticket[name])
                for name in ("subject", "description", "caller_name", "phone")
            ],
            [200, 20000, 100, 32],
        )

    def test_who_may(self):
        stranger = self.env["property.unit"].create(
            {"name": "9", "code": "9", "community_id": self.foreign.id}
        )
        with self.assertRaises(AccessError):
            self.intake.load_context(unit_id=stranger.id)
        with self.assertRaises(AccessError):
            self.intake.load_context(community_id=self.foreign.id)
        with self.assertRaises(AccessError):
            self._save(unit_id=stranger.id)
        with self.assertRaises(AccessError):
            self._save(user=self.zhang)
        with self.assertRaises(AccessError):
            self.env["property.intake"].with_user(self.zhang).load()
        self.assertTrue(self._save(user=self.security, channel="patrol")["name"])

    @users("svc_frontdesk")
    def test_queries_do_not_depend_on_what_is_known(self):
        intake = self.env["property.intake"]

        def count(method, **kwargs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            getattr(intake, method)(**kwargs)
            return self.cr.sql_log_count - before

        where = {"unit_id": self.unit.id}
        self._fill_household()
        count("load_context", **where), count("load")
        few = count("load_context", **where), count("load")
        for _number in range(6):
            self._fill_household()
        many = count("load_context", **where), count("load")
        self.assertEqual(few, many)
        self.assertLessEqual(many[0], 60)

    def test_queries_of_saving_do_not_depend_on_what_runs(self):
        """A cut that everybody calls about makes the next call no slower."""
        intake = self.env["property.intake"].with_user(self.frontdesk)
        intake = intake.with_context(tracking_disable=False)

        def save():
            seen = self._open_ids()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(intake.save(self._order(seen=seen))["name"])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        save()
        few = save()
        for unit in self.units:
            for _number in range(10):
                self._create_ticket(unit_id=unit.id)
        many = save()
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 35)

    def _fill_household(self):
        """Add one more of everything that is shown of the household."""
        env = self.env(su=True)
        self._create_ticket()
        ended = self._create_ticket(subject="Door sticks")
        ended.write({"state": "accepted"})
        ended.write({"state": "done", "result": "Planed"})
        person = env["res.partner"].create({"name": "Child"})
        env["property.occupancy"].create(
            {"unit_id": self.unit.id, "partner_id": person.id, "role": "family"}
        )
        env["property.house.fact"].create({"unit_id": self.unit.id, "text": "A dog"})
        env["property.pet"].create({"unit_id": self.unit.id, "name": "Rex"})
        env["property.incident"].create(
            {
                "name": "Water cut",
                "community_id": self.community.id,
                "building_ids": self.building.ids,
                "category_ids": self.problem.ids,
                "message": "The water is off.",
            }
        )
