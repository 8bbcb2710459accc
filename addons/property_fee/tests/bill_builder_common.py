from datetime import timedelta
from itertools import zip_longest

from odoo.fields import Command

from ..builder import BillBatch
from .common import OCTOBER, PropertyFeeCase

# What differs between two rows of the same content.
OWN = {"id", "create_date", "write_date", "move_id", "move_name"}
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class BillBuilderCase(PropertyFeeCase):
    """Taxes, terms, payers and products of many kinds, and a look at what is stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.company_data["default_journal_sale"]
        cls.env = cls.env(context={**cls.env.context, **QUIET})
        tags = cls.env["account.account.tag"].create(
            [{"name": f"T{n}", "applicability": "taxes"} for n in range(3)]
        )
        cls.taxes = cls._create_taxes(tags)
        cls.liability = cls.company_data["default_account_revenue"].copy(
            {
                "code": "224199",
                "name": "Collected for utilities",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        cls.service = cls.garbage.product_id
        cls.agency = cls.env["product.product"].create(
            {
                "name": "Water",
                "type": "service",
                "taxes_id": [Command.clear()],
                "property_account_income_id": cls.liability.id,
            }
        )
        cls.tagged = cls.env["product.product"].create(
            {
                "name": "Tagged",
                "type": "service",
                "taxes_id": [Command.set(cls.taxes[1].ids)],
                "account_tag_ids": [Command.set(tags[2].ids)],
            }
        )
        cls.terms = cls._create_terms()
        cls.payers = cls._create_payers()

    @classmethod
    def _create_taxes(cls, tags):
        def parts(tag):
            return [
                Command.create(
                    {"repartition_type": "base", "tag_ids": [Command.set(tag.ids)]}
                ),
                Command.create(
                    {
                        "repartition_type": "tax",
                        "factor_percent": 60,
                        "account_id": cls.company_data["default_account_tax_sale"].id,
                        "tag_ids": [Command.set(tags[1].ids)],
                    }
                ),
                Command.create({"repartition_type": "tax", "factor_percent": 40}),
            ]

        def tax(name, amount, included, **values):
            return {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": (
                    "tax_included" if included else "tax_excluded"
                ),
                "invoice_repartition_line_ids": parts(tags[0]),
                "refund_repartition_line_ids": parts(tags[0]),
                **values,
            }

        taxes = cls.env["account.tax"].create(
            [
                tax("6% included", 6, True),
                tax("9% excluded", 9, False),
                tax("3% before others", 3, False, sequence=0, include_base_amount=True),
                tax("1.5 a piece", 1.5, False, amount_type="fixed"),
                tax("5% of the price", 5, True, amount_type="division"),
            ]
        )
        children = taxes[1:3].copy({"type_tax_use": "none"})
        return taxes + cls.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(children.ids)],
            }
        )

    @classmethod
    def _create_terms(cls):
        halves = cls.env["account.payment.term"].create(
            {
                "name": "Two instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 33.33, "nb_days": 10}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 66.67, "nb_days": 40}
                    ),
                ],
            }
        )
        return cls.pay_terms_a + cls.pay_terms_b + halves

    @classmethod
    def _create_payers(cls):
        partner = cls.env["res.partner"]
        firm = partner.create({"name": "Firm", "is_company": True})
        delivered = partner.create({"name": "With delivery address"})
        return (
            cls.owner
            + cls.neighbour
            + partner.create({"name": "Chinese", "lang": "en_US"})
            + partner.create({"name": "Of the firm", "parent_id": firm.id})
            + partner.create(
                {"name": "Delivery", "type": "delivery", "parent_id": delivered.id}
            ).parent_id
            + partner.create({"name": "Ranked", "customer_rank": 3})
        )

    # === SHAPES === #

    def _random_line(self, chance):
        product = chance.choice([self.service, self.service, self.agency, self.tagged])
        vals = {
            "product_id": product.id,
            "name": chance.choice(["Fee 2026-10", "Line\nof two", "费用"]),
            "quantity": chance.choice([1.0, 1.0, 2.0, 3.25, 0.5]),
            "price_unit": round(chance.uniform(5, 500), chance.choice([0, 2, 2, 4])),
        }
        if chance.random() < 0.6:
            count = chance.choice([0, 1, 1, 2])
            taxes = chance.sample(list(self.taxes), count)
            vals["tax_ids"] = [Command.set([tax.id for tax in taxes])]
        if chance.random() < 0.2:
            vals["discount"] = chance.choice([5.0, 12.5, 33.33])
        if chance.random() < 0.1:
            vals["account_id"] = self.company_data["default_account_revenue"].id
        if chance.random() < 0.1:
            vals["sequence"] = chance.choice([1, 50, 200])
        return vals

    def _random_bill(self, chance, number):
        lines = [self._random_line(chance) for _line in range(chance.randint(1, 5))]
        if len(lines) > 1 and chance.random() < 0.2:
            lines[-1]["price_unit"] = -round(lines[0]["price_unit"] / 3, 2)
            lines[-1]["quantity"] = min(lines[0]["quantity"], 1.0)
        term = chance.choice([None, None, *self.terms])
        vals = {
            "move_type": "out_invoice",
            "journal_id": self.journal.id,
            "company_id": self.env.company.id,
            "partner_id": chance.choice(list(self.payers)).id,
            "currency_id": self.env.company.currency_id.id,
            "invoice_date": OCTOBER + timedelta(days=chance.choice([0, 0, 0, 1, 40])),
            "invoice_payment_term_id": term.id if term else False,
            "invoice_user_id": chance.choice([self.env.user.id, False]),
            "invoice_origin": chance.choice(["2026-10", False]),
            "payment_reference": f"LAKE {number}",
            "property_unit_id": self.home.id,
            "property_period": OCTOBER,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }
        if not term:
            vals["invoice_date_due"] = vals["invoice_date"] + timedelta(days=15)
        if chance.random() < 0.1:
            vals["ref"] = f"R{chance.randint(1, 9)}"
        return vals

    # === WHAT IS STORED === #

    def _stored(self, moves):
        """Return all that the database holds of invoices, without their ids."""
        self.env.flush_all()
        found = []
        for move in moves:
            lines = self._select(
                "SELECT * FROM account_move_line WHERE move_id = %s ORDER BY id", move
            )
            links = self._select(
                "SELECT dense_rank() OVER (ORDER BY line.id) AS line,"
                " tax.account_tax_id AS tax, tag.account_account_tag_id AS tag"
                " FROM account_move_line line"
                " LEFT JOIN account_move_line_account_tax_rel tax"
                "   ON tax.account_move_line_id = line.id"
                " LEFT JOIN account_account_tag_account_move_line_rel tag"
                "   ON tag.account_move_line_id = line.id"
                " WHERE line.move_id = %s ORDER BY 1, 2, 3",
                move,
            )
            [head] = self._select("SELECT * FROM account_move WHERE id = %s", move)
            head["name"] = move.name
            found.append((head, lines, links))
        return found

    def _select(self, query, move):
        self.env.cr.execute(query, [move.id])
        return [
            {name: value for name, value in row.items() if name not in OWN}
            for row in self.env.cr.dictfetchall()
        ]

    def _side_effects(self, moves):
        """Return what making invoices leaves elsewhere."""
        self.env.flush_all()
        self.env.invalidate_all()
        counts = [
            self.env[model].search_count(
                [(key, "=", "account.move"), ("res_id", "in", moves.ids)]
            )
            for model, key in (
                ("mail.message", "model"),
                ("mail.followers", "res_model"),
                ("mail.activity", "res_model"),
                ("ir.attachment", "res_model"),
            )
        ]
        ranks = self.payers.mapped("customer_rank")
        later = dict(
            self.env.cr.postcommit.data.get(
                "account.res.partner.increase_rank.customer_rank", {}
            )
        )
        last = self.env["account.move"].search(
            [("journal_id", "=", self.journal.id)],
            order="sequence_number desc",
            limit=1,
        )
        return counts, ranks, later, last.name

    def _run_both(self, vals_list):
        """Return what is stored by Odoo's way and by the builder, each undone again."""
        move = self.env["account.move"]
        results = []
        for make in (self._make_slow, self._make_fast):
            self.env.cr.postcommit.data.clear()
            savepoint = self.env.cr.savepoint()
            moves = make(vals_list)
            results.append((self._stored(moves), self._side_effects(moves)))
            savepoint.close(rollback=True)
            move._get_sequence_cache().clear()
            self.env.invalidate_all(flush=False)
        return results

    def _make_slow(self, vals_list):
        moves = self.env["account.move"].create(vals_list)
        moves._post(soft=False)
        return moves

    def _make_fast(self, vals_list):
        batch = BillBatch(self.env)
        batch.sort_out(vals_list)
        self.assertFalse(batch.obstacles)
        return self.env["property.bill.builder"]._create_posted(vals_list)

    def _assert_same(self, vals_list):
        # No autovacuum sees what a test has not committed: the planner takes the tables for
        # empty and would join hundreds of invoices row by row.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        (slow, slow_effects), (fast, fast_effects) = self._run_both(vals_list)
        self.assertEqual(len(slow), len(vals_list))
        for vals, expected, found in zip(vals_list, slow, fast, strict=True):
            with self.subTest(vals):
                self.assertEqual(self._compare(expected, found), [])
        self.assertEqual(fast_effects, slow_effects)

    @staticmethod
    def _compare(expected, found):
        """Return the differences of two invoices: (column, by Odoo, by the builder)."""
        rows = [(expected[0], found[0])]
        rows += zip_longest(expected[1], found[1], fillvalue={})
        rows += zip_longest(expected[2], found[2], fillvalue={})
        return [
            (name, one.get(name), other.get(name))
            for one, other in rows
            for name in one.keys() | other.keys()
            if one.get(name) != other.get(name)
        ]
