import random
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2
from odoo import api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import bulk_writer
from ..models.bulk_shapes import SHAPES
from ..models.bulk_writer import QUIET, BulkWriter, strangers
from .common import PropertyCase

CASES = 300
# What tells two records of the same content apart.
OWN = ("id", "create_date", "write_date")
NAMES = (
    "张三",
    "单娜",
    "欧阳 修",
    "John O'Neill",
    " 李四 ",
    "曾重庆",
    'a\\b"c',
    "Ω 公司",
)
PHONES = (
    "13912345678",
    "13900000000",
    "0571-88886666",
    "12345",
    "+49 30 1234567",
    "400-800-1234",
    False,
)
IDENTITIES = (
    "990000197209105980",
    "11010519491231002X",
    "110105491231002",
    "110105194902310025",
    "E12345678",
    False,
)
TEXTS = (False, "13912345678 / 0571-88886666", "<b>bold</b> & more", "two\nlines", "1")
ROOMS = ("101", "2105", "S12", "P045", "跃层3", "商铺 7", "00", "B-1 甲")


@tagged("post_install", "-at_install")
class TestBulkWriter(PropertyCase):
    """What is created in bulk is what ``create`` creates, row by row and table by table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, **dict.fromkeys(QUIET, True), "lang": "zh_CN"},
            su=True,
        )
        cls.random = random.Random()
        cls.writer = BulkWriter(cls.community.with_env(cls.env))
        cls.garage = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "code": "地库",
                "name": "地库",
                "kind": "parking",
                "sequence": 1500,
            }
        )

    # === VALUES === #

    def _some_of(self, required, **optional):
        """Return the required values and some of the optional ones."""
        chosen = {
            name: value
            for name, value in optional.items()
            if self.random.random() < 0.7
        }
        return {**required, **chosen}

    def _partner(self):
        pick = self.random.choice
        return self._some_of(
            {"name": pick(NAMES), "lang": pick(("zh_CN", "en_US", False))},
            phone=pick(PHONES),
            phone2=pick(PHONES),
            identity_number=pick(IDENTITIES),
            comment=pick(TEXTS),
        )

    def _unit(self, number):
        pick = self.random.choice
        building, entrance = pick(
            (
                (self.building.id, self.entrance.id),
                (self.building.id, False),
                (self.garage.id, False),
            )
        )
        gross = pick((0, 60.005, 89.5, 1234567.891, 12))
        return self._some_of(
            {
                "community_id": self.community.id,
                "building_id": building,
                "entrance_id": entrance,
                "name": f"{pick(ROOMS)}{number}",
            },
            unit_type=pick(("home", "shop", "parking", "storage")),
            floor=pick((-2, 0, 1, 40)),
            gross_area=gross,
            inner_area=pick((0, gross / 3)),
            handover_date=self._day(),
            renovation_start=self._day(),
            note=pick(TEXTS),
        )

    def _occupancy(self, unit, partner):
        pick = self.random.choice
        return self._some_of(
            {"unit_id": unit.id, "partner_id": partner.id, "date_start": self._day()},
            role=pick(("owner", "co_owner", "tenant", "shop_operator")),
            share=pick((0, 33.3335, 100 / 3, 50, 100)),
            is_resident=pick((True, False)),
        )

    def _line(self, job, number):
        pick = self.random.choice
        return self._some_of(
            {
                "import_id": job.id,
                "row": number,
                "outcome": pick(("created", "refused")),
            },
            unit_id=pick((False, self.home.id)),
            unit_code=pick(ROOMS),
            has_warning=pick((True, False)),
            message=pick(TEXTS),
            problems=pick((False, [{"cell": "A", "value": "\"', \\ %s 别墅"}])),
        )

    def _day(self):
        return date(2020, 1, 1) + timedelta(days=self.random.randrange(3000))

    # === COMPARISON === #

    def _written(self, model, vals_list, create):
        """Return the rows that a way of creating leaves, and what each table grows by."""
        table = SQL.identifier(self.env[model]._table)
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            before = self._table_sizes()
            records = create([dict(vals) for vals in vals_list])
            self.env.flush_all()
            rows = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT id, to_jsonb(t) FROM %s t WHERE id IN %s",
                        table,
                        records._ids,
                    )
                )
            )
            after = self._table_sizes()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        grown = {name: size - before[name] for name, size in after.items()}
        return (
            [self._content(rows[record_id]) for record_id in records.ids],
            {name: size for name, size in grown.items() if size},
        )

    def _table_sizes(self):
        names = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        counts = [
            SQL("SELECT %s, count(*) FROM %s", name, SQL.identifier(name))
            for (name,) in names
        ]
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(counts)))

    @staticmethod
    def _content(row):
        if row.get("commercial_partner_id") == row["id"]:
            row["commercial_partner_id"] = "itself"
        return {name: value for name, value in row.items() if name not in OWN}

    def _compare(self, model, vals_list):
        self.assertEqual(strangers(self.env[model]), [], "bulk creation steps aside")
        ordinary, tables = self._written(model, vals_list, self.env[model].create)
        bulk, bulk_tables = self._written(
            model, vals_list, lambda rows: self.writer.create_records(model, rows)
        )
        for vals, expected, found in zip(vals_list, ordinary, bulk, strict=True):
            self.assertEqual(found, expected, vals)
        self.assertEqual(bulk_tables, tables)
        self.assertEqual(tables, {self.env[model]._table: len(vals_list)})

    # === TESTS === #

    def test_partners(self):
        self._compare("res.partner", [self._partner() for _number in range(CASES)])

    def test_units(self):
        self._compare("property.unit", [self._unit(number) for number in range(CASES)])

    def test_occupancies(self):
        partners = self.env["res.partner"].create([{"name": "A"}] * CASES)
        units = self.env["property.unit"].create(
            [self._unit(number) for number in range(CASES)]
        )
        vals_list = [
            self._occupancy(unit, partner)
            for unit, partner in zip(units, partners, strict=True)
        ]
        self._compare("property.occupancy", vals_list)

    def test_results_of_rows(self):
        job = self.env["property.roster.import"].create(
            {"community_id": self.community.id, "file": "eA=="}
        )
        vals_list = [self._line(job, number) for number in range(CASES)]
        self._compare("property.roster.import.line", vals_list)

    def test_lists_know_the_new_records(self):
        self.assertEqual(len(self.home.with_env(self.env).occupancy_ids), 1)
        partners = self.writer.create_records(
            "res.partner", [{"name": "B"}, {"name": "C"}]
        )
        self.writer.create_records(
            "property.occupancy",
            [
                {
                    "unit_id": self.home.id,
                    "partner_id": partner.id,
                    "role": "tenant",
                    "date_start": date(2024, 1, 1),
                    "is_resident": True,
                }
                for partner in partners
            ],
        )
        home = self.home.with_env(self.env)
        self.assertEqual(len(home.occupancy_ids), 3)
        self.assertEqual(home.status, "leased")
        self.assertEqual(partners.mapped("display_name"), ["B", "C"])

    def test_a_constraint_of_the_database_holds(self):
        vals = {"community_id": self.community.id, "name": "7", "unit_type": "home"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.writer.create_records("property.unit", [vals, vals])

    # === STEPPING ASIDE === #

    def _creations(self, vals, env=None):
        """Return how many records the ordinary way creates of three such values."""
        cls, made = type(self.env["res.partner"]), []
        create = cls.create

        @api.model_create_multi
        def counted(records, vals_list):
            made.extend(vals_list)
            return create(records, vals_list)

        counted.__module__ = "odoo.addons.base.models.res_partner"
        writer = BulkWriter(self.community.with_env(env or self.env))
        with patch.object(cls, "create", counted):
            partners = writer.create_records(
                "res.partner", [dict(vals) for _n in range(3)]
            )
        self.assertEqual(len(partners), 3)
        return len(made)

    def test_only_the_pattern_is_created_the_ordinary_way(self):
        self.assertEqual(self._creations({"name": "D"}), 1)

    def test_values_that_are_not_of_the_shape(self):
        self.assertEqual(self._creations({"name": "D", "street": "Lake Road"}), 3)

    def test_where_messages_are_wanted(self):
        context = {**self.env.context, "mail_create_nolog": False}
        self.assertEqual(self._creations({"name": "D"}, self.env(context=context)), 3)

    def test_a_module_that_has_a_say_in_creation(self):
        cls = type(self.env["property.unit"])
        ordinary = cls.create

        @api.model_create_multi
        def create(records, vals_list):
            for vals in vals_list:
                vals["layout"] = "of another module"
            return ordinary(records, vals_list)

        create.__module__ = "odoo.addons.another.models.property_unit"
        vals_list = [self._unit(number) for number in range(3)]
        with patch.object(cls, "create", create):
            self.assertEqual(
                strangers(self.env["property.unit"]), ["create in another"]
            )
            units = BulkWriter(self.writer.community).create_records(
                "property.unit", vals_list
            )
        self.assertEqual(units.mapped("layout"), ["of another module"] * 3)

    def test_a_default_a_constraint_or_a_computation_of_a_module(self):
        known = bulk_writer.KNOWN_MODULES
        with patch.object(bulk_writer, "KNOWN_MODULES", known - {"property_base"}):
            found = strangers(self.env["property.unit"])
            self.assertIn("code computed in property_base", found)
            self.assertIn("default of active", found)
            self.assertIn(
                "_check_total_share in property_base",
                strangers(self.env["property.occupancy"]),
            )

    def test_a_stored_field_that_follows_from_what_differs(self):
        shape = SHAPES["property.unit"]
        derived = {
            name: follow
            for name, follow in shape.derived.items()
            if name != "caller_room"
        }
        narrow = bulk_writer.SHAPES | {
            "property.unit": type(shape)(shape.given, derived)
        }
        with patch.object(bulk_writer, "SHAPES", narrow):
            self.assertIn(
                "property.unit.caller_room follows from name",
                strangers(self.env["property.unit"]),
            )
