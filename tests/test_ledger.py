"""Charges, bill lines and accounts tell the same to the cent, on two whole estates."""

UNITS = 10_000
RANDOM = f"""
from tests.support.random_estate import bill_random_units
result = bill_random_units(env, {UNITS})
"""
DEMO = """
company = env["property.community"].search([("code", "=", "CH")]).company_id
ledger = env["property.charge"]._check_ledger(company)
charges = env["property.charge"].search([])
result = {
    "problems": ledger.pop("problems"),
    "ledger": {name: str(value) for name, value in ledger.items()},
    "charges": len(charges),
    "wrong": len(charges._get_wrong_amounts()),
}
"""


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


def test_random_units(run_in_copy, templates):
    result, _query = run_in_copy(templates.suite(), "ledger_random", RANDOM)
    assert_agrees(result)
    assert result["obstacle"] is None, "the whole suite together bills the fast way"
    assert (result["failed_workers"], result["state"]) == (0, "done")
    assert (result["charged"], result["failed"]) == (UNITS, 0)
    assert result["amount"] == result["ledger"]["charges"]
    assert result["bills"] > UNITS
    assert float(result["ledger"]["taxes"]) > 10_000


def test_demo_estate(run_in_copy, templates):
    result, _query = run_in_copy(templates.demo(), "ledger_demo", DEMO)
    assert_agrees(result)
