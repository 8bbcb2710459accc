"""Every model of ours can be used: rights, views, a menu."""

import json

import pytest
from runtime import modules

# Models that are worked with inside the form of another, or only by code: why.
EMBEDDED = {
    "property.roster.import.column": "a column of the sheet, shown inside its import",
    "property.roster.import.line": "a row of the sheet, shown inside its import",
    "property.debit.line": "a household of a direct debit, listed inside it",
    "property.bank.import.column": "a column of the file, shown inside its import",
    "property.daily.closing.line": "a payment method, counted inside its closing",
    "property.receipt.line": "a fee that was paid, listed inside its receipt",
    "property.dunning.letter.line": "a bill of a reminder, listed inside it",
    "property.dunning.run.line": "the result of one household, opened from its run",
    "property.instalment.line": "one instalment, listed inside its agreement",
    "property.waiver.line": "a charge of a waiver, edited inside it",
    "property.reading.import.line": "a row of the sheet, shown inside its import",
    "property.shared.cost.line": "a household's part, listed inside the cost",
    "property.fee.rate.tier": "a step of a price, edited inside its rate",
    "property.fee.run.line": "the result of one household, opened from its run",
    "property.fee.run.spike": "something that stands out, opened from its run",
    "property.fee.run.total": "the comparison of an item, shown inside its run",
    "property.charge.entry.line": "a row of a list of charges, edited inside it",
    "property.ticket.reporter": "who else reported the matter, listed on its ticket",
    "property.procedure.step": "a step of a version, edited inside it",
}
DESCRIBE = """
import json

ours = set({modules!r})
actions = env["ir.ui.menu"].sudo().search([("action", "!=", False)]).mapped("action")
reached = {{action.res_model for action in actions if "res_model" in action._fields}}
described = {{}}
for name, model in env.registry.items():
    if model._original_module not in ours or model._abstract or model._transient:
        continue
    views = env["ir.ui.view"].search([("model", "=", name)])
    described[name] = {{
        "access": env["ir.model.access"].search_count([("model_id.model", "=", name)]),
        "views": sorted(set(views.mapped("type"))),
        "menu": name in reached,
        "group_rights": env["ir.model.access"].search_count(
            [("model_id.model", "=", name), ("group_id", "=", False)]
        ),
    }}
with open({file!r}, "w") as file:
    json.dump(described, file)
"""


@pytest.fixture(scope="module")
def models(suite_database, odoo, tmp_path_factory):
    """What the database says of each stored model of ours."""
    file = tmp_path_factory.mktemp("models") / "models.json"
    code = DESCRIBE.format(modules=modules.suite(), file=str(file))
    odoo.script(suite_database, code, "describe-models")
    return json.loads(file.read_text())


def test_every_model_has_access_rights(models):
    bare = [name for name, facts in models.items() if not facts["access"]]
    assert not bare, f"no row in ir.model.access.csv: {bare}"


def test_no_right_is_for_everybody(models):
    """A row without a group gives the right to the public too."""
    open_to_all = [name for name, facts in models.items() if facts["group_rights"]]
    assert not open_to_all, f"access rows without a group: {open_to_all}"


@pytest.mark.parametrize("kind", ["list", "form", "search"])
def test_every_model_has_views(models, kind):
    lacking = [
        name
        for name, facts in models.items()
        if kind not in facts["views"] and name not in EMBEDDED
    ]
    assert not lacking, f"no {kind} view: {lacking}"


def test_every_model_has_a_menu(models):
    lacking = [
        name
        for name, facts in models.items()
        if not facts["menu"] and name not in EMBEDDED
    ]
    assert not lacking, f"no menu opens: {lacking}"


def test_the_list_of_embedded_models_is_true(models):
    stale = [
        name
        for name in EMBEDDED
        if name not in models
        or (
            models[name]["menu"]
            and {"list", "form", "search"} <= set(models[name]["views"])
        )
    ]
    assert not stale, f"no longer needs an exception: {stale}"
