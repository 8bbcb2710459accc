"""Every text of every module has a Chinese translation, and no stale one is kept."""

import re

import polib
import pytest
from runtime import modules
from runtime.paths import ADDONS

MODULES = modules.suite()
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\$\{[^}]*\}|</?\w+")
# Abbreviations, codes, numbers and expressions are the same in both languages; left
# empty, as the OCA check of translations wants it.
SAME = re.compile(
    r"[A-Z]{2,3}|[A-Z]?[\d+,. -]+|object\.\w+(?:\(\))?|'[^']*' % \(.*\)", re.DOTALL
)
EXPORT = """
from odoo.tools.translate import trans_export

for module in {modules!r}:
    with open("{folder}/" + module + ".pot", "wb") as file:
        trans_export(None, [module], file, "po", env)
"""


@pytest.fixture(scope="module")
def exported(suite_database, odoo, tmp_path_factory):
    """The folder of the templates that Odoo exports, one for each module."""
    folder = tmp_path_factory.mktemp("pot")
    code = EXPORT.format(modules=MODULES, folder=folder)
    odoo.script(suite_database, code, "export-terms")
    return folder


@pytest.mark.parametrize("module", MODULES)
def test_translation_is_complete(module, exported):
    terms = {entry.msgid for entry in polib.pofile(exported / f"{module}.pot")}
    catalogue = _catalogue(module)
    known = {entry.msgid for entry in catalogue if not entry.obsolete}
    missing = sorted(terms - known)
    assert not missing, f"{len(missing)} terms are not in zh_CN.po: {missing[:20]}"
    stale = sorted(known - terms)
    assert not stale, f"{len(stale)} terms are no longer used: {stale[:20]}"


@pytest.mark.parametrize("module", MODULES)
def test_translation_is_filled(module):
    catalogue = _catalogue(module)
    empty = [
        entry.msgid
        for entry in catalogue
        if not entry.msgstr.strip() and not SAME.fullmatch(entry.msgid)
    ]
    assert not empty, f"{len(empty)} terms have no translation: {empty[:20]}"
    fuzzy = [entry.msgid for entry in catalogue if entry.fuzzy]
    assert not fuzzy, f"to be checked: {fuzzy[:20]}"
    obsolete = [entry.msgid for entry in catalogue.obsolete_entries()]
    assert not obsolete, f"no longer used: {obsolete[:20]}"


@pytest.mark.parametrize("module", MODULES)
def test_translation_keeps_the_placeholders(module):
    different = [
        entry.msgid
        for entry in _catalogue(module)
        if entry.msgstr
        and sorted(PLACEHOLDER.findall(entry.msgid))
        != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert not different, f"placeholders or tags differ: {different}"


def _catalogue(module):
    path = ADDONS / module / "i18n" / "zh_CN.po"
    assert path.exists(), f"{module} has no i18n/zh_CN.po"
    return polib.pofile(path)
