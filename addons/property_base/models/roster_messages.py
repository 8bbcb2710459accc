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


def sentence_and_cure(env, code, column, value):
    """Return what is wrong, as a sentence, and what to do about it."""
    names = {"column": column, "value": value}
    types = ", ".join(roster.UNIT_TYPES)
    statuses = ", ".join(roster.STATUSES)
    return {
        "missing": lambda: (
            env._("%(column)s is empty.", **names),
            env._("Fill it in."),
        ),
        "not_a_number": lambda: (
            env._('%(column)s: "%(value)s" is not a number.', **names),
            env._("Write it in figures, such as 89.5."),
        ),
        "negative": lambda: (
            env._("%(column)s: %(value)s is negative.", **names),
            env._("Write an area of zero or more."),
        ),
        "no_date": lambda: (
            env._('%(column)s: "%(value)s" is not a day of the calendar.', **names),
            env._("Write the day as 2026-10-31."),
        ),
        "bad_phone": lambda: (
            env._(
                '%(column)s: "%(value)s" is not a phone number and is left out.',
                **names,
            ),
            env._(
                "Write a mobile number of 11 digits, or a landline with its area code."
            ),
        ),
        "bad_share": lambda: (
            env._('%(column)s: "%(value)s" does not fit the owners.', **names),
            env._("Write one share for each owner; together at most 100 %."),
        ),
        "formula": lambda: (
            env._('%(column)s: "%(value)s" is a formula, not a name.', **names),
            env._("Type the name."),
        ),
        "unknown_type": lambda: (
            env._('%(column)s: "%(value)s" is not a known unit type.', **names),
            env._("Write one of: %(types)s.", types=types),
        ),
        "unknown_status": lambda: (
            env._(
                '%(column)s: "%(value)s" is not a known status and is left out.',
                **names,
            ),
            env._("Write one of: %(statuses)s.", statuses=statuses),
        ),
        "duplicate": lambda: (
            env._("The unit already stands in row %(value)s of the sheet.", **names),
            env._("Keep one of the two rows."),
        ),
        "inner_exceeds_gross": lambda: (
            env._("%(column)s: %(value)s is larger than the gross area.", **names),
            env._("Check both areas."),
        ),
        "unsold_with_owner": lambda: (
            env._(
                '%(column)s says "%(value)s", but the row names an owner; the owner is kept.',
                **names,
            ),
            env._("Empty the owner, or correct the status."),
        ),
        "leased_without_tenant": lambda: (
            env._("The unit is said to be leased, but no tenant is named."),
            env._("Name the tenant, so that the unit counts as leased."),
        ),
        "owner_differs": lambda: (
            env._(
                "%(column)s: the sheet and the file name different owners: %(value)s.",
                **names,
            ),
            env._("Record the change of owner on the unit, or correct the sheet."),
        ),
        "tenant_differs": lambda: (
            env._(
                "%(column)s: the sheet and the file name different tenants: %(value)s.",
                **names,
            ),
            env._("End the old lease on the unit first, or correct the sheet."),
        ),
        "identity_differs": lambda: (
            env._("%(column)s is not the number on file.", **names),
            env._("Check the identity card; correct the sheet or the person."),
        ),
        "identity_taken": lambda: (
            env._("%(column)s belongs to another person on file: %(value)s.", **names),
            env._("Check the identity numbers of both."),
        ),
        "database": lambda: (
            env._("The row was refused: %(value)s", **names),
            env._("Correct the row and import it again."),
        ),
    }[code]()
