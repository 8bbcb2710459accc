"""An estate of random units with fees of many shapes, billed and checked.

Runs inside Odoo's shell.
"""

import random
from datetime import date, timedelta

from odoo.fields import Command

from tests.support.workers import Workers

START = date(2026, 1, 1)
OCTOBER = date(2026, 10, 1)
NEW_PRICE = date(2026, 10, 17)
CHUNK = 2000  # records created at once
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def bill_random_units(env, count, workers=2):
    """Bill a month of random units with several workers at once.

    :param int count: number of units
    :return: dict with what the rows of the run came to, and what the ledger check says
    """
    chance = random.Random(20264)
    env = env(context={**env.context, **QUIET})
    units = _create_units(env, chance, count)
    _assign(env, chance, units, _create_items(env))
    run = env["property.fee.run"].create(
        {
            "community_ids": units.community_id.ids,
            "period": OCTOBER,
            "invoice_date": OCTOBER,
        }
    )
    run.action_start()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()

    def work(env):
        env["property.fee.run"].browse(run.id)._process_in_chunks()

    failed = Workers(env).run([work] * workers)
    env.invalidate_all()
    ledger = env["property.charge"]._check_ledger(run.company_id)
    charges = env["property.charge"].search([("run_id", "=", run.id)])
    return {
        "obstacle": env["property.bill.builder"]._get_registry_obstacle(),
        "failed_workers": failed,
        "state": run.state,
        "charged": run.charged_count,
        "failed": run.failed_count,
        "charges": len(charges),
        "wrong": len(charges._get_wrong_amounts()),
        "amount": f"{sum(charges.mapped('amount')):.2f}",
        "bills": len(charges.move_id),
        "problems": ledger.pop("problems")[:10],
        "ledger": {name: str(value) for name, value in ledger.items()},
    }


def _create(model, vals_list):
    """Create many records, some thousand at a time."""
    records = model
    for start in range(0, len(vals_list), CHUNK):
        records += model.create(vals_list[start : start + CHUNK])
    return records


def _create_units(env, chance, count):
    """Create homes of 20 to 300 square metres; every tenth changes hands in October."""
    community = env["property.community"].create({"name": "Random", "code": "RANDOM"})
    building = env["property.building"].create(
        {"community_id": community.id, "name": "1", "code": "1"}
    )
    units = _create(
        env["property.unit"],
        [
            {
                "community_id": community.id,
                "building_id": building.id,
                "name": f"{number:05d}",
                "floor": 1 + number % 30,
                "gross_area": chance.randint(2000, 30000) / 100,
                "handover_date": START,
            }
            for number in range(count)
        ],
    )
    people = _create(
        env["res.partner"], [{"name": f"Owner {number:05d}"} for number in range(count)]
    )
    vals_list = []
    for index, unit in enumerate(units):
        owner = {"unit_id": unit.id, "role": "owner", "is_resident": index % 7 > 0}
        first = {**owner, "partner_id": people[index].id, "date_start": START}
        if index % 10 == 0:
            day = date(2026, 10, chance.randint(2, 31))
            first["date_end"] = day - timedelta(days=1)
            buyer = people[index - 1].id
            vals_list.append({**owner, "partner_id": buyer, "date_start": day})
        vals_list.append(first)
    _create(env["property.occupancy"], vals_list)
    return units


def _create_items(env):
    """Create fees of many shapes: with tax inside, on top and without, tiers, for others."""
    inside, on_top = env["account.tax"].create(
        [
            {
                "name": f"{amount}% {include}",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": include,
            }
            for amount, include in ((6, "tax_included"), (9, "tax_excluded"))
        ]
    )
    payable = env["account.account"].create(
        {
            "name": "Collected for Others",
            "code": "224198",
            "account_type": "liability_current",
        }
    )
    grid = env["res.partner"].create({"name": "Grid", "is_company": True})
    agency = {
        "is_agency": True,
        "agency_account_id": payable.id,
        "agency_partner_id": grid.id,
    }
    tiers = [
        Command.create({"up_to": 90, "price": 2.5351}),
        Command.create({"up_to": 0, "price": 3.1}),
    ]
    items = {
        "M": ({"tax_ids": [Command.set(inside.ids)]}, {"price": 2.35}),
        "G": (
            {"tax_ids": [Command.set(on_top.ids)]},
            {"basis": "fixed", "price": 7.77},
        ),
        "L": ({}, {"basis": "formula", "formula": "area * 0.137 + floor / 3"}),
        "H": (agency, {"price": 1.0333, "rounding": "jiao"}),
        "P": ({"separate_bill": True}, {"basis": "fixed", "price": 61.99}),
    }
    found = env["property.fee.item"]
    for code, (values, rate) in items.items():
        item = found.create({"code": f"X{code}", "name": f"Fee {code}", **values})
        end = NEW_PRICE - timedelta(days=1) if code == "H" else False
        env["property.fee.rate"].create(
            {
                "item_id": item.id,
                "date_start": START,
                "date_end": end,
                "vacancy_percent": 70 if code == "M" else 100,
                **rate,
            }
        )
        if end:
            env["property.fee.rate"].create(
                {"item_id": item.id, "date_start": NEW_PRICE, "tier_ids": tiers}
            )
        found += item
    return found


def _assign(env, chance, units, items):
    """Assign the first fee to every unit and some others to some, on random days."""
    _create(
        env["property.fee.assignment"],
        [
            {
                "unit_id": unit.id,
                "item_id": item.id,
                "date_start": date(2026, chance.randint(1, 10), chance.randint(1, 28)),
            }
            for unit in units
            for item in items
            if item == items[0] or chance.random() < 0.15
        ],
    )
