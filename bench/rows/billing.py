"""One month of bills: a fee run against OCA ``contract``."""

from datetime import date

from odoo.fields import Command

from bench.row import Outcome, Row

START = date(2025, 1, 1)
PERIOD = date(2026, 10, 1)
PRICE = 2.5  # per square metre and month, tax included
GARBAGE = 8.0  # per home and month, without tax
CHUNK = 200  # bills that the peer commits at once, as many as a fee run does

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class Billing(Row):
    name = "billing"
    title = "posted invoices of two lines, one with tax, per household"
    modules = ("property_fee",)
    peer_modules = ("contract",)
    peer_packages = ("odoo-addon-contract==19.0.1.2.1.2",)
    peer_has_own_data = True

    def prepare_homes(self, env, count):
        """Create homes with both fees, for the suite alone.

        :return: their property.community
        """
        env = env(context={**env.context, **QUIET})
        homes = self._create_homes(env, count)
        self._prepare_ours(env, homes.community_id, homes, self._create_products(env))
        return homes.community_id

    def prepare(self, env, count):
        return {"community": self.prepare_homes(env, count).id}

    def prepare_peer(self, env, count):
        env = env(context={**env.context, **QUIET})
        products, homes = self._create_products(env), self._create_homes(env, count)
        return {"contracts": self._prepare_peer(env, homes, products).ids}

    def ours(self, env, data):
        self._run(env, data)
        return self._outcome(env)

    @staticmethod
    def _create_run(env, data, period=PERIOD):
        env = env(context={**env.context, **QUIET})
        return env["property.fee.run"].create(
            {
                "community_ids": [Command.set([data["community"]])],
                "period": period,
                "invoice_date": period,
            }
        )

    def _run(self, env, data, period=PERIOD):
        """Bill a month as the scheduler does, chunk by chunk."""
        run = self._create_run(env, data, period)
        run.action_start()
        env.cr.commit()
        while run._process_chunk():
            env.cr.commit()
        return run

    def explain(self, env, data):
        from .billing_profile import profile

        return profile(self, env, data)

    def peer(self, env, data):
        env = env(context={**env.context, **QUIET})
        contracts = env["contract.contract"].browse(data["contracts"])
        for start in range(0, len(contracts), CHUNK):
            chunk = contracts[start : start + CHUNK]
            chunk._recurring_create_invoice(PERIOD).action_post()
            env.cr.commit()
        return self._outcome(env)

    @staticmethod
    def _outcome(env):
        ((rows, total),) = env["account.move"]._read_group(
            [("move_type", "=", "out_invoice"), ("state", "=", "posted")],
            [],
            ["__count", "amount_total:sum"],
        )
        return Outcome(rows, round(total, 2))

    @staticmethod
    def _create_products(env):
        """Create the services: one with a tax that its price includes, one without."""
        tax = env["account.tax"].create(
            {
                "name": "6% included",
                "amount": 6.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        return env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "taxes_id": [Command.set(taxes.ids)],
                }
                for name, taxes in (("Management", tax), ("Garbage", tax.browse()))
            ]
        )

    @staticmethod
    def _create_homes(env, count):
        """Create homes of 60 to 149.5 square metres, each with an owner of its own."""
        community = env["property.community"].create({"name": "Bench", "code": "BENCH"})
        building = env["property.building"].create(
            {"community_id": community.id, "name": "1", "code": "1"}
        )
        homes = env["property.unit"].create(
            [
                {
                    "community_id": community.id,
                    "building_id": building.id,
                    "name": f"{number:05d}",
                    "gross_area": 60 + number % 180 / 2,
                    "handover_date": START,
                }
                for number in range(count)
            ]
        )
        owners = env["res.partner"].create(
            [{"name": f"Owner {number:05d}"} for number in range(count)]
        )
        env["property.occupancy"].create(
            [
                {
                    "unit_id": home.id,
                    "partner_id": owner.id,
                    "role": "owner",
                    "date_start": START,
                }
                for home, owner in zip(homes, owners, strict=True)
            ]
        )
        return homes

    @staticmethod
    def _prepare_ours(env, community, homes, products):
        """Assign both fee items to every home."""
        items = env["property.fee.item"].create(
            [
                {"code": f"B{index}", "name": product.name, "product_id": product.id}
                for index, product in enumerate(products)
            ]
        )
        rates = (("gross_area", PRICE), ("fixed", GARBAGE))
        env["property.fee.rate"].create(
            [
                {
                    "item_id": item.id,
                    "community_id": community.id,
                    "date_start": START,
                    "basis": basis,
                    "price": price,
                }
                for item, (basis, price) in zip(items, rates, strict=True)
            ]
        )
        env["property.fee.assignment"].create(
            [
                {"unit_id": home.id, "item_id": item.id, "date_start": START}
                for home in homes
                for item in items
            ]
        )

    @staticmethod
    def _prepare_peer(env, homes, products):
        """Make a contract with the same two lines for every home."""
        payers = homes._get_payers(PERIOD, "owner")
        management, garbage = products
        return env["contract.contract"].create(
            [
                {
                    "name": home.code,
                    "partner_id": payers[home].id,
                    "contract_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": product.name,
                                "quantity": quantity,
                                "price_unit": price,
                                "date_start": PERIOD,
                                "recurring_next_date": PERIOD,
                                "recurring_rule_type": "monthly",
                                "recurring_invoicing_type": "pre-paid",
                            }
                        )
                        for product, quantity, price in (
                            (management, home.gross_area, PRICE),
                            (garbage, 1.0, GARBAGE),
                        )
                    ],
                }
                for home in homes
            ]
        )
