import threading
import time
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .dunning_common import DunningCase


@tagged("post_install", "-at_install")
class TestDunningMail(DunningCase, MailCase):
    """An e-mail waits in Odoo's queue; what is paid meanwhile does not go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write({"channel": "email", "mode": "auto"})
        cls.level.subject = "Fees of {unit}"
        cls.owner.email = "owner@example.com"
        cls.neighbour.email = False

    def test_queue(self):
        letters = self._generate(20)
        self.assertEqual(letters.mapped("state"), ["queued", "failed"])
        self.assertIn("e-mail", letters[1].failure)
        mail = letters[0].sudo().mail_id
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.subject, "Fees of 1-1-101")
        self.assertIn("223.75", mail.body_html)
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual(len(self._mails), 1)
        self.assertIn("owner@example.com", self._mails[0]["email_to"][0])
        self.assertRecordValues(
            letters[0], [{"state": "sent", "delivery_way": "electronic"}]
        )

    def test_paid_while_it_waits(self):
        letter = self._generate(20)[0]
        self._register_payment(self._bill(self.home))
        with self.mock_mail_gateway():
            letter.sudo().mail_id.send()
        self.assertFalse(self._mails)
        self.assertEqual(letter.sudo().mail_id.state, "cancel")
        self.assertEqual(letter.state, "cancelled")
        self.assertFalse(self._case().level_id)

    def test_cancelled_by_hand(self):
        letter = self._generate(20)[0]
        letter.action_cancel()
        self.assertEqual(letter.sudo().mail_id.state, "cancel")


@tagged("post_install", "-at_install")
class TestDunningConcurrency(BaseCase):
    """A payment in one database session while another reminds."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._session() as env:
            self.made = self._build(env)
        self.addCleanup(self._clean)

    @contextmanager
    def _session(self):
        """Give the environment of a database session of its own, committed at the end."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _build(self, env):
        community = env["property.community"].create(
            {"name": "Pays Meanwhile", "code": f"PM{time.time_ns()}"}
        )
        unit = env["property.unit"].create(
            {"community_id": community.id, "name": "101", "code": f"PM{time.time_ns()}"}
        )
        partner = env["res.partner"].create({"name": "Pays Meanwhile"})
        policy = env["property.dunning.policy"].create(
            {
                "name": "Pays Meanwhile",
                "community_ids": community.ids,
                "quiet_days": False,
                "level_ids": [(0, 0, {"name": "Notice", "days_overdue": 10})],
            }
        )
        if not env.company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", env.company)
        bill = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": date(2026, 9, 1),
                "invoice_date_due": date(2026, 9, 30),
                "property_unit_id": unit.id,
                "property_period": date(2026, 9, 1),
                "invoice_line_ids": [
                    (0, 0, {"name": "Fee", "price_unit": 100, "tax_ids": []})
                ],
            }
        )
        bill.action_post()
        run = env["property.dunning.run"].create(
            {"date": date(2026, 11, 5), "community_ids": community.ids}
        )
        run._prepare_rows()
        run.state = "queued"
        env.flush_all()
        self.run_id, self.bill_id, self.unit_id = run.id, bill.id, unit.id
        return [policy, unit, community, partner]

    def _clean(self):
        with self._session() as env:
            env["property.dunning.letter"].search(
                [("unit_id", "=", self.unit_id)]
            ).unlink()
            run = env["property.dunning.run"].browse(self.run_id)
            run.line_ids.unlink()
            run.state = "draft"
            run.unlink()
            env["property.dunning.case"].search(
                [("unit_id", "=", self.unit_id)]
            ).unlink()
            moves = env["account.move"].browse(self.bill_id)
            payments = moves.matched_payment_ids
            moves |= payments.move_id
            moves.line_ids.remove_move_reconcile()
            payments.action_draft()
            payments.unlink()
            moves = moves.exists()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            env["account.payment.register"].search(
                [("partner_id", "=", self.made[-1].id)]
            ).unlink()
            for records in self.made:
                env[records._name].browse(records.ids).unlink()

    def _pay(self, env):
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[self.bill_id]
        ).create({})._create_payments()
        env.flush_all()

    def _result(self):
        with self._session() as env:
            run = env["property.dunning.run"].browse(self.run_id)
            return run.line_ids.status, len(run.letter_ids)

    def test_paid_between_our_look_and_our_lock(self):
        """The chunk whose picture of the books is old is done again with a new one."""
        database = db_connect(get_db_name())
        with database.cursor() as one, database.cursor() as two:
            run = api.Environment(one, SUPERUSER_ID, {})["property.dunning.run"].browse(
                self.run_id
            )
            self.assertEqual(run.todo_count, 1)  # from here on, this picture
            self._pay(api.Environment(two, SUPERUSER_ID, {}))
            two.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                run._process_chunk()
            one.rollback()
        with self._session() as env:  # as `_process_in_chunks` does
            env["property.dunning.run"].browse(self.run_id)._process_chunk()
        self.assertEqual(self._result(), ("skipped", 0))

    def test_payment_in_the_making_is_waited_for(self):
        """A household whose bill somebody is at work on is left for the next round."""
        database = db_connect(get_db_name())
        with database.cursor() as two:
            self._pay(api.Environment(two, SUPERUSER_ID, {}))  # not committed yet
            with self._session() as env:
                run = env["property.dunning.run"].browse(self.run_id)
                self.assertEqual(run._process_chunk(), 0)
            self.assertEqual(self._result(), ("todo", 0))
            two.commit()
        with self._session() as env:
            env["property.dunning.run"].browse(self.run_id)._process_chunk()
        self.assertEqual(self._result(), ("skipped", 0))

    def test_payment_that_comes_now_waits_until_the_reminder_is_out(self):
        database = db_connect(get_db_name())
        paid = threading.Event()
        errors = []
        two = database.cursor()
        env = api.Environment(two, SUPERUSER_ID, {})

        def pay():
            try:
                with two:
                    try:
                        self._pay(env)
                    except psycopg2.errors.SerializationFailure:
                        # As Odoo does with every request.
                        two.rollback()
                        env.transaction.clear()
                        self._pay(env)
                    two.commit()
            except Exception as error:  # handed to the test's own thread
                errors.append(error)
            paid.set()

        with database.cursor() as one:
            run = api.Environment(one, SUPERUSER_ID, {})["property.dunning.run"].browse(
                self.run_id
            )
            self.assertEqual(run._process_chunk(), 1)
            run.env.flush_all()
            thread = threading.Thread(target=pay)
            # What follows a commit loads the registry, whose lock the tests hold.
            rank = patch.object(env.registry["res.partner"], "_increase_rank")
            with mute_logger("odoo.sql_db"), rank:
                thread.start()
                self.assertFalse(paid.wait(1.5))
                one.commit()
                thread.join(30)
        self.assertFalse(errors)
        self.assertTrue(paid.is_set())
        # Reminded of what was open then, once.
        self.assertEqual(self._result(), ("sent", 1))
