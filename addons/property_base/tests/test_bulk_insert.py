from unittest.mock import patch

import psycopg2
from odoo import api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.bulk_insert import create_plain


@tagged("post_install", "-at_install")
class TestBulkInsert(TransactionCase):
    """What is created plainly is what ``create`` creates; see also who uses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env["res.country"].create({"name": "Utopia", "code": "X1"})
        cls.states = cls.env["res.country.state"]

    def _vals_list(self, count):
        return [
            {
                "name": f"Land {number}",
                "code": str(number),
                "country_id": self.country.id,
            }
            for number in range(count)
        ]

    def test_in_order_and_known_to_what_they_belong_to(self):
        self.assertFalse(self.country.state_ids)
        states = create_plain(self.states, self._vals_list(20))
        self.assertEqual(states.mapped("code"), [str(number) for number in range(20)])
        self.assertEqual(self.country.state_ids, states.sorted())
        self.assertEqual(states.create_uid, self.env.user)
        self.assertEqual(set(states.mapped("create_date")), {self.env.cr.now()})

    def test_constant_number_of_queries(self):
        counts = []
        for count, code in ((2, "X2"), (200, "X3")):
            self.country = self.env["res.country"].create({"name": code, "code": code})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            create_plain(self.states, self._vals_list(count))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_nothing(self):
        self.assertEqual(create_plain(self.states, []), self.states)

    def test_constraint_of_the_database(self):
        create_plain(self.states, self._vals_list(2))
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            create_plain(self.states, self._vals_list(3))

    def test_a_module_that_has_a_say_in_creation(self):
        cls = type(self.states)
        ordinary = cls.create

        @api.model_create_multi
        def create(records, vals_list):
            for vals in vals_list:
                vals["name"] = "of another module"
            return ordinary(records, vals_list)

        create.__module__ = "odoo.addons.another.models.res_country"
        with patch.object(cls, "create", create):
            states = create_plain(self.states, self._vals_list(2))
        self.assertEqual(states.mapped("name"), ["of another module"] * 2)

    def test_a_tree_or_a_list_is_created_the_ordinary_way(self):
        categories = create_plain(
            self.env["res.partner.category"], [{"name": "A"}, {"name": "B"}]
        )
        self.assertEqual(
            categories.mapped("parent_path"), [f"{one.id}/" for one in categories]
        )
        [partner] = create_plain(
            self.env["res.partner"], [{"name": "A", "category_id": categories.ids}]
        )
        self.assertEqual(partner.category_id, categories)
