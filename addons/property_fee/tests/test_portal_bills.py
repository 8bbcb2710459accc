from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestPortalBills(PropertyFeeCase, HttpCase):
    """A household sees what each fee is for and pays online; its neighbour sees nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(
            cls.homes[:2], cls.management + cls.garbage, start=date(2025, 12, 1)
        )
        for period in (date(2025, 12, 1), date(2026, 9, 1), OCTOBER):
            cls._run(period)
        cls.bills = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.home.id)], order="invoice_date"
        )
        cls.neighbour_bills = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.neighbour_home.id)]
        )
        cls.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", "True"
        )
        cls._add_provider()

    @classmethod
    def _add_provider(cls):
        """Publish a provider in test mode, as Odoo's own tests of payments do."""
        method = cls.env.ref("payment.payment_method_unknown")
        form = cls.env["ir.ui.view"].create(
            {
                "name": "Redirect Form",
                "type": "qweb",
                "arch": '<form action="dummy" method="post"/>',
            }
        )
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Test Provider",
                "code": "none",
                "state": "test",
                "is_published": True,
                "payment_method_ids": [Command.set(method.ids)],
                "redirect_form_view_id": form.id,
            }
        )
        method.active = True
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(
            provider=cls.provider, journal=journal
        )
        journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.method = method

    def _open(self, url, user=None):
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url)

    # === LIST === #

    def test_list(self):
        page = self._open("/my/bills", self.portal_user).text
        for text in ("2026-09", "2026-10", "Lakeside 1-1-101", "89.50", "695.25"):
            self.assertIn(text, page)
        self.assertNotIn("1-1-102", page)
        self.assertNotIn(">2025-12<", page, "earlier years on their own page")
        earlier = self._open("/my/bills?year=2025").text
        self.assertIn(">2025-12<", earlier)
        self.assertNotIn(">2026-10<", earlier)
        self.assertIn("695.25", earlier, "what is owed does not depend on the year")

    def test_nonsense_in_the_address(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        for query in ("year=abc", "year=1066", "unit_id=x", "year=9999999999"):
            answer = self.url_open(f"/my/bills?{query}")
            self.assertEqual(answer.status_code, 200, query)
            self.assertIn("2026-10", answer.text)

    def test_several_homes(self):
        self._occupy(self.homes[2], self.owner)
        self._assign(self.homes[2])
        self._run()
        page = self._open("/my/bills", self.portal_user).text
        self.assertIn("1-1-101", page)
        self.assertIn("1-1-201", page)
        page = self._open(f"/my/bills?unit_id={self.homes[2].id}").text
        self.assertIn("1-1-201", page)

    def test_page_of_the_home(self):
        page = self._open(f"/my/homes/{self.home.id}", self.portal_user).text
        self.assertIn(f"/my/bills?unit_id={self.home.id}", page)
        self.assertIn("231.75", page)

    def test_counter(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["property_bill_count"]}
        )
        self.assertEqual(answer["property_bill_count"], 3)

    def test_former_owner(self):
        """He still pays what he owes; the buyer is not told of it."""
        self.home.occupancy_ids.date_end = date(2026, 10, 20)
        self._occupy(self.home, self.neighbour, start=date(2026, 10, 21))
        page = self._open("/my/bills", self.portal_user).text
        self.assertIn("695.25", page)
        page = self._open("/my/bills", self.portal_neighbour).text
        self.assertIn("1-1-102", page)
        self.assertNotIn("1-1-101", page)

    def test_staff(self):
        clerk = self.users["frontdesk"]
        clerk.password = clerk.login
        self.assertEqual(self._open("/my/bills", clerk).status_code, 200)

    # === THE NEIGHBOUR === #

    def test_neighbour_s_ids(self):
        self.authenticate(self.portal_neighbour.login, self.portal_neighbour.login)
        bill = self.bills[-1]
        bill._ensure_portal_tokens()
        other = self.neighbour_bills[:1]
        other._ensure_portal_tokens()
        for url in (
            f"/my/bills/{bill.id}",
            f"/my/bills/{bill.id}?access_token=forged",
            f"/my/bills/{bill.id}?access_token={other.access_token}",
            f"/my/bills/{bill.id}/notice",
            f"/my/bills/{bill.id}/notice?access_token=forged",
            "/my/bills/999999999",
        ):
            answer = self.url_open(url)
            self.assertNotIn(bill.name, answer.text, url)
            self.assertNotIn("1-1-101", answer.text, url)
            self.assertNotIn("pdf", answer.headers["Content-Type"], url)
        page = self.url_open(f"/my/bills/{other.id}?pay={bill.id}").text
        self.assertNotIn("1-1-101", page)

    def test_addresses_that_make_no_sense(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        bill = self.bills[-1]
        for url in (
            "/my/bills?year=%C2%B2",
            f"/my/bills?year={'9' * 5000}",
            "/my/bills?year=0000&unit_id=%C2%B2",
            f"/my/bills?unit_id={'9' * 5000}",
            f"/my/bills?unit_id={2**63}",
            f"/my/bills/{bill.id}?pay=%C2%B2-{'9' * 5000}",
            f"/my/bills/{'9' * 30}",
        ):
            self.assertEqual(self.url_open(url).status_code, 200, url[:40])

    def test_neighbour_cannot_pay_into_it(self):
        self.authenticate(self.portal_neighbour.login, self.portal_neighbour.login)
        bill, own = self.bills[-1], self.neighbour_bills[:1]
        for address in (
            f"{bill.id}/transaction/{bill.id}",
            f"{own.id}/transaction/{bill.id}",
            f"{own.id}/transaction/{own.id}-{bill.id}",
        ):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._transaction(address)
        self.assertFalse(
            self.env["payment.transaction"].search([("invoice_ids", "in", bill.ids)])
        )

    # === HOUSEHOLD AND PAYMENT === #

    def _transaction(self, address, **params):
        return self.make_jsonrpc_request(
            f"/my/bills/{address}",
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": 0.01,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/my/bills",
                "is_validation": False,
                "access_token": None,
                **params,
            },
        )

    def test_the_link_of_the_notice(self):
        """Opens without a login, with what its payer owes for the unit and nothing else."""
        self.authenticate(None, None)
        bill = self.bills[-1]
        page = self.url_open(bill._get_household_url()).text
        for text in ("2025-12", "2026-09", "2026-10", "695.25", "89.50"):
            self.assertIn(text, page)
        self.assertIn(f"/my/bills/{bill.id}/transaction/", page)
        answer = self.url_open(f"/my/bills/{bill.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_pay_one_only(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        bill = self.bills[0]
        page = self.url_open(f"/my/bills/{bill.id}?pay={bill.id}").text
        self.assertIn(f"/my/bills/{bill.id}/transaction/{bill.id}", page)

    def test_pay_several_at_once(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        ids = "-".join(map(str, self.bills.ids))
        answer = self._transaction(f"{self.bills[0].id}/transaction/{ids}")
        transaction = self.env["payment.transaction"].search(
            [("reference", "=", answer["reference"])]
        )
        self.assertRecordValues(
            transaction,
            [{"amount": 695.25, "partner_id": self.owner.id, "state": "draft"}],
        )
        self.assertEqual(transaction.invoice_ids, self.bills)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(
            set(self.bills.mapped("payment_state")) - {"paid", "in_payment"}, set()
        )
        self.assertEqual(self.home.amount_due, 0)
        page = self.url_open(f"/my/bills/{self.bills[0].id}").text
        self.assertNotIn("/transaction/", page)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._transaction(f"{self.bills[0].id}/transaction/{ids}")

    def test_credit_is_taken_off(self):
        charge = self._charges(self.home)[-1]
        bill = charge.move_id
        self._register_payment(bill)
        charge._cancel_charges("Wrong")
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open(f"/my/bills/{self.bills[0].id}").text
        self.assertIn("text-bg-info", page)
        owed = self.home.amount_due
        self.assertAlmostEqual(owed, 2 * 231.75 - charge.amount)
        self.assertIn(f"{owed:.2f}", page)

    def test_pay_with_the_token_of_the_notice(self):
        self.authenticate(None, None)
        bill = self.bills[-1]
        bill._ensure_portal_tokens()
        answer = self._transaction(
            f"{bill.id}/transaction/{bill.id}", access_token=bill.access_token
        )
        self.assertEqual(answer["amount"], 231.75)
        self.assertEqual(answer["partner_id"], self.owner.id)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._transaction(f"{bill.id}/transaction/{bill.id}", access_token="forged")

    def test_notice_download(self):
        self.env["ir.config_parameter"].sudo().set_param("report.url", self.base_url())
        self.authenticate(self.portal_user.login, self.portal_user.login)
        answer = self.url_open(f"/my/bills/{self.bills[-1].id}/notice")
        self.assertEqual(answer.status_code, 200)
