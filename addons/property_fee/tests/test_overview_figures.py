from datetime import date

from odoo.tests import freeze_time, tagged

from .deposit_common import DepositCase

MODEL = "property.fee.overview"


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestOverviewFigures(DepositCase):
    """What the landing page says of collecting, dunning, deposits and approvals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], start=date(2026, 10, 1))
        cls._run()
        cls._run(date(2026, 11, 1))

    def _overview(self, user="manager"):
        return (
            self.env[MODEL].with_user(self.users[user]).get_overview(self.community.id)
        )

    def _tiles(self, user="manager"):
        overview = self._overview(user)
        return {tile["key"]: tile for tile in overview["money"] + overview["todo"]}

    def _found(self, action, user="manager"):
        return (
            self.env[action["res_model"]]
            .with_user(self.users[user])
            .search(action["domain"])
        )

    def _open(self, key, user="manager"):
        overview = self.env[MODEL].with_user(self.users[user])
        return self._found(overview.open_tile(key, self.community.id), user)

    def _pay(self, bill, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": bill.partner_id.id,
                "amount": amount,
                "date": date(2026, 11, 25),
                "journal_id": self.cash.id,
                "property_unit_id": bill.property_unit_id.id,
            }
        )
        payment.action_post()
        (payment.move_id + bill).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        return payment

    def test_money(self):
        payment = self._pay(self._bill(self.home), 300)
        self._receive(self._create_deposit())
        self.env.flush_all()
        tiles = self._tiles()
        self.assertIn("300.00", tiles["today"]["value"])
        self.assertEqual(self._open("today"), payment)
        # 223.75 of 895.00
        self.assertEqual(tiles["rate"]["value"], "25.00 %")
        self.assertIn("76.25", tiles["credit"]["value"])
        self.assertIn("2,000.00", tiles["deposits_held"]["value"])
        self.assertEqual(self._open("deposits_held").unit_id, self.home)

    def test_ages(self):
        ages = {age["key"]: age for age in self._overview()["ages"]}
        self.assertIn("447.50", ages["1_30"]["value"])
        self.assertIn("447.50", ages["2_90"]["value"])
        self.assertEqual(ages["2_90"]["share"], 100)
        self.assertIn("0.00", ages["7_older"]["value"])
        for bucket, month in (("1_30", 11), ("2_90", 10)):
            action = self.env[MODEL].open_age(bucket, self.community.id)
            self.assertEqual(
                set(self._found(action).mapped("property_period")),
                {date(2026, month, 1)},
            )
        for bucket in ("0_current", "7_older"):
            action = self.env[MODEL].open_age(bucket, self.community.id)
            self.assertFalse(self._found(action))

    def test_what_waits(self):
        tiles = self._tiles()
        for key in ("cases", "promises", "lapse", "deposits", "credit_refunds"):
            self.assertEqual(tiles[key]["count"], 0, key)
        case = (
            self.env["property.dunning.case"]
            .sudo()
            .create({"unit_id": self.home.id, "partner_id": self.owner.id})
        )
        case.date_next = date(2026, 11, 25)
        self.env["property.dunning.promise"].create(
            {"case_id": case.id, "amount": 10, "date": date(2026, 11, 27)}
        )
        case.date_next = date(2026, 11, 25)
        deposit = self._create_deposit(date_return=date(2026, 11, 20))
        self._receive(deposit)
        refund = self._move(deposit, "refund", 500)
        refund.action_approval_submit()
        tiles = self._tiles()
        for key in ("cases", "promises", "deposits", "approvals"):
            self.assertEqual(tiles[key]["count"], 1, key)
        self.assertEqual(self._open("approvals").res_id, refund.id)
        self.assertEqual(self._tiles("cashier")["approvals"]["count"], 0)
        refund.with_user(self.users["manager"]).action_approval_approve()
        self.assertEqual(self._open("deposit_refunds"), refund)
        self.assertEqual(self._tiles()["approvals"]["count"], 0)

    def test_who_sees_what(self):
        overview = self._overview("frontdesk")
        self.assertEqual((overview["money"], overview["ages"]), ([], []))
        keys = {tile["key"] for tile in self._overview("cashier")["money"]}
        self.assertIn("today", keys)

    def test_constant_number_of_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._overview()
            return self.env.cr.sql_log_count - before

        def grow(number, prefix):
            homes = self._create_homes(number, prefix)
            self._assign(homes, start=date(2026, 11, 1))
            self._run(date(2026, 11, 1))
            for home in homes:
                self._receive(self._create_deposit(unit=home))

        # Some of each, so that nothing is read for the first time later.
        grow(4, "8")
        count()
        few = count()
        grow(8, "9")
        count()
        self.assertLessEqual(count(), few)
