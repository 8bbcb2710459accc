"""Words for what is wrong with a roster: row, column, value and cure."""

from ..tools import roster


def column_label(env, column):
    """Return the trade's name of a roster column."""
    return {
        "building": env._("Building"),
        "entrance": env._("Entrance"),
        "room": env._("Room"),
        "floor": env._("Floor"),
        "total_floors": env._("Total Floors"),
        "has_lift": env._("Lift"),
        "unit_type": env._("Unit Type"),
        "gross_area": env._("Gross Area"),
        "inner_area": env._("Inner Area"),
        "status": env._("Status"),
        "owner": env._("Owner"),
        "identity_number": env._("Identity Number"),
        "phone": env._("Phone"),
        "phone2": env._("Second Phone"),
        "share": env._("Share"),
        "handover_date": env._("Hand-over Date"),
        "tenant": env._("Tenant"),
        "tenant_phone": env._("Tenant's Phone"),
        "note": env._("Note"),
    }[column]


def unreadable_text(env, reason, filename):
    """Say why a file cannot be read and what to do."""
    name = filename or env._("The file")
    return {
        "too_large": env._("%(name)s is larger than 50 MB. Split it and import the parts.", name=name),
        "password": env._("%(name)s is protected by a password. Save it without one.", name=name),
        "format": env._(
            "%(name)s is not a workbook that can be read. Save it as xlsx and upload it again.", name=name
        ),
        "empty": env._("%(name)s is empty.", name=name),
    }[reason]


def _problem_and_cure(env, problem):
    types = "、".join(roster.UNIT_TYPES)
    statuses = "、".join(roster.STATUSES)
    value = problem.value
    return {
        "missing": (env._("is empty"), env._("Fill it in.")),
        "not_a_number": (env._("is not a number"), env._("Write it in figures, such as 89.5.")),
        "negative": (env._("is negative"), env._("Write an area of zero or more.")),
        "no_date": (
            env._("is not a day of the calendar"),
            env._("Write the day as 2026-10-31."),
        ),
        "bad_phone": (
            env._("is not a phone number; the row arrives without it"),
            env._("Write a mobile number of 11 digits, or a landline with its area code."),
        ),
        "bad_share": (
            env._("does not fit the owners"),
            env._("Write one share for each owner; together at most 100 %."),
        ),
        "formula": (
            env._("is a formula, not a name"),
            env._("Type the name of the owner."),
        ),
        "unknown_type": (
            env._("is not a known unit type"),
            env._("Write one of: %(types)s.", types=types),
        ),
        "unknown_status": (
            env._("is not a known status; it is left out"),
            env._("Write one of: %(statuses)s.", statuses=statuses),
        ),
        "duplicate": (
            env._("stands twice in the sheet"),
            env._("Keep one of the two rows: %(rows)s.", rows=value),
        ),
        "inner_exceeds_gross": (
            env._("is larger than the gross area"),
            env._("Check both areas."),
        ),
        "unsold_with_owner": (
            env._("contradicts the owner in the row; the owner is kept"),
            env._("Empty the owner, or correct the status."),
        ),
        "leased_without_tenant": (
            env._("says leased, but no tenant is named"),
            env._("Name the tenant, so that the unit counts as leased."),
        ),
        "owner_differs": (
            env._("is not the owner on file (sheet / on file)"),
            env._("Record the change of owner on the unit, or correct the sheet."),
        ),
        "tenant_differs": (
            env._("is not the tenant on file (sheet / on file)"),
            env._("End the old lease on the unit first, or correct the sheet."),
        ),
        "identity_differs": (
            env._("is not the number on file"),
            env._("Check the identity card and correct the sheet or the person."),
        ),
        "identity_taken": (
            env._("belongs to another person on file"),
            env._("Check the identity number of both."),
        ),
        "database": (env._("was refused"), env._("Correct the row and import it again.")),
    }[problem.code]


def problem_text(env, problem, sheet):
    """Return a problem in words.

    :param sheet: the `tools.roster.Roster` it was found in
    :return: dict with cell (column letter), column (as the sheet calls it), value, text, cure
    """
    position = sheet.columns.get(problem.column)
    written = sheet.header[position] if position is not None else None
    label = str(written).strip() if written else column_label(env, problem.column)
    what, cure = _problem_and_cure(env, problem)
    text = (
        env._("%(column)s: %(value)s %(what)s. %(cure)s", column=label, value=problem.value, what=what, cure=cure)
        if problem.value
        else env._("%(column)s: %(what)s. %(cure)s", column=label, what=what, cure=cure)
    )
    return {
        "cell": _letter(position) if position is not None else "",
        "column": label,
        "value": problem.value,
        "text": text,
        "cure": cure,
    }


def _letter(index):
    """Return the letter of a spreadsheet column, 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
