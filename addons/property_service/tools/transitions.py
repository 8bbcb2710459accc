"""Life of a ticket: which step may follow which, and what each step asks for.

The table is the only place where the order of steps is written down; the model, the
buttons, the portal and the tests all read it.

>>> is_allowed("new", "accepted"), is_allowed("new", "done")
(True, False)
>>> is_reopening("closed", "accepted"), is_reopening("new", "accepted")
(True, False)
>>> missing("waiting", {"waiting_reason": False})
('waiting_reason',)
>>> sorted(route("new", "closed"))
['accepted', 'closed', 'done']
"""

from collections import deque

TRANSITIONS = {
    "new": ("accepted", "rejected", "cancelled"),
    "accepted": (
        "dispatched",
        "in_progress",
        "waiting",
        "done",
        "rejected",
        "cancelled",
    ),
    "dispatched": ("accepted", "in_progress", "waiting", "done", "cancelled"),
    "in_progress": ("dispatched", "waiting", "done", "cancelled"),
    "waiting": ("dispatched", "in_progress", "done", "cancelled"),
    "done": ("confirmed", "closed", "accepted"),
    "confirmed": ("closed", "accepted"),
    "closed": ("accepted",),
    "rejected": ("accepted",),
    "cancelled": (),
}

# Work is still to be done; a ticket that is done only waits for the caller's word.
OPEN_STATES = ("new", "accepted", "dispatched", "in_progress", "waiting")
ENDED_STATES = ("closed", "rejected", "cancelled")

# What must be filled in before, or together with, the step into a state.
REQUIREMENTS = {
    "dispatched": ("user_id",),
    "waiting": ("waiting_reason",),
    "done": ("result",),
    "rejected": ("close_reason",),
    "cancelled": ("close_reason",),
}


def is_allowed(old, new):
    """Return whether a ticket may step from one state into another."""
    return new in TRANSITIONS.get(old, ())


def is_reopening(old, new):
    """Return whether the step takes up again what was finished."""
    return old not in OPEN_STATES and new in OPEN_STATES and is_allowed(old, new)


def missing(new, values):
    """Return the names of the fields that the step into a state still lacks.

    :param new: the state to step into
    :param values: mapping of field name to value, as it will be after the step

    >>> missing("done", {"result": " "}), missing("done", {"result": "Valve replaced"})
    (('result',), ())
    """

    def is_blank(value):
        return not (value.strip() if isinstance(value, str) else value)

    return tuple(
        name for name in REQUIREMENTS.get(new, ()) if is_blank(values.get(name))
    )


def stamps(old, new, now, accepted_at=None):
    """Return the dates that a step sets (a value) or clears (False).

    The first acceptance counts as the response and is kept when a ticket is reopened;
    the end of work and the closing belong to the last round only.

    >>> stamps("new", "accepted", 5)
    {'accepted_at': 5}
    >>> stamps("closed", "accepted", 9, accepted_at=5)
    {'done_at': False, 'closed_at': False, 'confirmed_at': False, 'reopened_at': 9}
    >>> stamps("in_progress", "done", 7, accepted_at=5)
    {'done_at': 7}
    """
    if is_reopening(old, new):
        result = {
            "done_at": False,
            "closed_at": False,
            "confirmed_at": False,
            "reopened_at": now,
        }
        # A ticket rejected at once was never accepted.
        return result if accepted_at else {"accepted_at": now, **result}
    result = {}
    if new == "accepted" and not accepted_at:
        result["accepted_at"] = now
    if new == "done":
        result["done_at"] = now
    if new == "confirmed":
        result["confirmed_at"] = now
    if new in ENDED_STATES:
        result["closed_at"] = now
    return result


def route(old, new):
    """Return a shortest list of states to step through to reach a state, else None.

    >>> route("accepted", "accepted")
    []
    >>> route("cancelled", "new") is None
    True
    """
    queue = deque([(old, [])])
    seen = {old}
    while queue:
        state, path = queue.popleft()
        if state == new:
            return path
        for following in TRANSITIONS[state]:
            if following not in seen:
                seen.add(following)
                queue.append((following, [*path, following]))
    return None
