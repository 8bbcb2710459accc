from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged, users
from odoo.tools import mute_logger

from .common import PropertyCase

OVERDUE = "property_base.mail_activity_data_loan_overdue"


@tagged("post_install", "-at_install")
class TestDocumentLoan(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env,
            login="property_keeper",
            groups="property_base.group_property_frontdesk",
        )
        cls.file = cls.env["property.owner.file"].create(
            {
                "unit_id": cls.home.id,
                "date_opened": date(2022, 6, 2),
                "keeper_id": cls.keeper.id,
            }
        )
        cls.paper, cls.other, cls.absent = cls.file.document_ids[:3]
        (cls.paper + cls.other).received_on = date(2022, 6, 2)
        cls.lawyer = cls.env["res.partner"].create({"name": "Gu Yuan"})

    def _lend(self, document=None, **values):
        return self.env["property.document.loan"].create(
            {
                "file_id": self.file.id,
                "document_id": document and document.id,
                "borrower_id": self.lawyer.id,
                "purpose": "Court",
                "date_out": date(2026, 10, 1),
                **values,
            }
        )

    @users("property_frontdesk")
    def test_lent_and_brought_back(self):
        with freeze_time("2026-10-01 12:00:00"):
            loan = self._lend(self.paper)
            self.assertEqual(loan.date_due, date(2026, 10, 8))
            self.assertEqual(loan.lent_by_id, self.env.user)
            self.assertEqual(loan.state, "out")
            self.assertTrue(self.paper.with_env(self.env).is_lent)
            self.assertFalse(self.other.with_env(self.env).is_lent)
            self.assertEqual(self.file.with_env(self.env).open_loan_count, 1)
        with freeze_time("2026-10-05 12:00:00"):
            loan.action_return()
        self.assertRecordValues(
            loan,
            [
                {
                    "state": "returned",
                    "date_returned": date(2026, 10, 5),
                    "returned_to_id": self.env.uid,
                }
            ],
        )
        self.assertFalse(self.paper.with_env(self.env).is_lent)
        self._lend(self.paper, date_out=date(2026, 10, 6))

    @users("property_frontdesk")
    def test_what_is_out_cannot_be_lent(self):
        loan = self._lend(self.paper)
        for wanted in (self.paper, None):
            with self.assertRaises(UserError) as refused:
                self._lend(wanted)
            self.assertIn("Gu Yuan", str(refused.exception))
            self.assertIn("2026-10-01", str(refused.exception))
        self._lend(self.other).action_return()
        loan.action_return()
        whole = self._lend()
        self.assertTrue(self.other.with_env(self.env).is_lent)
        with self.assertRaises(UserError):
            self._lend(self.other)
        whole.action_return()

    @users("property_frontdesk")
    def test_the_database_refuses_what_happens_at_once(self):
        self._lend(self.paper)
        for document in (self.paper, None):
            values = {
                "file_id": self.file.id,
                "document_id": document and document.id,
                "borrower_id": self.lawyer.id,
                "purpose": "Court",
                "date_out": date(2026, 10, 1),
                "date_returned": date(2026, 10, 2),
            }
            at_once = self.env["property.document.loan"].create(values)
            with (
                self.assertRaises(psycopg2.errors.ExclusionViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                at_once.date_returned = False
                at_once.flush_recordset()

    @users("property_frontdesk")
    def test_only_what_is_in_the_file_is_lent(self):
        with self.assertRaises(ValidationError):
            self._lend(self.absent)
        stranger = self.env["property.owner.file"].create(
            {"unit_id": self.neighbour_home.id}
        )
        with self.assertRaises(ValidationError):
            self._lend(stranger.document_ids[0])

    @users("property_frontdesk")
    def test_lent_from_the_document(self):
        action = self.paper.with_env(self.env).action_lend()
        slip = Form(
            self.env["property.document.loan"].with_context(**action["context"])
        )
        slip.borrower_id = self.lawyer
        slip.purpose = "Court"
        loan = slip.save()
        self.assertEqual(loan.document_id, self.paper)
        self.assertEqual(loan.file_id, self.file)
        with self.assertRaises(UserError):
            slip = Form(
                self.env["property.document.loan"].with_context(**action["context"])
            )
            slip.borrower_id = self.lawyer
            slip.purpose = "Again"
            slip.save()

    @users("property_frontdesk")
    def test_overdue_is_searched_as_it_is_read(self):
        out = self._lend(self.paper, date_due=date(2026, 10, 10))
        back = self._lend(self.other)
        back.action_return()
        Loan = self.env["property.document.loan"]
        mine = ("file_id", "=", self.file.id)
        for day, state in (("2026-10-10", "out"), ("2026-10-11", "overdue")):
            with freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(out.state, state)
                self.assertEqual(Loan.search([mine, ("state", "=", state)]), out)
                self.assertEqual(Loan.search([mine, ("state", "!=", state)]), back)

    def test_keeper_is_reminded_once(self):
        loan = self._lend(self.paper, date_due=date(2026, 10, 10))
        Loan = self.env["property.document.loan"]

        def reminders():
            return loan.activity_search([OVERDUE])

        self.assertNotIn(loan, Loan._cron_remind(date(2026, 10, 10)))
        self.assertIn(loan, Loan._cron_remind(date(2026, 10, 11)))
        self.assertEqual(reminders().user_id, self.keeper)
        self.assertEqual(reminders().date_deadline, date(2026, 10, 11))
        for day in (11, 12, 25):
            self.assertNotIn(loan, Loan._cron_remind(date(2026, 10, day)))
        self.assertEqual(len(reminders()), 1)
        reminders().action_done()
        self.assertNotIn(loan, Loan._cron_remind(date(2026, 10, 17)))
        self.assertIn(loan, Loan._cron_remind(date(2026, 10, 18)))
        loan.action_return()
        self.assertFalse(reminders())
        self.assertNotIn(loan, Loan._cron_remind(date(2026, 10, 30)))

    def test_who_lent_it_is_reminded_when_the_keeper_left(self):
        lent_by = self.users["frontdesk"]
        loan = self._lend(
            self.paper, date_due=date(2026, 10, 10), lent_by_id=lent_by.id
        )
        self.keeper.active = False
        self.env["property.document.loan"]._cron_remind(date(2026, 10, 11))
        self.assertEqual(loan.activity_search([OVERDUE]).user_id, lent_by)

    def test_scheduled_action_runs(self):
        loan = self._lend(self.paper)
        cron = self.env.ref("property_base.ir_cron_document_loan_remind")
        with freeze_time("2026-10-20 12:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(loan.reminded_on, date(2026, 10, 20))

    @users("property_frontdesk")
    def test_what_is_out_stays_in_the_log(self):
        loan = self._lend(self.paper).with_user(self.users["hq"])
        with self.assertRaises(UserError):
            loan.unlink()
        loan.action_return()
        loan.unlink()
