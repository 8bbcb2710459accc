from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemoEstate(TransactionCase):
    def test_estate_of_any_size(self):
        estate = self.env["property.demo.estate"]
        community = estate._build(
            "Big", "BIG", homes=200, shops=5, parking=20, floors=20, per_floor=4
        )
        self.assertEqual(community.unit_count, 225)
        self.assertEqual(
            sorted(community.building_ids.mapped("code")), ["1", "2", "商铺", "地库"]
        )
        owned = community.unit_ids.filtered("owner_ids")
        self.assertGreater(len(owned), 200)
        self.assertGreater(len(set(community.unit_ids.mapped("status"))), 3)

    def test_demo_is_built_once(self):
        estate = self.env["property.demo.estate"]
        community = estate._build_demo()
        count = self.env["property.occupancy"].search_count(
            [("community_id", "=", community.id)]
        )
        self.assertEqual(community.unit_count, 150)
        self.assertEqual(estate._build_demo(), community)
        self.assertEqual(
            self.env["property.occupancy"].search_count(
                [("community_id", "=", community.id)]
            ),
            count,
        )
        owner = self.env["res.users"].search([("login", "=", "owner")])
        mine = self.env["property.unit"].with_user(owner).search([])
        self.assertEqual(set(mine.mapped("unit_type")), {"home", "parking"})
        self.assertEqual(mine.owner_ids, owner.partner_id)
