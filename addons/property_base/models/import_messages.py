"""Words for what is wrong with an imported file: row, column, value and cure."""


def unreadable_text(env, reason, filename):
    """Say why a file cannot be read and what to do."""
    name = filename or env._("The file")
    return {
        "too_large": env._(
            "%(name)s is larger than 50 MB. Split it and import the parts.", name=name
        ),
        "password": env._(
            "%(name)s is protected by a password. Save it without one.", name=name
        ),
        "too_long": env._(
            "%(name)s reaches down to more than 200,000 rows, or has a cell far off the table."
            " Delete the rows and columns behind the table, save it and upload it again.",
            name=name,
        ),
        "macro": env._(
            "%(name)s contains macros. Save it as xlsx, which leaves them out.",
            name=name,
        ),
        "renamed": env._(
            "%(name)s is no workbook, whatever its name says: a text, a web page, a picture or"
            " an archive. Open it in a spreadsheet program, save it as xlsx and upload that.",
            name=name,
        ),
        "format": env._(
            "%(name)s is not a workbook that can be read. Save it as xlsx and upload it again.",
            name=name,
        ),
        "empty": env._("%(name)s is empty.", name=name),
    }[reason]


def problem_words(job, problem, sheet):
    """Return a problem of a row in words.

    :param job: the import (`property.import.mixin`), in the language of its reader
    :param problem: with `column`, `code` and `value`
    :param sheet: the sheet it was found in
    :return: dict with cell (column letter), column (as the sheet calls it), value, what,
        cure and text (both)
    """
    position = sheet.columns.get(problem.column)
    written = sheet.header[position] if position is not None else None
    label = str(written).strip() if written else job._column_label(problem.column)
    what, cure = job._sentence_and_cure(problem.code, label, problem.value)
    return {
        "cell": _letter(position) if position is not None else "",
        "column": label,
        "value": job._shown_value(problem.value),
        "what": what,
        "cure": cure,
        "text": job.env._("%(what)s %(cure)s", what=what, cure=cure),
    }


def _letter(index):
    """Return the letter of a spreadsheet column, 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
