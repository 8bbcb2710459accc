"""Charges, bill lines and accounts tell the same to the cent, on two whole estates."""

import json

import pytest
from runtime.paths import CHECKOUT_ID, ROOT

UNITS = 10_000
DATABASE = f"pst_{CHECKOUT_ID}_test_ledger"
RANDOM = """
import json, sys
sys.path.insert(0, {root!r})
from tests.support.random_estate import bill_random_units
with open({file!r}, "w") as file:
    json.dump(bill_random_units(env, {units}), file)
"""
DEMO = """
import json
company = env["property.community"].search([("code", "=", "CH")]).company_id
ledger = env["property.charge"]._check_ledger(company)
charges = env["property.charge"].search([])
result = {{
    "problems": ledger.pop("problems"),
    "ledger": {{name: str(value) for name, value in ledger.items()}},
    "charges": len(charges),
    "wrong": len(charges._get_wrong_amounts()),
}}
with open({file!r}, "w") as file:
    json.dump(result, file)
"""


@pytest.fixture
def run_script(databases, odoo, tmp_path):
    """A function that runs code in a copy of a template and returns what it wrote."""

    def run(template, code):
        file = tmp_path / "result.json"
        databases.copy(template, DATABASE)
        text = code.format(root=str(ROOT), file=str(file), units=UNITS)
        odoo.script(DATABASE, text, "ledger")
        return json.loads(file.read_text())

    yield run
    databases.drop(DATABASE)


def assert_agrees(result):
    ledger = result["ledger"]
    assert result["problems"] == []
    assert ledger["charges"] == ledger["lines"]
    assert ledger["untaxed"] == ledger["accounts"]
    cents = {
        name: round(100 * float(ledger[name]))
        for name in ("receivable", "untaxed", "taxes")
    }
    assert cents["receivable"] == cents["untaxed"] + cents["taxes"]
    assert result["charges"]
    assert result["wrong"] == 0


def test_random_units(run_script, templates):
    result = run_script(templates.suite(), RANDOM)
    assert_agrees(result)
    assert result["obstacle"] is None, "the whole suite together bills the fast way"
    assert (result["failed_workers"], result["state"]) == (0, "done")
    assert (result["charged"], result["failed"]) == (UNITS, 0)
    assert result["amount"] == result["ledger"]["charges"]
    assert result["bills"] > UNITS
    assert float(result["ledger"]["taxes"]) > 10_000


def test_demo_estate(run_script, templates):
    assert_agrees(run_script(templates.demo(), DEMO))
