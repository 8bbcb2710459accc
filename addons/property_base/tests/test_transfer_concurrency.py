import threading
from datetime import date

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

SOLD_ON = date(2026, 10, 20)


@tagged("post_install", "-at_install")
class TestTransferConcurrency(BaseCase):
    """People at two desks transfer the same unit; each has a database session of his own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            community = env["property.community"].create(
                {"name": "Two Desks", "code": "TWODESKS"}
            )
            unit = env["property.unit"].create(
                {"community_id": community.id, "name": "101"}
            )
            seller, *buyers = env["res.partner"].create(
                [{"name": name} for name in ("Seller", "A", "B", "C", "D")]
            )
            env["property.occupancy"].create(
                {
                    "unit_id": unit.id,
                    "partner_id": seller.id,
                    "share": 100,
                    "date_start": date(2022, 1, 1),
                }
            )
            self.unit_id, self.seller_id = unit.id, seller.id
            self.buyer_ids = [buyer.id for buyer in buyers]
            self.community_id = community.id
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _clean(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            unit = env["property.unit"].browse(self.unit_id)
            env["property.owner.file"].search([("unit_id", "=", unit.id)]).unlink()
            env["property.transfer"].search([("unit_id", "=", unit.id)]).unlink()
            unit.occupancy_ids.unlink()
            unit.unlink()
            env["property.community"].browse(self.community_id).unlink()
            env["res.partner"].browse([self.seller_id, *self.buyer_ids]).unlink()

    def _wizard(self, env, buyer_id):
        return env["property.transfer"].create(
            {
                "unit_id": self.unit_id,
                "date": SOLD_ON,
                "owner_ids": [(0, 0, {"partner_id": buyer_id, "share": 100})],
            }
        )

    def _assert_sold_once(self):
        """One buyer owns the unit, the seller left the day before: nothing in between."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            occupancies = env["property.occupancy"].search(
                Domain("unit_id", "=", self.unit_id), order="date_start"
            )
            self.assertEqual(len(occupancies), 2)
            sold, bought = occupancies
            self.assertEqual(sold.partner_id.id, self.seller_id)
            self.assertEqual(sold.date_end, date(2026, 10, 19))
            self.assertIn(bought.partner_id.id, self.buyer_ids)
            self.assertEqual(bought.date_start, SOLD_ON)
            self.assertFalse(bought.date_end)
            self.assertEqual(bought.unit_id.last_transfer_date, SOLD_ON)
            return bought.partner_id.id

    def test_the_second_finds_the_unit_taken(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first = self._wizard(self._env(one), self.buyer_ids[0])
            second = self._wizard(self._env(two), self.buyer_ids[1])
            first.action_confirm()
            first.env.flush_all()
            with self.assertRaisesRegex(UserError, "at this moment"):
                second.action_confirm()
            two.rollback()
            one.commit()
        self.assertEqual(self._assert_sold_once(), self.buyer_ids[0])

    def test_the_second_comes_just_after_the_first(self):
        """His session still sees the old owner; it must not sell the unit once more."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first = self._wizard(self._env(one), self.buyer_ids[0])
            second = self._wizard(self._env(two), self.buyer_ids[1])
            two.commit()
            self.assertEqual(second.old_owner_ids.id, self.seller_id)
            first.action_confirm()
            one.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                second.action_confirm()
            two.rollback()
            # what a request does then: it is tried again, and sees who owns the unit now
            second.env.transaction.reset()
            with self.assertRaisesRegex(UserError, "since you"):
                second.action_confirm()
            two.rollback()
        self.assertEqual(self._assert_sold_once(), self.buyer_ids[0])

    def test_four_desks_at_once(self):
        start = threading.Barrier(len(self.buyer_ids))
        won, lost, broken = [], [], []

        def sell(wizard, buyer_id):
            env = wizard.env
            try:
                start.wait(20)
                try:
                    wizard.action_confirm()
                except psycopg2.errors.SerializationFailure:
                    # a request is tried again; that takes a lock the tests hold here
                    env.cr.rollback()
                    env.transaction.clear()
                    wizard.action_confirm()
                env.cr.commit()
                won.append(buyer_id)
            except UserError as error:
                env.cr.rollback()
                lost.append(str(error))
            except Exception as error:  # looked at below, in the test's own thread
                env.cr.rollback()
                broken.append(error)

        cursors = [self.registry.cursor() for _buyer in self.buyer_ids]
        threads = []
        for cr, buyer_id in zip(cursors, self.buyer_ids, strict=True):
            # made here: a thread of a test may not load the registry
            wizard = self._wizard(self._env(cr), buyer_id)
            cr.commit()  # pylint: disable=invalid-commit
            threads.append(threading.Thread(target=sell, args=(wizard, buyer_id)))
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        for cr in cursors:
            cr.close()
        self.assertFalse(broken)
        self.assertEqual(len(won), 1)
        self.assertEqual(len(lost), 3)
        for message in lost:
            self.assertIn("Nothing was changed", message)
        self.assertEqual(self._assert_sold_once(), won[0])
