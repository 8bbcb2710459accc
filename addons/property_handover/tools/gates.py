"""Gates of a take-over: what must be finished before the next stage begins.

Stages of work and states of the project are not the same: rooms and keys change hands
(stage `handover`) before the project counts as handed over.

>>> next_state("preparation"), next_state("closed")
('acceptance', None)
>>> needed_stages("handed_over")
('preparation', 'acceptance', 'rectification', 'handover')
"""

from dataclasses import dataclass

STAGES = ("preparation", "acceptance", "rectification", "handover", "opening")
STATES = ("preparation", "acceptance", "rectification", "handed_over", "closed")

# The last stage that must be complete before a state begins; all earlier ones too.
LAST_STAGE = {
    "acceptance": "preparation",
    "rectification": "acceptance",
    "handed_over": "handover",
    "closed": "opening",
}


@dataclass(frozen=True)
class Milestone:
    """One thing to be done, of a stage."""

    name: str
    stage: str
    done: bool


@dataclass(frozen=True)
class Document:
    """One paper that the developer owes; `claimed` when its delivery is demanded."""

    name: str
    missing: bool
    claimed: bool = False


@dataclass(frozen=True)
class Obstacles:
    """What keeps a gate closed."""

    milestones: tuple = ()
    documents: tuple = ()
    tickets: int = 0

    def __bool__(self):
        return bool(self.milestones or self.documents or self.tickets)


def next_state(state):
    """Return the state that follows, or None after the last."""
    position = STATES.index(state) + 1
    return STATES[position] if position < len(STATES) else None


def previous_state(state):
    """Return the state before, or None before the first.

    >>> previous_state("acceptance"), previous_state("preparation")
    ('preparation', None)
    """
    position = STATES.index(state)
    return STATES[position - 1] if position else None


def needed_stages(state):
    """Return the stages that must be complete before a state begins."""
    last = LAST_STAGE.get(state)
    return STAGES[: STAGES.index(last) + 1] if last else ()


def obstacles(state, milestones, documents=(), open_tickets=0):
    """Return what keeps a project from entering a state.

    A paper that is missing does not stop the handover when its delivery is claimed from
    the developer; it does stop the closing, and so does any defect not yet mended.

    :param state: the state to enter
    :param milestones: iterable of Milestone
    :param documents: iterable of Document
    :param int open_tickets: rectification tickets that are not finished
    :rtype: Obstacles

    >>> keys = Milestone("Keys", "handover", False)
    >>> obstacles("handed_over", [keys]).milestones
    ('Keys',)
    >>> bool(obstacles("acceptance", [keys]))
    False
    >>> permit = Document("Permit", missing=True, claimed=True)
    >>> obstacles("handed_over", [], [permit]).documents
    ()
    >>> obstacles("closed", [], [permit], 2)
    Obstacles(milestones=(), documents=('Permit',), tickets=2)
    """
    stages = needed_stages(state)
    missing = [document for document in documents if document.missing]
    if state == "handed_over":
        missing = [document for document in missing if not document.claimed]
    elif state != "closed":
        missing = []
    return Obstacles(
        tuple(m.name for m in milestones if m.stage in stages and not m.done),
        tuple(document.name for document in missing),
        open_tickets if state == "closed" else 0,
    )


def progress(done, total):
    """Return the percentage of what is done; 100 only when everything is.

    >>> progress(0, 3), progress(2, 3), progress(199, 200), progress(3, 3)
    (0, 67, 99, 100)
    >>> progress(0, 0)
    0
    """
    if not total:
        return 0
    return min(round(100 * done / total), 99) if done < total else 100
