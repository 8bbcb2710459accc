"""Outcomes of tests and their summary."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from ..console import say


class Outcome(StrEnum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """The outcome of one test.

    :param detail: why it failed or was skipped
    """

    part: str
    name: str
    outcome: Outcome
    detail: str = ""

    @property
    def is_bad(self):
        """Whether the run as a whole fails: a failure, or a skip without a reason."""
        if self.outcome is Outcome.SKIPPED:
            return self.detail.strip() in ("", "unconditional skip")
        return self.outcome is Outcome.FAILED

    def __str__(self):
        return f"{self.part}: {self.name}"


def passed(part, name):
    """Return a passed result."""
    return Result(part, name, Outcome.PASSED)


def failed(part, name, detail):
    """Return a failed result."""
    return Result(part, name, Outcome.FAILED, detail)


def skipped(part, name, reason):
    """Return a skipped result."""
    return Result(part, name, Outcome.SKIPPED, reason)


def count(results):
    """Return ``"3 passed, 0 failed"``, with the skipped when there are any."""
    counts = Counter(result.outcome for result in results)
    text = f"{counts[Outcome.PASSED]} passed, {counts[Outcome.FAILED]} failed"
    if counts[Outcome.SKIPPED]:
        text += f", {counts[Outcome.SKIPPED]} skipped"
    return text


def summarise(results, seconds):
    """Print what failed and was skipped, and the counts as the last line.

    :return: the exit code: 0 when all is well
    """
    say("\n" + "=" * 78)
    for result in results:
        if result.outcome is Outcome.SKIPPED:
            say(f"SKIPPED  {result}: {result.detail or 'WITHOUT A REASON'}")
    for result in results:
        if result.outcome is Outcome.FAILED:
            say(f"\nFAILED  {result}\n{result.detail.rstrip()}")
    if not results:
        say("Nothing was tested.")
    say(f"\n{seconds / 60:.1f} minutes")
    say(count(results))
    return 1 if not results or any(result.is_bad for result in results) else 0
