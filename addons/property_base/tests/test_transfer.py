from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged, users

from .common import PropertyCase

SOLD_ON, DAY_BEFORE = date(2026, 10, 20), date(2026, 10, 19)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 12:00:00")
class TestTransfer(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home.occupancy_ids.is_resident = True
        garage = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "code": "G",
                "name": "地库",
                "kind": "parking",
            }
        )
        cls.space, cls.other_space = cls.env["property.unit"].create(
            [
                {
                    "community_id": cls.community.id,
                    "building_id": garage.id,
                    "name": name,
                    "unit_type": "parking",
                    "parent_id": cls.home.id,
                }
                for name in ("P001", "P002")
            ]
        )
        cls._occupy(cls.space, cls.owner)
        cls._occupy(cls.other_space, cls.neighbour)
        cls.child, cls.buyer, cls.buyer2 = cls.env["res.partner"].create(
            [{"name": "张小三"}, {"name": "赵六"}, {"name": "钱七"}]
        )
        cls._occupy(cls.home, cls.child, "family", is_resident=True)
        cls._occupy(cls.home, cls.tenant, "tenant", date(2026, 1, 1))

    def _wizard(self, unit=None, **values):
        unit = (unit or self.home).with_env(self.env)
        action = unit.action_transfer()
        form = Form(
            self.env["property.transfer"].with_context(**action["context"]),
            view="property_base.property_transfer_view_form",
        )
        form.date = values.pop("date", SOLD_ON)
        for partner, share, lives in values.pop("owners", [(self.buyer, 100, True)]):
            with form.owner_ids.new() as line:
                line.partner_id = partner
                line.share = share
                line.is_resident = lives
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def _people(self, unit, day):
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search(
            Occupancy._domain_on(day) & Domain("unit_id", "=", unit.id)
        )
        return {(one.partner_id, one.role) for one in live}

    @users("property_frontdesk")
    def test_a_home_is_sold_with_its_parking_space(self):
        wizard = self._wizard(owners=[(self.buyer, 60, True), (self.buyer2, 40, False)])
        self.assertEqual(wizard.unit_ids, self.home | self.space)
        self.assertEqual(wizard.old_owner_ids, self.owner)
        self.assertTrue(wizard.has_tenants)
        wizard.action_confirm()

        self.assertEqual(
            self._people(self.home, DAY_BEFORE),
            {
                (self.owner, "owner"),
                (self.child, "family"),
                (self.tenant, "tenant"),
            },
        )
        self.assertEqual(
            self._people(self.home, SOLD_ON),
            {
                (self.buyer, "owner"),
                (self.buyer2, "co_owner"),
                (self.tenant, "tenant"),
            },
        )
        self.assertEqual(
            self._people(self.space, SOLD_ON),
            {(self.buyer, "owner"), (self.buyer2, "co_owner")},
        )
        self.assertEqual(
            self.home._get_owners(SOLD_ON), {self.home: self.buyer | self.buyer2}
        )
        self.assertEqual(self.home.last_transfer_date, SOLD_ON)
        new = self.home.occupancy_ids.filtered(lambda one: one.partner_id == self.buyer)
        self.assertRecordValues(
            new, [{"share": 60, "acquired_by": "sale", "is_resident": True}]
        )
        message = self.home.message_ids[:1].body
        for name in ("张三", "赵六", "钱七"):
            self.assertIn(name, message)
        self.assertFalse(
            self.space.occupancy_ids.filtered(
                lambda one: one.partner_id == self.buyer
            ).is_resident
        )

    @users("property_frontdesk")
    def test_what_is_not_transferred_no_longer_belongs_to_the_home(self):
        self.assertEqual(self.other_space.parent_id, self.home)
        self._wizard().action_confirm()
        self.assertEqual(self.space.parent_id, self.home)
        self.assertFalse(self.other_space.parent_id)

    @users("property_frontdesk")
    def test_a_parking_space_is_sold_alone(self):
        wizard = self._wizard(self.space)
        self.assertEqual(wizard.unit_ids, self.space)
        wizard.action_confirm()
        self.assertFalse(self.space.parent_id)
        self.assertEqual(self.home._get_owners(SOLD_ON), {self.home: self.owner})

    @users("property_frontdesk")
    def test_tenants_leave_and_family_stays(self):
        self._wizard(
            kind="inheritance",
            owners=[(self.child, 100, True)],
            keep_tenants=False,
            keep_others=True,
        ).action_confirm()
        self.assertEqual(
            self._people(self.home, SOLD_ON),
            {(self.child, "owner"), (self.child, "family")},
        )

    @users("property_frontdesk")
    def test_an_owner_gives_a_part_away(self):
        self._wizard(
            kind="gift", owners=[(self.owner, 50, True), (self.child, 50, True)]
        ).action_confirm()
        owners = self.home._get_owners(SOLD_ON)[self.home]
        self.assertEqual(owners, self.owner | self.child)
        self.assertEqual(self.home._get_owners(DAY_BEFORE)[self.home], self.owner)

    @users("property_frontdesk")
    def test_the_first_sale_by_the_developer(self):
        unsold = self.homes[4]
        wizard = self._wizard(unsold)
        self.assertEqual(wizard.kind, "developer")
        wizard.action_confirm()
        self.assertEqual(unsold._get_owners(SOLD_ON), {unsold: self.buyer})
        self.assertEqual(unsold.occupancy_ids.acquired_by, "developer")

    @users("property_frontdesk")
    def test_shares_are_proposed_and_checked(self):
        form = Form(
            self.env["property.transfer"].with_context(default_unit_id=self.home.id),
            view="property_base.property_transfer_view_form",
        )
        with form.owner_ids.new() as line:
            line.partner_id = self.buyer
        self.assertEqual(form.total_share, 100)
        with form.owner_ids.edit(0) as line:
            line.share = 70
        with form.owner_ids.new() as line:
            line.partner_id = self.buyer2
        with form.owner_ids.edit(1) as line:
            self.assertEqual(line.share, 30)
        for owners, words in (
            ([(self.buyer, 70, False), (self.buyer2, 40, False)], "add up to 110"),
            ([(self.buyer, 70, False), (self.buyer, 30, False)], "twice"),
            ([], "at least one"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._wizard(owners=owners).action_confirm()
        wizard = self._wizard()
        wizard.owner_ids.share = 0
        with self.assertRaisesRegex(UserError, "share of each"):
            wizard.action_confirm()
        wizard.unit_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "at least one unit"):
            wizard.action_confirm()
        wizard = self._wizard()
        wizard.unit_ids = self.home | self.neighbour_home
        with self.assertRaisesRegex(UserError, "of one household"):
            wizard.action_confirm()

    @users("property_frontdesk")
    def test_not_before_the_present_owner_began(self):
        with self.assertRaisesRegex(UserError, "张三 owns 1-1-101 from"):
            self._wizard(date=date(2022, 6, 1)).action_confirm()
        self._wizard(date=date(2022, 6, 2)).action_confirm()

    @users("property_frontdesk")
    def test_modules_say_what_is_open_and_may_stop_it(self):
        Unit = type(self.env["property.unit"])
        items = Unit._transfer_open_items
        seen = []

        def bills(units, date):
            seen.append((units, date))
            return [
                *items(units, date),
                {
                    "model": "account.move",
                    "label": "Unpaid bills",
                    "count": 3,
                    "blocking": True,
                    "action": {"type": "ir.actions.act_window", "res_model": "x"},
                },
            ]

        with patch.object(Unit, "_transfer_open_items", bills):
            wizard = self._wizard()
            self.assertTrue(wizard.is_blocked)
            self.assertRecordValues(
                wizard.item_ids,
                [{"label": "Unpaid bills", "count": 3, "blocking": True}],
            )
            self.assertEqual(wizard.item_ids.action_open()["res_model"], "x")
            with self.assertRaisesRegex(UserError, "wait for: Unpaid bills"):
                wizard.action_confirm()
        self.assertIn((self.home | self.space, SOLD_ON), seen)
        self.assertEqual(self.home._get_owners(SOLD_ON), {self.home: self.owner})

    @users("property_frontdesk")
    def test_open_proposals_are_shown(self):
        self.env["property.change.request"].create(
            {
                "unit_id": self.home.id,
                "partner_id": self.owner.id,
                "kind": "phone",
                "phone": "13600001111",
            }
        )
        item = self._wizard().item_ids
        self.assertRecordValues(item, [{"count": 1, "blocking": False}])
        self.assertEqual(item.action_open()["res_model"], "property.change.request")

    @users("property_frontdesk")
    def test_modules_are_told_and_can_undo_it(self):
        Unit = type(self.env["property.unit"])
        told = []

        def listen(unit, day, old, new):
            told.append((unit, day, old, new))

        with patch.object(Unit, "_on_transfer", listen):
            self._wizard().action_confirm()
        self.assertEqual(
            told,
            [
                (self.home, SOLD_ON, self.owner, self.buyer),
                (self.space, SOLD_ON, self.owner, self.buyer),
            ],
        )

        def refuse(unit, day, old, new):
            message = "The keys are still out."
            raise ValidationError(message)

        with (
            patch.object(Unit, "_on_transfer", refuse),
            self.assertRaises(ValidationError),
            self.cr.savepoint(),
        ):
            self._wizard(
                date=date(2026, 11, 1), owners=[(self.buyer2, 100, False)]
            ).action_confirm()
        self.assertEqual(
            self.home._get_owners(date(2026, 11, 1)), {self.home: self.buyer}
        )

    @users("property_frontdesk")
    def test_a_window_that_is_out_of_date_changes_nothing(self):
        early, late = self._wizard(), self._wizard(owners=[(self.buyer2, 100, False)])
        early.action_confirm()
        with self.assertRaisesRegex(UserError, "by somebody else since you"):
            late.action_confirm()
        self.assertEqual(self.home._get_owners(SOLD_ON), {self.home: self.buyer})

    def test_who_may_transfer(self):
        for role in ("reader", "security", "engineer", "cashier", "accountant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["property.transfer"].with_user(self.users[role]).create(
                    {"unit_id": self.home.id}
                )
        clerk = self.users["frontdesk"]
        clerk.property_community_ids = self._create_community("Hillside", "HILL")
        with self.assertRaises(AccessError):
            self.home.with_user(clerk)._transfer(SOLD_ON, "sale", [])

    @users("property_frontdesk")
    def test_the_owner_file_follows(self):
        if not hasattr(self.env["property.owner.file"], "_renew"):
            self.skipTest("no owner files")
        file = self.env["property.owner.file"]._open(self.home, date(2022, 6, 1))
        self._wizard().action_confirm()
        self.assertEqual(file.state, "closed")
        live = self.home.with_env(self.env).owner_file_id
        self.assertEqual(live.partner_ids, self.buyer)
        self.assertNotEqual(live, file)
