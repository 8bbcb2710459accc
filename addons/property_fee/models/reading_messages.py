"""Words for what is wrong with a sheet of readings: row, column, value and cure."""


def column_label(env, column):
    """Return the trade's name of a column of a sheet of readings."""
    return {
        "unit": env._("Unit No."),
        "serial": env._("Meter No."),
        "previous": env._("Last Reading"),
        "value": env._("Reading"),
        "date": env._("Read On"),
        "reader": env._("Reader"),
        "note": env._("Note"),
    }[column]


def sentence_and_cure(env, code, column, value):
    """Return what is wrong, as a sentence, and what to do about it."""
    names = {"column": column, "value": value}

    def rolled():
        values, digits, used = value.split("|")
        return (
            env._(
                "%(column)s: the dial went back (%(values)s). On %(digits)s figures it has"
                " rolled over and %(used)s were used.",
                column=column,
                values=values,
                digits=digits,
                used=used,
            ),
            env._(
                "Check the figures of the dial on the meter, then clear the reading."
            ),
        )

    return {
        "missing": lambda: (
            env._("%(column)s is empty.", **names),
            env._("Fill it in."),
        ),
        "not_a_number": lambda: (
            env._('%(column)s: "%(value)s" is not a number.', **names),
            env._("Write what the dial shows in figures, such as 1234."),
        ),
        "negative": lambda: (
            env._("%(column)s: %(value)s is negative.", **names),
            env._("Write what the dial shows; it is never below zero."),
        ),
        "no_date": lambda: (
            env._('%(column)s: "%(value)s" is not a day of the calendar.', **names),
            env._("Write the day as 2026-10-31."),
        ),
        "duplicate": lambda: (
            env._("The meter already stands in row %(value)s of the sheet.", **names),
            env._("Keep one of the two rows."),
        ),
        "not_read": lambda: (
            env._("%(column)s is empty: not read. %(value)s", **names).strip(),
            env._("Read the meter, or estimate it in its round."),
        ),
        "went_back": lambda: (
            env._("%(column)s: the dial went back (%(value)s).", **names),
            env._("Read the meter again, or correct the last reading."),
        ),
        "rolled": rolled,
        "unknown_unit": lambda: (
            env._(
                '%(column)s: there is no unit "%(value)s" in the community.', **names
            ),
            env._("Correct the number of the unit, or import the roster first."),
        ),
        "unknown_meter": lambda: (
            env._('%(column)s: no meter "%(value)s" is on file.', **names),
            env._("Correct the number, or let the import put in new meters."),
        ),
        "several_meters": lambda: (
            env._("%(column)s: the unit %(value)s has several meters.", **names),
            env._("Write the number of the meter in the row."),
        ),
        "elsewhere": lambda: (
            env._("%(column)s: the meter is on file at %(value)s.", **names),
            env._("Correct the number of the unit or of the meter."),
        ),
        "previous_differs": lambda: (
            env._(
                "%(column)s: the sheet says other than the %(value)s on file, which counts.",
                **names,
            ),
            env._("Check the last reading of the meter."),
        ),
        "odd": lambda: (
            env._("%(column)s: odd (%(value)s), held until it is cleared.", **names),
            env._("Look at the reading and clear it with a reason."),
        ),
        "billed": lambda: (
            env._("%(column)s: %(value)s has been billed for that day.", **names),
            env._("Enter the right value next month, which trues it up."),
        ),
        "database": lambda: (
            env._("The row was refused: %(value)s", **names),
            env._("Correct the row and import it again."),
        ),
    }[code]()
