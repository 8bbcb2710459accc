"""Beside OCA's bank reconciliation: both work on the same statement lines."""

import json

import pytest
from runtime import peers
from runtime.odoo import Odoo
from runtime.paths import CHECKOUT_ID

from tests.conftest import TEST_LOGS, assert_clean

DATABASE = f"pst_{CHECKOUT_ID}_test_oca"
# For this test only: it is installed aside, nothing depends on it.
PACKAGES = (
    "odoo-addon-account-reconcile-oca==19.0.1.1.1",
    "odoo-addon-account-statement-base==19.0.1.0.1",
)
STORY = """
import base64, json
from datetime import date
from odoo import Command

company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company)
community = env["property.demo.estate"]._build("阳光花园", "SUN", homes=8, seed=3)
home, other = community.unit_ids.filtered("owner_ids")[:2]
item = env["property.fee.item"].create({{"code": "OCA", "name": "物业费"}})
env["property.fee.rate"].create(
    {{"item_id": item.id, "price": 100, "basis": "fixed", "date_start": date(2020, 1, 1)}}
)
env["property.fee.assignment"].create(
    [
        {{"unit_id": unit.id, "item_id": item.id, "date_start": date(2026, 10, 1)}}
        for unit in (home, other)
    ]
)
run = env["property.fee.run"].create(
    {{
        "community_ids": community.ids,
        "item_ids": item.ids,
        "period": date(2026, 10, 1),
        "invoice_date": date(2026, 10, 1),
    }}
)
run._process_all()
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
rows = [
    "交易日期,收入金额,支出金额,账户余额,对方户名,附言",
    f"20261005,100.00,,1100.00,某人,{{home.code}}物业费",
    "20261006,,30.00,1070.00,某公司,保洁费",
    "20261007,100.00,,1170.00,另一人,转账",
]
job = env["property.bank.import"].create(
    {{
        "journal_id": bank.id,
        "file": base64.b64encode("\\n".join(rows).encode("gb18030")),
        "filename": "bank.csv",
    }}
)
lines = job._import_rows(job._read_sheet().rows)
index = env["property.bank.matching"]._build_index(company)
lines._match(index)
ours = lines.filtered(lambda line: line.amount == 100 and line.unit_id == home)
supplier = lines.filtered(lambda line: line.amount < 0).statement_line_id
theirs = lines.filtered(lambda line: line.state == "waiting")
# Theirs: the widget of OCA takes the bill of the other household.
bill = env["account.move"].search([("property_unit_id", "=", other.id)])
receivable = bill.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
statement = theirs.statement_line_id
statement._add_account_move_line(receivable)
statement.reconcile_bank_line()
theirs.action_match_again()
# And it takes back what we settled.
before = ours.statement_line_id.is_reconciled
ours.statement_line_id.unreconcile_bank_line()
ours.invalidate_recordset()
with open({file!r}, "w") as out:
    json.dump(
        {{
            "settled": before,
            "ours": ours.state,
            "supplier": supplier.is_reconciled,
            "theirs": [theirs.state, theirs.unit_id == other, bill.payment_state],
        }},
        out,
    )
env.cr.commit()
"""


@pytest.fixture(scope="module")
def beside(environment):
    """Odoo with OCA's add-ons beside the suite's."""
    addons = peers.addons("account_reconcile_oca", PACKAGES)
    return Odoo(environment, TEST_LOGS, extra_addons=[addons])


def test_both_work_on_the_same_lines(beside, databases, templates, tmp_path):
    databases.copy(templates.suite(), DATABASE)
    try:
        assert_clean(beside.install(DATABASE, ["account_reconcile_oca"], "oca-install"))
        file = tmp_path / "story.json"
        beside.script(DATABASE, STORY.format(file=str(file)), "oca-story")
    finally:
        databases.drop(DATABASE)
    assert json.loads(file.read_text()) == {
        "settled": True,
        "ours": "waiting",
        "supplier": False,
        "theirs": ["settled", True, "paid"],
    }
