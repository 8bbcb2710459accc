"""Who may do what, as a table that every module of the suite keeps and a test reads.

`tests/access_matrix.csv` of a module has one row for each of its models, windows
(transient models) too, and one column for each kind of user; a cell holds the letters of what
he may do: r(ead), w(rite), c(reate), d(elete). A module joins in with

    tests/access_matrix.csv
    tests/test_access_matrix.py:

        @tagged("post_install", "-at_install")
        class TestAccessMatrix(AccessMatrix, PropertyCase):
            pass

A model without a row fails the test, which prints the row as the rights stand, to be
checked against what is meant and put into the table. What the three portal
users may do is tried on a record of the owner's home, so a module with a model that portal
users may touch also answers `_portal_samples`.
"""

import csv
from pathlib import Path

from odoo.tests import new_test_user

from .common import ROLES

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
# The owner of the sample, the owner next door, and a tenant who left when it was sold.
PORTAL = ("owner", "neighbour", "former")
COLUMNS = ("model", *ROLES, "employee", *PORTAL, "public")


class AccessMatrix:
    """The tests of a module's table; mixed in before `PropertyCase`."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = cls.__module__.split(".")[2]
        file = Path(__file__).parents[2] / cls.module / "tests/access_matrix.csv"
        with file.open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            cls.rows = list(reader)
            cls.columns = tuple(reader.fieldnames)
        cls.matrix = {row["model"]: row for row in cls.rows}
        former = cls.env["res.partner"].create({"name": "赵六"})
        cls._occupy(
            cls.home, former, role="tenant", date_end="2023-12-31", is_resident=True
        )
        cls.samples = {record._name: record for record in cls._portal_samples()}
        cls.portal = {
            "owner": cls.portal_user,
            "neighbour": cls.portal_neighbour,
            "former": new_test_user(
                cls.env,
                login="property_former",
                groups="base.group_portal",
                partner_id=former.id,
                name=former.name,
            ),
        }
        cls.everybody = {
            **cls.users,
            "employee": new_test_user(
                cls.env, login="property_employee", groups="base.group_user"
            ),
            "public": cls.env.ref("base.public_user"),
        }

    @classmethod
    def _portal_samples(cls):
        """Return a record of `home` for each model that portal users may touch."""
        return []

    # === TESTS === #

    def test_the_table_is_in_order(self):
        self.assertEqual(self.columns, COLUMNS)
        models = [row["model"] for row in self.rows]
        self.assertEqual(len(models), len(set(models)), "each model once")
        for row in self.rows:
            for column in COLUMNS[1:]:
                self.assertLessEqual(set(row[column]), set(OPERATIONS), row["model"])

    def test_every_model_has_a_row(self):
        models = self._stored_models()
        rows = "\n".join(
            self._row_as_it_stands(name) for name in models - {*self.matrix}
        )
        self.assertFalse(
            rows, f"not in access_matrix.csv, the rights stand so:\n{rows}"
        )
        self.assertEqual(models, set(self.matrix), "rows of models that are gone")

    def test_staff_and_public(self):
        for model, row in self.matrix.items():
            for role, user in self.everybody.items():
                with self.subTest(model=model, role=role):
                    self.assertEqual(
                        self._rights(self.env[model].with_user(user)), row[role]
                    )

    def test_portal(self):
        for model, row in self.matrix.items():
            for role, user in self.portal.items():
                with self.subTest(model=model, role=role):
                    self.assertEqual(self._portal_rights(model, user), row[role])

    def test_portal_finds_what_it_may_read(self):
        """A search tells portal users no more than a look at the record would."""
        for model, record in self.samples.items():
            for role, user in self.portal.items():
                with self.subTest(model=model, role=role):
                    found = self.env[model].with_user(user).search([])
                    self.assertEqual(
                        record.with_user(user) in found,
                        "r" in self.matrix.get(model, {}).get(role, ""),
                    )

    # === WHAT THE RIGHTS ARE === #

    def _stored_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == self.module and not model._abstract
        }

    @staticmethod
    def _rights(records):
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if records.has_access(operation)
        )

    def _portal_rights(self, model, user):
        if not self._rights(self.env[model].with_user(user)):
            return ""
        self.assertIn(model, self.samples, "portal users may touch it: _portal_samples")
        return self._rights(self.samples[model].with_user(user))

    def _row_as_it_stands(self, model):
        staff = {
            role: self._rights(self.env[model].with_user(user))
            for role, user in self.everybody.items()
        }
        portal = {
            role: self._portal_rights(model, user) for role, user in self.portal.items()
        }
        rights = {"model": model, **staff, **portal}
        return ",".join(rights[column] for column in COLUMNS)
