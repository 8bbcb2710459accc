"""The tools of ``bin/``: what they read from logs and how they count."""

import pytest
from runtime import logcheck, modules, shell
from runtime.testing import results, unit

HEAD = "2026-10-01 08:00:00,000 42"
LOG = f"""{HEAD} INFO db odoo.addons.a.tests.test_x: Starting TestX.test_good ...
{HEAD} INFO db odoo.addons.a.tests.test_x: Starting TestX.test_bad ...
{HEAD} ERROR db odoo.addons.a.tests.test_x: FAIL: TestX.test_bad
Traceback (most recent call last):
AssertionError: 1 != 2
{HEAD} INFO db odoo.addons.a.tests.test_x: Starting TestX.test_later ...
{HEAD} INFO db odoo.addons.a.tests.test_x: skipped TestX.test_later : no browser
{HEAD} ERROR db odoo.tests.result: 1 failed, 0 error(s) of 3 tests when loading
"""


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "odoo.log"
    path.write_text(LOG)
    return path


def test_results_are_read_from_the_log(log):
    found = unit._results("a", log, 1, complete=False)
    assert [(result.name, str(result.outcome)) for result in found] == [
        ("TestX.test_good", "passed"),
        ("TestX.test_bad", "failed"),
        ("TestX.test_later", "skipped"),
        ("the log is clean", "passed"),
    ]
    assert "AssertionError: 1 != 2" in found[1].detail


def test_a_warning_in_the_log_is_a_failure(log):
    log.write_text(LOG + f"{HEAD} WARNING db odoo.fields: unknown parameter\n")
    found = unit._results("a", log, 1, complete=False)
    assert found[-1].outcome == "failed"
    assert "WARNING odoo.fields: unknown parameter" in found[-1].detail


def test_an_exit_code_without_a_failure_is_a_failure(log):
    log.write_text(LOG.splitlines(keepends=True)[0])
    found = unit._results("a", log, 1, complete=False)
    assert found[-1].outcome == "failed"


def test_records_keep_their_traceback(log):
    (failure, _summary) = logcheck.problems(log)
    assert failure.level == "ERROR"
    assert failure.message.endswith("AssertionError: 1 != 2")


def test_last_line_of_the_summary(capsys):
    found = [results.passed("p", "a"), results.passed("p", "b")]
    assert results.summarise(found, 60) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed"
    found.append(results.skipped("p", "c", "needs a printer"))
    assert results.summarise(found, 60) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "2 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize(
    "result",
    [
        results.failed("p", "a", "broken"),
        results.skipped("p", "a", ""),
        results.skipped("p", "a", "unconditional skip"),
    ],
)
def test_what_fails_the_run(result):
    assert results.summarise([result], 1) == 1


def test_nothing_tested_fails_the_run():
    assert results.summarise([], 1) == 1


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    folder = tmp_path / "thing"
    with shell.replacing(folder, "1") as aside:
        (aside / "a").touch()
        assert not folder.exists()
    assert shell.is_stamped(folder, "1")
    with pytest.raises(ValueError), shell.replacing(folder, "2"):
        raise ValueError("the download broke")
    assert shell.is_stamped(folder, "1")
    assert (folder / "a").exists()


def test_modules_come_after_what_they_need():
    order = modules.suite()
    for name in order:
        needs = set(modules.manifest(name)["depends"]) & set(order)
        assert all(order.index(need) < order.index(name) for need in needs)
