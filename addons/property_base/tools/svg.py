"""Small charts as SVG text: for printed statements and for mails, without a script.

Text and numbers only go in through `_text` and `_number`, so nothing can break out of the
picture. The drawings use only what old rendering engines know.
"""

from html import escape

COLOURS = ("#2f6db3", "#e08a1e", "#3a9d6a", "#c0392b", "#7d5ba6", "#5f6b76", "#b8a039")
INK = "#333"
PALE = "#ddd"


def _number(value):
    """Return a coordinate with at most one decimal.

    >>> _number(3), _number(2.25), _number(1e-9)
    ('3', '2.2', '0')
    """
    return f"{value:.1f}".rstrip("0").rstrip(".") if round(value, 1) else "0"


def _text(x, y, content, *, anchor="start", size=11, colour=INK):
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(str(content))}</text>'
    )


def _rect(x, y, width, height, colour):
    return (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(max(width, 0))}"'
        f' height="{_number(max(height, 0))}" fill="{colour}"/>'
    )


def _frame(width, height, parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">' + "".join(parts) + "</svg>"
    )


def bars(rows, *, width=320, height=None, label=90, colour=COLOURS[0], unit=""):
    """Return horizontal bars, one for each row, with the value at its end.

    :param rows: list of (label, value, text of the value); negative values are drawn empty
    :param int label: width left for the labels
    :param str unit: appended to the text of each value

    >>> svg = bars([("A & B", 10, "10"), ("C", 5, "5")])
    >>> svg.count("<rect"), "A &amp; B" in svg
    (2, True)
    """
    step = 22
    height = height or step * len(rows) + 6
    room = width - label - 70
    highest = max((value for _label, value, _shown in rows), default=0) or 1
    parts = []
    for index, (name, value, shown) in enumerate(rows):
        y = index * step + 4
        parts += [
            _text(label - 6, y + 12, name, anchor="end"),
            _rect(label, y, room * max(value, 0) / highest, step - 8, colour),
            _text(label + room * max(value, 0) / highest + 5, y + 12, f"{shown}{unit}"),
        ]
    return _frame(width, height, parts)


def columns(labels, series, *, width=520, height=190, names=(), shown=False):
    """Return groups of columns, one group for each label, one colour for each series.

    :param list labels: what stands below the groups
    :param list series: lists of values as long as the labels
    :param names: of the series, for the legend
    :param bool shown: whether each value stands above its column; nothing above none

    >>> columns(["08", "09"], [[31, 0]], shown=True).count(">31<")
    1
    >>> svg = columns(["08", "09"], [[1, 2], [2, 1]], names=["x", "y"])
    >>> svg.count("<rect")
    6
    """
    bottom, top, left = height - 22, 24, 8
    highest = max((value for values in series for value in values), default=0) or 1
    room = (width - 2 * left) / max(len(labels), 1)
    each = room * 0.7 / max(len(series), 1)
    parts = [f'<path d="M{left} {bottom}H{width - left}" stroke="{PALE}"/>']
    x = left
    for name, colour in zip(names, COLOURS, strict=False):
        parts += [_rect(x, 4, 10, 10, colour), _text(x + 14, 13, name)]
        x += 24 + 12 * len(name)
    for index, label in enumerate(labels):
        start = left + index * room + room * 0.15
        parts.append(_text(start + room * 0.35, height - 6, label, anchor="middle"))
        for number, values in enumerate(series):
            size = (bottom - top) * max(values[index], 0) / highest
            parts.append(
                _rect(
                    start + number * each,
                    bottom - size,
                    each - 2,
                    size,
                    COLOURS[number % len(COLOURS)],
                )
            )
            if shown and values[index]:
                middle = start + (number + 0.5) * each - 1
                content = f"{values[index]:g}"
                parts.append(
                    _text(middle, bottom - size - 3, content, anchor="middle", size=9)
                )
    return _frame(width, height, parts)


def line(labels, values, *, width=520, height=150, top_value=None, unit=""):
    """Return a line through values; those that are None are left out.

    :param top_value: value of the upper edge, by default the highest value

    >>> svg = line(["1", "2", "3"], [50, None, 100], top_value=100, unit="%")
    >>> svg.count("<circle"), "100%" in svg
    (2, True)
    """
    bottom, top, left = height - 22, 22, 24
    known = [value for value in values if value is not None]
    highest = top_value or max(known, default=0) or 1
    step = (width - 2 * left) / max(len(labels) - 1, 1)
    points = [
        (left + index * step, bottom - (bottom - top) * float(value) / float(highest))
        for index, value in enumerate(values)
        if value is not None
    ]
    parts = [f'<path d="M{left} {bottom}H{width - left}" stroke="{PALE}"/>']
    parts += [
        _text(left + index * step, height - 6, label, anchor="middle")
        for index, label in enumerate(labels)
    ]
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    parts.append(
        f'<polyline points="{path}" fill="none" stroke="{COLOURS[0]}" stroke-width="2"/>'
    )
    for (x, y), value in zip(points, known, strict=True):
        parts += [
            f'<circle cx="{_number(x)}" cy="{_number(y)}" r="3" fill="{COLOURS[0]}"/>',
            _text(x, y - 7, f"{value:g}{unit}", anchor="middle", size=10),
        ]
    return _frame(width, height, parts)
