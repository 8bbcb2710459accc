from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .figures_common import FiguresCase

BOOKS = (
    "account.move",
    "account.move.line",
    "account.payment",
    "account.partial.reconcile",
)


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestAuditor(FiguresCase):
    """The auditor reads all and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(
            cls.env,
            login="property_auditor",
            groups="property_base.group_property_auditor",
            lang="en_US",
        )

    def _stored_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith("property.")
            and not model._abstract
            and not model._transient
        ]

    def test_every_model(self):
        names = self._stored_models()
        self.assertIn("property.charge", names)
        for name in (*names, *BOOKS):
            model = self.env[name].with_user(self.auditor)
            self.assertTrue(model.has_access("read"), name)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(model.has_access(operation), f"{name} {operation}")

    def test_reads_the_records(self):
        self.assertTrue(self.env["property.charge"].with_user(self.auditor).search([]))
        bill = self._bills(self.env["property.charge"].search([], limit=1).period)[0]
        bill = bill.with_user(self.auditor)
        self.assertEqual(bill.amount_total, 231.75)
        with self.assertRaises(AccessError):
            bill.button_draft()
        with self.assertRaises(AccessError):
            bill.ref = "changed"
        unit = self.home.with_user(self.auditor)
        self.assertEqual(unit.amount_due, 0)
        with self.assertRaises(AccessError):
            unit.note = "changed"

    def test_every_form_and_list_opens(self):
        for name in self._stored_models():
            views = (
                self.env[name]
                .with_user(self.auditor)
                .get_views([(False, "list"), (False, "form"), (False, "search")])
            )
            self.assertIn("form", views["views"], name)

    def test_prints_the_figures(self):
        statement = (
            self.env["property.fee.statement"].with_user(self.auditor).create({})
        )
        self.assertEqual(statement.ledger_gap, 0)
        statement.action_export()
        self.assertTrue(statement.file)

    def test_confidential_data_stay_closed(self):
        with self.assertRaises(AccessError):
            _ = self.owner.with_user(self.auditor).identity_number

    def test_another_role_does_not_open_more(self):
        self.users["manager"].group_ids += self.env.ref(
            "property_base.group_property_auditor"
        )
        self.assertFalse(
            self.env["property.waiver"]
            .with_user(self.users["manager"])
            .has_access("create")
        )

    def test_finds_the_menus(self):
        root = self.env.ref("property_fee.menu_property_fee")
        visible = self.env["ir.ui.menu"].with_user(self.auditor).search([])
        self.assertIn(root, visible)
        for name in (
            "property_fee_run_menu",
            "property_bill_menu",
            "property_fee_item_menu",
            "property_fee_report_detail_menu",
            "property_deposit_menu",
        ):
            self.assertIn(self.env.ref(f"property_fee.{name}"), visible, name)
