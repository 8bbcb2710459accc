from odoo.tests import tagged

from .dunning_common import DunningCase

try:
    from odoo.addons.sms.tests.common import MockSMS
except ImportError:  # the optional module is not there
    MockSMS = None


@tagged("post_install", "-at_install")
class TestDunningSms(DunningCase, *((MockSMS,) if MockSMS else ())):
    """A text message waits; what is paid meanwhile does not go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write(
            {"channel": "sms", "mode": "auto", "short_text": "{debtor}: {amount}"}
        )
        cls.policy.sms_gateway = "odoo"
        cls.owner.phone = "13800000001"
        cls.neighbour.phone = "13800000002"

    def setUp(self):
        super().setUp()
        if "sms.sms" not in self.env:
            self.skipTest("Odoo's SMS module is not installed")

    def _send(self, **gateway):
        self.env.flush_all()
        with self.registry.cursor() as cr, self.mockSMSGateway(**gateway):
            letters = self.env["property.dunning.letter"]
            letters.with_env(self.env(cr=cr, su=True))._cron_send_sms()
        self.env.invalidate_all()

    def test_sent(self):
        letters = self._generate(20)
        self.assertEqual(letters.mapped("state"), ["queued", "queued"])
        self._send()
        self.assertEqual(
            sorted(message["body"] for message in self._sms),
            sorted(f"{letter.partner_id.name}: 223.75" for letter in letters),
        )
        self.assertEqual(letters.mapped("state"), ["sent", "sent"])
        self.assertEqual(set(letters.mapped("delivery_way")), {"electronic"})
        self._send()
        self.assertFalse(self._sms)

    def test_paid_while_it_waits(self):
        letters = self._generate(20)
        self._register_payment(self._bill(self.home))
        self.assertEqual(self._case().state, "closed")
        self._send()
        self.assertEqual(len(self._sms), 1)
        self.assertEqual(letters.mapped("state"), ["cancelled", "sent"])
        self.assertFalse(self._case().level_id)

    def test_without_a_number(self):
        self.neighbour.phone = False
        letters = self._generate(20)
        self.assertEqual(letters.mapped("state"), ["queued", "failed"])

    def test_gateway_refuses(self):
        letters = self._generate(20)
        self._send(sms_allow_unlink=True, sim_error="wrong_number_format")
        self.assertEqual(letters.mapped("state"), ["failed", "failed"])
        self.assertTrue(all(letters.mapped("failure")))

    def test_spreadsheet_is_not_sent(self):
        self.policy.sms_gateway = "file"
        letters = self._generate(20)
        self._send()
        self.assertEqual(letters.mapped("state"), ["queued", "queued"])
