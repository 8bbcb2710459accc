from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import PropertyCase


class OwnerFileCase(PropertyCase):
    """Home 1-1-101 has a file of four slots: three documents, two of them required, and keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Type = cls.env["property.document.type"]
        Type.search([]).active = False
        cls.identity, cls.contract, cls.photos, cls.keys, cls.licence = Type.create(
            [
                {
                    "name": "Identity Card",
                    "code": "t_identity",
                    "form": "copy",
                    "copies": 2,
                    "sequence": 1,
                    "for_parking": True,
                },
                {
                    "name": "Contract",
                    "code": "t_contract",
                    "sequence": 2,
                    "visible_to_owner": True,
                },
                {
                    "name": "Photos",
                    "code": "t_photos",
                    "sequence": 3,
                    "required": False,
                },
                {"name": "Keys", "code": "t_keys", "kind": "handout", "copies": 3},
                {
                    "name": "Licence",
                    "code": "t_licence",
                    "sequence": 5,
                    "for_home": False,
                },
            ]
        )
        cls.file = cls.env["property.owner.file"].create(
            {"unit_id": cls.home.id, "date_opened": date(2022, 6, 2)}
        )

    def _document(self, document_type, file=None):
        slots = (file or self.file).document_ids + (file or self.file).handout_ids
        return slots.filtered(lambda document: document.type_id == document_type)


@tagged("post_install", "-at_install")
class TestOwnerFile(OwnerFileCase):
    @users("property_frontdesk")
    def test_new_file_has_owner_number_and_slots(self):
        file = self.env["property.owner.file"].create(
            {"unit_id": self.neighbour_home.id}
        )
        self.assertEqual(file.partner_ids, self.neighbour)
        self.assertRegex(file.name, r"^OF/\d{4}/\d{5}$")
        self.assertNotEqual(file.name, self.file.name)
        self.assertEqual(file.keeper_id, self.env.user)
        self.assertRecordValues(
            file.document_ids,
            [
                {
                    "type_id": self.identity.id,
                    "required": True,
                    "form": "copy",
                    "copies": 2,
                    "visible_to_owner": False,
                    "received_on": False,
                },
                {
                    "type_id": self.contract.id,
                    "required": True,
                    "form": "original",
                    "copies": 1,
                    "visible_to_owner": True,
                    "received_on": False,
                },
                {
                    "type_id": self.photos.id,
                    "required": False,
                    "form": "original",
                    "copies": 1,
                    "visible_to_owner": False,
                    "received_on": False,
                },
            ],
        )
        self.assertEqual(file.handout_ids.type_id, self.keys)

    @users("property_frontdesk")
    def test_slots_follow_the_kind_of_unit(self):
        self.homes[3].unit_type = "parking"
        self.homes[4].unit_type = "shop"
        parking, shop = self.env["property.owner.file"].create(
            [{"unit_id": self.homes[3].id}, {"unit_id": self.homes[4].id}]
        )
        self.assertEqual(parking.document_ids.type_id, self.identity)
        self.assertFalse(parking.handout_ids)
        self.assertEqual(
            shop.document_ids.type_id,
            self.identity + self.contract + self.photos + self.licence,
        )

    @users("property_frontdesk")
    def test_one_live_file_per_unit(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["property.owner.file"].create({"unit_id": self.home.id})

    @users("property_frontdesk")
    def test_completeness_and_what_is_missing(self):
        file = self.file.with_env(self.env)
        File = self.env["property.owner.file"]
        mine = ("id", "=", file.id)
        self.assertRecordValues(
            file,
            [{"completeness": 0, "is_incomplete": True}],
        )
        self.assertEqual(file.missing_type_ids, self.identity + self.contract)
        self._document(self.identity).received_on = date(2022, 6, 2)
        self.assertEqual(file.completeness, 50)
        self.assertEqual(file.missing_type_ids, self.contract)
        self.assertTrue(File.search([mine, ("is_incomplete", "=", True)]))
        self.assertTrue(
            File.search([mine, ("missing_type_ids", "in", self.contract.ids)])
        )
        self.assertFalse(
            File.search([mine, ("missing_type_ids", "in", self.identity.ids)])
        )
        with self.assertRaises(ValidationError) as refused:
            file.action_file_away()
        self.assertIn("Contract", str(refused.exception))
        self._document(self.contract).with_env(self.env).action_receive()
        self.assertEqual(self._document(self.contract).received_by_id, self.env.user)
        self.assertEqual(file.completeness, 100)
        self.assertFalse(file.missing_type_ids)
        self.assertTrue(File.search([mine, ("is_incomplete", "=", False)]))
        file.action_file_away()
        self.assertEqual(file.state, "archived")
        file.action_reopen()
        self.assertEqual(file.state, "open")

    @users("property_frontdesk")
    def test_completeness_costs_one_query_whatever_the_number(self):
        files = self.file + self.env["property.owner.file"].with_user(
            self.env.user
        ).create([{"unit_id": home.id} for home in self.homes[1:]])
        for some in (files[:2], files):
            self.env.flush_all()
            self.env.invalidate_all()
            some = some.with_env(self.env)
            some.mapped("name")
            with self.assertQueryCount(1):
                some.mapped("completeness")

    @users("property_frontdesk")
    def test_types_added_later_are_added_by_the_action(self):
        file = self.file.with_env(self.env)
        deed, _shop_only = (
            self.env["property.document.type"]
            .sudo()
            .create(
                [
                    {"name": "Deed", "code": "t_deed"},
                    {"name": "Permit", "code": "t_permit", "for_home": False},
                ]
            )
        )
        self.assertEqual(len(file.document_ids), 3)
        file.action_add_missing_slots()
        self.assertEqual(
            file.document_ids.type_id,
            self.identity + self.contract + self.photos + deed,
        )
        file.action_add_missing_slots()
        self.assertEqual(len(file.document_ids), 4)
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._document(deed).copy({"is_standard": True})
        extra = self.env["property.owner.document"].create(
            {"file_id": file.id, "type_id": self.contract.id, "note": "second"}
        )
        self.assertEqual(extra.display_name, "Contract (second)")

    @users("property_frontdesk")
    def test_new_owner_gets_a_new_file(self):
        self._document(self.identity).received_on = date(2022, 6, 2)
        self.file.write({"cabinet": "A-03", "box": "7"})
        buyer = self.env["res.partner"].create({"name": "赵六"})
        File = self.env["property.owner.file"]
        unit = self.home.with_env(self.env)
        new = File._renew(unit, date(2026, 4, 1), buyer)
        old = self.file.with_env(self.env)
        self.assertRecordValues(
            old + new,
            [
                {
                    "state": "closed",
                    "date_closed": date(2026, 3, 31),
                    "partner_ids": self.owner.ids,
                    "cabinet": "A-03",
                    "completeness": 50,
                },
                {
                    "state": "open",
                    "date_closed": False,
                    "partner_ids": buyer.ids,
                    "cabinet": "A-03",
                    "completeness": 0,
                },
            ],
        )
        self.assertNotEqual(new.name, old.name)
        self.assertEqual(new.date_opened, date(2026, 4, 1))
        self.assertEqual(File._renew(unit, date(2026, 4, 1), buyer), new)
        self.assertEqual(unit.owner_file_id, new)
        self.assertEqual(len(unit.owner_file_ids), 2)

    @users("property_frontdesk")
    def test_transfer_renews_the_file_and_ends_what_leaves(self):
        leaving, staying = self.env["property.vehicle"].create(
            [
                {
                    "unit_id": self.home.id,
                    "plate": plate,
                    "partner_id": partner.id,
                    "date_start": date(2022, 6, 1),
                }
                for plate, partner in (
                    ("浙A11111", self.owner),
                    ("浙A22222", self.tenant),
                )
            ]
        )
        pet = self.env["property.pet"].create(
            {"unit_id": self.home.id, "name": "Rex", "partner_id": self.owner.id}
        )
        paper = self._document(self.contract)
        paper.received_on = date(2022, 6, 2)
        self._occupy(self.home, self.tenant, "tenant", is_resident=True)
        self.env["property.document.loan"].create(
            {
                "file_id": self.file.id,
                "document_id": paper.id,
                "borrower_id": self.tenant.id,
                "purpose": "Copying",
            }
        )
        unit = self.home.with_env(self.env)
        [item] = [
            item
            for item in unit._transfer_open_items(date(2026, 4, 1))
            if item["model"] == "property.document.loan"
        ]
        self.assertEqual((item["count"], item["blocking"]), (1, False))
        buyer = self.env["res.partner"].create({"name": "赵六"})
        unit._transfer(
            date(2026, 4, 1),
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": False}],
        )
        self.assertEqual(self.file.state, "closed")
        self.assertEqual(unit.owner_file_id.partner_ids, buyer)
        self.assertEqual(leaving.date_end, date(2026, 3, 31))
        self.assertFalse(staying.date_end)
        self.assertFalse(pet.active)

    @users("property_frontdesk")
    def test_renewing_without_a_file_or_without_owners(self):
        File = self.env["property.owner.file"]
        unit = self.neighbour_home.with_env(self.env)
        first = File._renew(unit, date(2026, 4, 1), self.neighbour)
        self.assertEqual(first.partner_ids, self.neighbour)
        self.assertFalse(File._renew(unit, date(2026, 4, 1), self.env["res.partner"]))
        self.assertEqual(first.state, "closed")
        self.assertEqual(first.date_closed, first.date_opened)

    @users("property_manager")
    def test_closed_file_stays_as_it_is(self):
        file = self.file.with_env(self.env)
        file._close(date(2026, 3, 31))
        document = self._document(self.identity).with_env(self.env)
        for refused in (
            lambda: file.write({"partner_ids": [(6, 0, self.neighbour.ids)]}),
            lambda: file.write({"state": "open", "date_closed": False}),
            lambda: document.write({"received_on": date(2026, 1, 1)}),
            lambda: document.copy({"is_standard": False}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                refused()
        file.write({"cabinet": "B-01"})
        document.kept_where = "Vault"
        file.action_add_missing_slots()
        self.assertEqual(len(file.document_ids), 3)

    @users("property_frontdesk")
    def test_file_belongs_to_its_unit_and_is_not_thrown_away(self):
        file = self.file.with_env(self.env)
        with self.assertRaises(UserError):
            file.unit_id = self.neighbour_home.id
        file.unit_id = self.home.id
        self._document(self.identity).received_on = date(2022, 6, 2)
        with self.assertRaises(UserError):
            self._document(self.identity).with_env(self.env).unlink()
        with self.assertRaises(UserError):
            self.file.with_user(self.users["hq"]).unlink()
        with self.assertRaises(AccessError):
            file.unlink()
        self._document(self.identity).received_on = False
        self.file.with_user(self.users["hq"]).unlink()
        self.assertFalse(self.file.exists())

    @users("property_frontdesk")
    def test_opened_in_bulk_for_owned_units_without_a_file(self):
        units = self.homes.with_env(self.env)
        action = units.action_open_owner_files()
        new = self.env["property.owner.file"].search(action["domain"])
        self.assertEqual(new.unit_id, self.neighbour_home)
        self.assertEqual(new.partner_ids, self.neighbour)
        with self.assertRaises(UserError):
            units.action_open_owner_files()

    @users("property_frontdesk")
    def test_bulk_cost_does_not_grow_with_what_is_there(self):
        for home in self.homes[2:]:
            self._occupy(home, self.owner)
        File = self.env["property.owner.file"]

        def queries(units):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            File._open(units.with_env(self.env), date(2026, 10, 15))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(self.homes[1])
        # One number of the sequence each; all else is batched.
        one, three = queries(self.homes[2]), queries(self.homes[3:])
        self.assertLessEqual(three - one, 2 * 4)

    @users("property_frontdesk")
    def test_entered_in_the_form(self):
        with Form(self.env["property.owner.file"]) as form:
            form.unit_id = self.neighbour_home
            self.assertEqual(form.partner_ids.ids, self.neighbour.ids)
        file = form.record
        with Form(file) as form, form.document_ids.edit(0) as document:
            document.received_on = date(2026, 1, 2)
            document.pages = 4
        self.assertEqual(file.completeness, 50)
        with self.assertRaises(ValidationError), freeze_time("2026-10-15"):
            file.document_ids[1].received_on = date(2026, 10, 17)
