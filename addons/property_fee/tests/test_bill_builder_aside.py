from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..builder import BillBatch
from ..builder.guard import (
    find_class_obstacle,
    find_field_obstacle,
    find_registry_obstacle,
)
from .bill_builder_common import QUIET, BillBuilderCase
from .common import OCTOBER


@tagged("post_install", "-at_install")
class TestBillBuilderAside(BillBuilderCase):
    """What the builder does not know goes Odoo's way, and what it makes stays Odoo's."""

    def _vals(self, **values):
        return {
            "move_type": "out_invoice",
            "journal_id": self.journal.id,
            "company_id": self.env.company.id,
            "partner_id": self.owner.id,
            "currency_id": self.env.company.currency_id.id,
            "invoice_date": OCTOBER,
            "invoice_date_due": date(2026, 10, 16),
            "invoice_payment_term_id": False,
            "invoice_user_id": False,
            "payment_reference": "LAKE 1",
            "property_unit_id": self.home.id,
            "invoice_line_ids": [Command.create(self._line())],
            **values,
        }

    def _line(self, **values):
        return {
            "product_id": self.service.id,
            "name": "Fee",
            "quantity": 1.0,
            "price_unit": 100.0,
            **values,
        }

    def _obstacle(self, vals):
        batch = BillBatch(self.env)
        batch.sort_out([vals])
        return batch.obstacles.get(0)

    def _assert_goes_odoos_way(self, vals, obstacle):
        self.assertEqual(self._obstacle(vals), obstacle)
        move = self.env["property.bill.builder"]._create_posted([vals])
        self.assertEqual(move.state, "posted")
        return move

    def _with_tax(self, tax):
        line = self._line(tax_ids=[Command.set(tax.ids)])
        return self._vals(invoice_line_ids=[Command.create(line)])

    # === SHAPES === #

    def test_known(self):
        self.assertIsNone(find_registry_obstacle(self.env))
        self.assertIsNone(self._obstacle(self._vals()))

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR")
        self._assert_goes_odoos_way(
            self._vals(currency_id=currency.id), "foreign currency"
        )

    def test_early_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 %",
                "early_discount": True,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        self._assert_goes_odoos_way(
            self._vals(invoice_payment_term_id=term.id), "unusual payment term"
        )

    def test_cash_rounding(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "To the half",
                "rounding": 0.5,
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        self._assert_goes_odoos_way(
            self._vals(invoice_cash_rounding_id=rounding.id),
            "with invoice_cash_rounding_id",
        )

    def test_tax_on_payment(self):
        self.env.company.tax_exigibility = True
        self.liability.reconcile = True
        tax = self.taxes[0].copy(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.liability.id,
            }
        )
        self._assert_goes_odoos_way(self._with_tax(tax), "cash basis")

    def test_analytic_distribution(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Account", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "partner_id": self.owner.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        move = self._assert_goes_odoos_way(self._vals(), "analytic distribution")
        self.assertTrue(move.invoice_line_ids.analytic_line_ids)

    def test_hashed_journal(self):
        self.journal.restrict_mode_hash_table = True
        move = self._assert_goes_odoos_way(self._vals(), "journal with hash")
        self.assertTrue(move.inalterable_hash)

    def test_locked_period(self):
        self.env.company.sale_lock_date = date(2026, 10, 31)
        move = self._assert_goes_odoos_way(self._vals(), "locked period")
        self.assertGreater(move.date, date(2026, 10, 31))

    def test_payment_method_of_the_payer(self):
        method = self.company_data[
            "default_journal_bank"
        ].inbound_payment_method_line_ids
        self.owner.property_inbound_payment_method_line_id = method[:1]
        self._assert_goes_odoos_way(self._vals(), "payer's own method")

    def test_values_that_are_computed(self):
        self._assert_goes_odoos_way(self._vals(narration="Read this"), "with narration")
        vals = self._vals()
        del vals["invoice_user_id"]
        self._assert_goes_odoos_way(vals, "without invoice_user_id")

    def test_nothing_to_pay(self):
        free = [Command.create(self._line(price_unit=0.0))]
        move = self._assert_goes_odoos_way(
            self._vals(invoice_line_ids=free), "nothing to pay"
        )
        self.assertEqual(move.payment_state, "paid")
        negative = [Command.create(self._line(price_unit=-1.0))]
        with self.assertRaises(UserError):
            self.env["property.bill.builder"]._create_posted(
                [self._vals(invoice_line_ids=negative)]
            )

    def test_mixed(self):
        """What goes which way does not change the order of the answer."""
        currency = self.setup_other_currency("EUR")
        vals_list = [
            self._vals(
                payment_reference=str(number),
                **({"currency_id": currency.id} if number % 2 else {}),
            )
            for number in range(5)
        ]
        moves = self.env["property.bill.builder"]._create_posted(vals_list)
        self.assertEqual(moves.mapped("payment_reference"), list("01234"))
        self.assertEqual(len(set(moves.mapped("name"))), 5)
        self.assertFalse(any(moves.mapped("made_sequence_gap")))

    # === MODULES === #

    def test_unknown_module(self):
        class Known:
            _module = "account"

            def _post(self):
                pass

        class Adding:
            _module = "other"

            def _get_more(self):
                pass

        class Changing(Adding):
            def _post(self):
                pass

        class Checking(Adding):
            def _check_more(self):
                pass

            _check_more._constrains = ("name",)

        self.assertIsNone(find_class_obstacle(Known, [Changing]))
        self.assertIsNone(find_class_obstacle(Adding, [Known]))
        self.assertEqual(find_class_obstacle(Changing, [Known]), "other changes _post")
        self.assertEqual(
            find_class_obstacle(Checking, [Known]),
            "other adds the constraint _check_more",
        )

    def test_unknown_field(self):
        def field(modules, **values):
            empty = dict.fromkeys(("compute", "related", "default", "required"))
            return SimpleNamespace(_modules=modules, store=True, **{**empty, **values})

        self.assertIsNone(find_field_obstacle({"a": field(("other",))}))
        self.assertIsNone(find_field_obstacle({"a": field(("account",), default=1)}))
        for name in ("compute", "related", "default", "required"):
            self.assertTrue(find_field_obstacle({"a": field(("other",), **{name: 1})}))

    @contextmanager
    def _automation(self):
        """Replace `create` as an automation rule does."""
        create = type(self.env["account.move"]).create
        made = []

        def observed(records, vals_list):
            moves = create(records, vals_list)
            made.append(moves)
            return moves

        with patch.object(self.registry["account.move"], "create", observed):
            self.registry.clear_cache()
            yield made
        self.registry.clear_cache()

    def test_automation_rule(self):
        with self._automation() as made:
            self._assign(self.homes[:2])
            run = self._run()
        self.assertEqual(run.charged_count, 2)
        self.assertEqual(made, [run.move_ids.sorted("id")])

    # === NUMBERS === #

    def _numbers(self, count):
        moves = self.env["property.bill.builder"]._create_posted(
            [self._vals(payment_reference=str(number)) for number in range(count)]
        )
        return moves.mapped("name")

    def test_numbers_go_on(self):
        first = self.env["account.move"].create([self._vals()])
        first.name = "F/26/10/0041"
        first._post(soft=False)
        self.assertEqual(
            self._numbers(3), ["F/26/10/0042", "F/26/10/0043", "F/26/10/0044"]
        )
        move = self.env["account.move"].with_context(**QUIET).create([self._vals()])
        move._post(soft=False)
        self.assertEqual(move.name, "F/26/10/0045")
        self.assertEqual(self._numbers(1), ["F/26/10/0046"])

    def test_numbers_without_a_date(self):
        first = self.env["account.move"].create([self._vals()])
        first.name = "BILL-0009"
        first._post(soft=False)
        self.assertEqual(self._numbers(2), ["BILL-0010", "BILL-0011"])

    # === ORDINARY INVOICES === #

    def test_everything_odoo_can_do(self):
        self._assign(self.homes[:2], self.management + self.garbage)
        self._run()
        bill, other = self._bill(self.home), self._bill(self.neighbour_home)
        self._register_payment(bill, amount=100.0)
        self.assertEqual(bill.payment_state, "partial")
        self._register_payment(bill)
        self.assertIn(bill.payment_state, ("paid", "in_payment"))
        self.assertEqual(bill.amount_residual, 0)
        other.button_draft()
        other.invoice_line_ids[0].price_unit = 200
        other.action_post()
        self.assertEqual(other.amount_residual, 208)
        refund = other._reverse_moves(cancel=True)
        self.assertEqual(other.payment_state, "reversed")
        self.assertEqual(refund.amount_total, 208)
        self.assertTrue(bill._portal_ensure_token())
        self.assertIn(f"/my/invoices/{bill.id}", bill.get_portal_url())
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", bill.ids
        )
        self.assertIn(bill.name.encode(), html)

    # === RIGHTS === #

    def test_who_may_not_post(self):
        guard = new_test_user(
            self.env, "guard9", groups="property_base.group_property_security"
        )
        with self.assertRaises(AccessError):
            self.env["property.bill.builder"].with_user(guard)._create_posted(
                [self._vals()]
            )
