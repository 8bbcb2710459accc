import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.property_base.tools.workbook import write_workbook

from .common import OCTOBER, PropertyFeeCase

DAY = date(2026, 10, 9)


@tagged("post_install", "-at_install")
class TestChargeEntry(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_item("CARD", "Access Card", kind="one_off")
        cls.more = cls._create_homes(3)

    def _entry(self, *rows, **values):
        return (
            self.env["property.charge.entry"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "name": "Cards",
                    "community_id": self.community.id,
                    "item_id": self.card.id,
                    "date": DAY,
                    "line_ids": [
                        (0, 0, {"unit_id": unit.id, "price": price, **more})
                        for unit, price, more in rows
                    ],
                    **values,
                }
            )
        )

    def test_checked_charges_go_on_the_next_bill(self):
        self._assign(self.more[:1])
        entry = self._entry(
            (self.more[0], 25.0, {"quantity": 2, "remark": "Two cards"}),
            (self.more[1], 25.0, {}),
        )
        self.assertEqual(entry.amount, 75)
        entry.action_check()
        self.assertEqual(entry.state, "checked")
        charges = entry.line_ids.charge_id
        self.assertEqual(set(charges.mapped("state")), {"checked"})
        self.assertEqual(charges[0].explanation_text, "Two cards: 2 x 25.00 = 50.00")
        self.assertFalse(charges._get_wrong_amounts())
        preview = self._create_run()
        preview.action_preview()
        self.assertEqual(preview.amount_expected, 325)
        run = self._run()
        self.assertEqual(run.amount_charged, 325)
        bill = self._bill(self.more[0])
        self.assertEqual(sorted(bill.invoice_line_ids.mapped("price_unit")), [50, 250])
        self.assertEqual(entry.billed_count, 2)
        self.assertEqual(set(charges.mapped("state")), {"billed"})
        self.assertEqual(self._run().charged_count, 0)

    def test_later_runs_only(self):
        self._entry((self.more[0], 25.0, {})).action_check()
        self.assertFalse(self._run(date(2026, 9, 1)).line_ids)
        self.assertEqual(self._run(date(2026, 11, 1)).amount_charged, 25)

    def test_bill_now(self):
        entry = self._entry((self.more[0], 25.0, {}), (self.more[1], 30.0, {}))
        entry.action_check()
        entry.action_bill()
        self.assertEqual(entry.state, "billed")
        moves = entry.line_ids.charge_id.move_id
        self.assertEqual(sorted(moves.mapped("amount_total")), [25, 30])
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        with self.assertRaises(UserError):
            entry.line_ids[0].price = 99
        with self.assertRaises(UserError):
            entry.unlink()

    def test_one_row_that_cannot_be_billed(self):
        entry = self._entry((self.more[0], 25.0, {}), (self.more[1], 30.0, {}))
        entry.action_check()
        self.env.company.sale_lock_date = False
        entry.line_ids[
            1
        ].charge_id.sudo().partner_id.company_id = self.setup_other_company()["company"]
        entry.action_bill()
        self.assertEqual(entry.line_ids.mapped("charge_state"), ["billed", "checked"])
        self.assertTrue(entry.line_ids[1].problem)
        self.assertEqual(entry.state, "checked")

    def test_problems(self):
        stranger = self.env["res.partner"].create({"name": "Gone", "active": False})
        recurring = {"item_id": self.management.id}
        entry = self._entry(
            (self.homes[2], 25.0, {}),
            (self.more[0], 0.0, {}),
            (self.more[1], 25.0, {"partner_id": stranger.id}),
            (self.more[2], 25.0, recurring),
        )
        entry.action_check()
        self.assertEqual((entry.state, entry.problem_count), ("draft", 4))
        texts = entry.line_ids.mapped("problem")
        for text, part in zip(
            texts, ("no owner", "above zero", "archived", "not a one-off"), strict=True
        ):
            self.assertIn(part, text)
        self.assertFalse(entry.line_ids.charge_id)
        entry.line_ids[0].partner_id = self.tenant
        entry.line_ids[1].price = 3
        entry.line_ids[2].partner_id = self.tenant
        entry.line_ids[3].item_id = self.card
        entry.action_check()
        self.assertEqual(entry.state, "checked")
        self.assertEqual(entry.line_ids[0].charge_id.partner_id, self.tenant)

    def test_back_to_draft(self):
        entry = self._entry((self.more[0], 25.0, {}))
        entry.action_check()
        charge = entry.line_ids.charge_id
        entry.action_reset()
        self.assertFalse(charge.exists())
        entry.action_check()
        entry.action_cancel()
        self.assertEqual(entry.state, "cancelled")
        entry.action_draft()
        entry.action_check()
        entry.action_bill()
        entry.action_reset()
        self.assertEqual(entry.state, "billed")

    def test_empty(self):
        with self.assertRaises(UserError):
            self._entry().action_check()

    # === WORKBOOK === #

    def _import(self, header, *rows):
        entry = self._entry()
        entry.file = base64.b64encode(
            write_workbook([{"name": "1", "header": header, "rows": list(rows)}])
        )
        entry.action_import()
        return entry

    def test_import(self):
        entry = self._import(
            ["Unit", "Fee Item", "Quantity", "Price or Amount", "Date", "Remark"],
            [self.more[0].code, "CARD", 2, 25, "2026-10-20", "=1+1"],
            [self.more[1].code, "Access Card", "", "1,025.50", "", ""],
        )
        self.assertRecordValues(
            entry.line_ids,
            [
                {
                    "row": 2,
                    "unit_id": self.more[0].id,
                    "item_id": self.card.id,
                    "amount": 50,
                    "date": date(2026, 10, 20),
                    "remark": "=1+1",
                    "problem": False,
                },
                {
                    "row": 3,
                    "unit_id": self.more[1].id,
                    "item_id": self.card.id,
                    "amount": 1025.5,
                    "date": DAY,
                    "remark": False,
                    "problem": False,
                },
            ],
        )
        entry.action_check()
        entry.action_bill()
        self.assertEqual(entry.state, "billed")

    def test_import_of_bad_rows(self):
        entry = self._import(
            ["Unit", "Fee Item", "Quantity", "Price or Amount", "Date", "Payer"],
            ["9-9-9", "CARD", 1, 25, "", ""],
            [self.more[0].code, "Swimming", 1, 25, "", ""],
            [self.more[0].code, "", "two", 25, "", ""],
            [self.more[0].code, "", 1, "much", "", ""],
            [self.more[0].code, "", 1, 25, "yesterday", ""],
            [self.more[0].code, "", 1, 25, "", "Nobody at all"],
            ["", "", "", "", "", ""],
        )
        self.assertEqual(entry.line_ids.mapped("row"), [2, 3, 4, 5, 6, 7])
        for line, part in zip(
            entry.line_ids,
            ("9-9-9", "Swimming", "quantity", "price", "date", "Nobody at all"),
            strict=True,
        ):
            self.assertIn(part, line.problem)

    def test_import_of_no_workbook(self):
        entry = self._entry()
        for content in (b"", b"PK\x03\x04 broken", b"\x00\x01"):
            with mute_logger("odoo.tools.mimetypes.guess_mimetype"):
                entry.file = base64.b64encode(content)
            with self.assertRaises(UserError):
                entry.action_import()
        entry.file = base64.b64encode(b"Name;Sum\n")
        with self.assertRaises(UserError):
            entry.action_import()

    def test_template(self):
        action = self._entry().action_template()
        self.assertIn("/web/content/", action["url"])

    # === RIGHTS === #

    def test_who_may(self):
        entry = self._entry((self.more[0], 25.0, {}))
        for role in ("frontdesk", "cashier", "security"):
            with self.assertRaises(AccessError):
                entry.with_user(self.users[role]).name = "Mine"
        self.assertEqual(entry.line_ids.date, DAY)
        self.assertEqual(entry._get_period(), OCTOBER)
