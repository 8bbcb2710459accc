import base64

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .feedback_common import FeedbackCase
from .test_safe_web import PIXEL

NUMBER, MASK = "13800000001", "138****0001"


@tagged("post_install", "-at_install")
class TestSafeSteps(FeedbackCase):
    """What no screen offers, asked for over RPC by staff who know the field names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(subject="Tap of Zhang")
        cls.order = cls._order(cls.ticket)
        cls.order._give({cls.order: cls.first})
        cls.mine = cls.order.with_user(cls.engineer)

    # === PHOTOS === #

    def test_files_of_others_are_no_photos_of_a_visit(self):
        """Else the household's page would hand out whatever file an engineer names."""
        secret = self.env["ir.attachment"].create(
            {
                "name": "id-card.png",
                "raw": PIXEL,
                "res_model": "ir.cron",
                "res_id": self.env["ir.cron"].search([], limit=1).id,
            }
        )
        loose = self.env["ir.attachment"].create({"name": "a.png", "raw": PIXEL})
        for field in ("before_ids", "after_ids"):
            for photo in secret + loose:
                with self.assertRaises(AccessError):
                    self.mine.write({field: [Command.link(photo.id)]})
            with self.assertRaises(AccessError):
                self.env["property.work.order"].with_user(self.frontdesk).create(
                    {"ticket_id": self.ticket.id, field: [Command.set(secret.ids)]}
                )
        self.assertFalse(self.ticket._get_portal_photos())

    def test_a_photo_of_the_form_belongs_to_the_order(self):
        upload = (
            self.env["ir.attachment"]
            .with_user(self.engineer)
            .create({"name": "tap.png", "raw": PIXEL, "res_model": self.order._name})
        )
        self.mine.write({"before_ids": [Command.link(upload.id)]})
        self.assertEqual(upload.res_id, self.order.id)
        self.assertTrue(self.order.with_user(self.manager).before_ids.read(["name"]))

    # === FACTS === #

    def test_times_and_ticket_of_an_order_are_not_written_by_hand(self):
        other = self._create_ticket(
            unit_id=self.neighbour_unit.id, subject="Tap of Wang"
        )
        past = fields.Datetime.to_datetime("2020-01-01 08:00:00")
        for name, value in (
            ("ticket_id", other.id),
            ("name", "X-1"),
            ("given_at", past),
            ("accepted_at", past),
            ("arrived_at", past),
            ("done_at", past),
            ("return_count", 0),
            ("signed_at", past),
            ("signed_by", "Zhang"),
            ("signature", base64.b64encode(PIXEL)),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.mine.write({name: value})
        with self.assertRaises(AccessError):
            self.mine.write({"state": "accepted", "accepted_at": past})
        self.mine.action_accept()
        self.mine.action_arrive()
        self.assertGreater(self.order.arrived_at, past)

    def test_what_was_signed_for_stays(self):
        line = self.env["property.work.order.line"].create(
            {"order_id": self.order.id, "price_id": self.price.id, "quantity": 2}
        )
        self.mine.action_accept()
        self.mine.action_arrive()
        self.mine._sign("Zhang", base64.b64encode(PIXEL).decode())
        self.assertEqual(self.order.signed_by, "Zhang")
        with self.assertRaises(ValidationError):
            line.with_user(self.engineer).unlink()
        with self.assertRaises(ValidationError):
            line.with_user(self.engineer).write({"amount": 1})
        self.env.invalidate_all()
        self.assertEqual(self.order.amount, 71)

    # === NUMBERS === #

    def _phone(self, ticket, user):
        self.env.invalidate_all()
        return ticket.with_user(user).read(["phone"])[0]["phone"]

    def test_nobody_names_a_caller_to_see_his_number(self):
        for user in (self.user, self.engineer, self.security, self.cashier):
            ticket = (
                self.env["property.ticket"]
                .with_user(user)
                .create(
                    {
                        "unit_id": self.neighbour_unit.id,
                        "partner_id": self.wang.partner_id.id,
                        "category_id": self.problem.id,
                        "subject": "Just asking",
                        "user_id": user.id,
                    }
                )
            )
            self.assertEqual(self._phone(ticket, user), MASK, user.login)
        mine = self._create_ticket(subject="Mine", user_id=self.engineer.id)
        self.assertEqual(self._phone(mine, self.engineer), NUMBER)
        mine.with_user(self.engineer).partner_id = self.wang.partner_id
        self.assertEqual(self._phone(mine, self.engineer), MASK)
        with self.assertRaises(AccessError):
            mine.with_user(self.engineer).caller_user_id = False
        mine.with_user(self.frontdesk).partner_id = self.zhang.partner_id
        self.assertEqual(self._phone(mine, self.engineer), NUMBER)

    def test_the_window_for_text_messages_masks_the_number(self):
        Composer = self.env["sms.composer"].with_user(self.engineer)
        names = ["recipient_single_number", "recipient_single_number_itf"]
        other = self._create_ticket(subject="Not mine")
        for record in (self.wang.partner_id, other):
            composer = Composer.with_context(
                default_res_model=record._name, default_res_id=record.id
            ).create({"body": "Hello", "composition_mode": "comment"})
            shown = composer.read(names)[0]
            self.assertEqual({shown[name] for name in names}, {MASK}, record)
            self.assertEqual(composer.recipient_single_number_itf, NUMBER)
            with Form(composer) as form:
                self.assertEqual(form.recipient_single_number_itf, MASK)
                form.body = "We come at two"
            composer.write({"recipient_single_number_itf": MASK})
            self.assertEqual(composer.recipient_single_number_itf, NUMBER)
            composer.numbers = NUMBER
            self.assertEqual(composer.read(["numbers"])[0]["numbers"], MASK)
