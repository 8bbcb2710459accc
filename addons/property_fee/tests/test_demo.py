from odoo import fields
from odoo.tests import tagged

from .common import PropertyFeeCase


@tagged("post_install", "-at_install")
class TestDemo(PropertyFeeCase):
    def test_small_estate(self):
        """The demo code bills and collects on an estate of any size, and only once."""
        # As demo data is loaded: the parts of the other modules need rights of their own.
        Estate = self.env["property.demo.estate"].sudo()
        community = Estate._build(
            "Test Estate", "DEMOTEST", homes=24, shops=2, parking=6
        )
        today = fields.Date.context_today(Estate)
        Estate._fill(community, today)
        bills = self.env["account.move"].search(
            [("property_community_id", "=", community.id)]
        )
        self.assertTrue(bills)
        self.assertEqual(len(set(bills.mapped("property_period"))), 6)
        self.assertEqual(set(bills.mapped("state")), {"posted"})
        self.assertEqual(
            set(bills.mapped("payment_state")), {"paid", "partial", "not_paid"}
        )
        charges = bills.property_charge_ids
        self.assertFalse(charges._get_wrong_amounts())
        self.assertAlmostEqual(
            sum(charges.mapped("amount_net")),
            sum(bills.mapped("amount_total_signed")),
        )
        texts = " ".join(charges.with_context(lang="en_US").mapped("explanation_text"))
        for part in ("(vacant)", "(agreed)", "70.00 per month x", "[floor="):
            self.assertIn(part, texts)
        ledger = self.env["property.charge"]._check_ledger(community.company_id)
        self.assertEqual(ledger["problems"], [])
        self.assertEqual(ledger["charges"], ledger["lines"])
        self.assertEqual(ledger["untaxed"], ledger["accounts"])
        waivers = self.env["property.waiver"].search(
            [("community_id", "=", community.id)]
        )
        self.assertEqual(
            sorted(waivers.mapped("approval_state")), ["approved", "submitted"]
        )
        self.assertEqual(waivers.credit_note_ids.state, "posted")
        self.assertTrue(charges.filtered("replaces_id"))
        letters = self.env["property.dunning.letter"].search_count(
            [("community_id", "=", community.id)]
        )
        self.assertTrue(letters)
        deposits = self.env["property.deposit"].search(
            [("community_id", "=", community.id)]
        )
        self.assertEqual(set(deposits.mapped("state")), {"held", "closed"})
        run = self.env["property.fee.run"].search(
            [("community_ids", "in", community.ids), ("state", "=", "draft")]
        )
        self.assertLessEqual({"area", "gone"}, set(run.spike_ids.mapped("kind")))
        self.assertTrue(run.total_ids)
        Estate._fill(community, today)
        self.assertEqual(
            self.env["account.move"].search_count(
                [("property_community_id", "=", community.id)]
            ),
            len(bills),
        )
