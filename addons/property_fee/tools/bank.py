"""Read the account export of a bank: find its header, read its rows, know a row again.

Banks differ in what stands above the table, in the names of the columns, in how amounts and
days are written. Nothing here knows Odoo.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from odoo.addons.property_base.tools import normalise
from odoo.addons.property_base.tools.workbook import NoHeader

# What banks write above a column; compared after `header_key`.
HEADERS = {
    "date": (
        "交易日期",
        "交易日",
        "日期",
        "记账日期",
        "入账日期",
        "交易时间戳",
        "date",
    ),
    "time": ("交易时间", "时间", "time"),
    "income": (
        "收入金额",
        "收入",
        "贷方发生额",
        "贷方金额",
        "贷方",
        "存入金额",
        "转入金额",
        "credit",
    ),
    "expense": (
        "支出金额",
        "支出",
        "借方发生额",
        "借方金额",
        "借方",
        "支取金额",
        "转出金额",
        "debit",
    ),
    "amount": ("交易金额", "发生额", "金额", "amount"),
    "direction": ("借贷标志", "借贷方向", "借贷", "收支", "收/支", "借/贷", "收付标志"),
    "balance": ("账户余额", "余额", "当前余额", "本次余额", "balance"),
    "name": (
        "对方户名",
        "对方账户名称",
        "对方名称",
        "付款人",
        "付款人名称",
        "交易对方",
        "对手户名",
        "payer",
    ),
    "account": (
        "对方账号",
        "对方账户",
        "对手账号",
        "付款人账号",
        "对方卡号",
        "payeraccount",
    ),
    "summary": ("摘要", "交易摘要", "交易类型", "业务类型", "summary"),
    "memo": ("附言", "用途", "备注", "留言", "转账附言", "交易附言", "memo"),
    "serial": (
        "流水号",
        "交易流水号",
        "交易流水",
        "凭证号",
        "核心流水号",
        "serialno",
    ),
}
COLUMNS = tuple(HEADERS)
INCOMING = ("贷", "收", "收入", "入", "贷方", "c", "cr", "+")
OUTGOING = ("借", "支", "支出", "出", "付", "借方", "d", "dr", "-")
TOTALS = ("合计", "总计", "小计", "共计", "total")


@dataclass
class BankRow:
    """One line of an account.

    :ivar int number: row of the file, 1 is the first
    :ivar Decimal amount: what came in, negative for what went out
    :ivar Decimal balance: what was in the account afterwards, None when the file does not say
    :ivar str problem: code of what is wrong, "" for a good row; `value` is the cell
    """

    number: int
    date: date = None
    time: str = ""
    amount: Decimal = None
    balance: Decimal = None
    name: str = ""
    account: str = ""
    summary: str = ""
    memo: str = ""
    serial: str = ""
    problem: str = ""
    value: str = ""
    fingerprint: str = ""


@dataclass
class Export:
    """An account export as read."""

    header_row: int
    columns: dict
    rows: list = field(default_factory=list)


def header_key(cell):
    """Return a header without what does not tell it apart.

    >>> header_key('交易日期(YYYYMMDD)'), header_key(' 账户余额:元 ')
    ('交易日期', '账户余额元')
    """
    key = re.sub(r"[((\[].*?[))\]]", "", normalise.text(cell))
    return re.sub(r"[\s*:_-]", "", key).lower()


def known_header(cell):
    """Return the column that a header means at every bank, or None.

    >>> known_header('贷方发生额(元)'), known_header('网点')
    ('income', None)
    """
    key = header_key(cell)
    return next((column for column, names in HEADERS.items() if key in names), None)


def guess_header(rows, mapping=None, depth=40):
    """Find the row that is most like the header of an account export.

    :param dict mapping: further headers, {header as written: column, or False for none}
    :return: (index of the row, {column: index of the cell})

    >>> guess_header([['账号:62'], ['日期', '收入', '余额']])
    (1, {'date': 0, 'income': 1, 'balance': 2})
    """
    known = {name: column for column, names in HEADERS.items() for name in names}
    known.update({header_key(name): column for name, column in (mapping or {}).items()})
    best = (0, {})
    for index, row in enumerate(rows[:depth]):
        columns = {}
        for position, cell in enumerate(row):
            column = known.get(header_key(cell))
            if column and column not in columns:
                columns[column] = position
        if len(columns) > len(best[1]):
            best = (index, columns)
    return best


def read_export(rows, mapping=None):
    """Read the rows of an account export.

    Blank rows and totals are left out. Rows that cannot be read keep a problem.

    :param rows: list of lists of cells
    :param dict mapping: see `guess_header`
    :rtype: Export
    :raises NoHeader: when date or amounts have no column
    """
    index, columns = guess_header(rows, mapping)
    missing = [] if "date" in columns else ["date"]
    if not {"income", "expense", "amount"} & columns.keys():
        missing.append("amount")
    if missing:
        raise NoHeader(missing)
    export = Export(index + 1, columns)
    for number, cells in enumerate(rows[index + 1 :], index + 2):
        raw = {
            column: cells[position] if position < len(cells) else None
            for column, position in columns.items()
        }
        texts = [normalise.text(value) for value in raw.values()]
        filled = [text for text in texts if text]
        if not filled or filled[0].rstrip(":").lower().startswith(TOTALS):
            continue
        export.rows.append(read_row(number, raw))
    _add_fingerprints(export.rows)
    return export


def read_row(number, raw):
    """Read one row.

    :param dict raw: cells by column of `HEADERS`
    :rtype: BankRow

    >>> row = read_row(4, {'date': '20261001', 'income': '3,540.60', 'balance': '9,000'})
    >>> row.date, row.amount, row.problem
    (datetime.date(2026, 10, 1), Decimal('3540.60'), '')
    >>> read_row(4, {'date': '20261001', 'income': 'x'}).problem
    'not_a_number'
    >>> read_row(4, {'date': '1.10.', 'income': '1'}).problem
    'no_date'
    """
    row = BankRow(number)
    for name in ("name", "account", "summary", "memo", "serial"):
        setattr(row, name, re.sub(r"\s+", " ", normalise.text(raw.get(name))))
    try:
        stamp = raw.get("date")
        row.time = _clock(raw.get("time")) or _clock(stamp)
        row.value = normalise.text(stamp)
        row.date = normalise.day(
            stamp if isinstance(stamp, (date, datetime)) else row.value.split(" ")[0]
        )
        if not row.date:
            raise ValueError("no_date")
        row.amount = _signed(row, raw)
        row.value = normalise.text(raw.get("balance"))
        row.balance = _money(raw.get("balance"))
        row.value = ""
    except ValueError as error:
        row.problem = str(error)
    return row


def _signed(row, raw):
    """Return what came in, negative for what went out."""
    row.value = normalise.text(raw.get("income")) or normalise.text(raw.get("expense"))
    income, expense = (_money(raw.get(name)) or 0 for name in ("income", "expense"))
    if income or expense:
        return income - expense
    row.value = normalise.text(raw.get("amount"))
    amount = _money(raw.get("amount"))
    if not amount:
        raise ValueError("no_amount")
    said = normalise.text(raw.get("direction")).lower()
    if said in OUTGOING:
        return -abs(amount)
    if said in INCOMING:
        return abs(amount)
    if said:
        row.value = said
        raise ValueError("direction")
    return amount


def _money(cell):
    """Return an amount, None for an empty cell.

    >>> _money('1,078.28'), _money('￥-3.5'), _money('--'), _money(0.1 + 0.2)
    (Decimal('1078.28'), Decimal('-3.50'), None, Decimal('0.30'))
    >>> _money('12.345')
    Traceback (most recent call last):
    ValueError: not_a_number
    """
    clean = re.sub(r"[,\s¥￥元]|CNY|RMB", "", normalise.text(cell))
    if clean in ("", "-", "--"):
        return None
    try:
        number = Decimal(clean)
    except InvalidOperation:
        raise ValueError("not_a_number") from None
    if not number.is_finite() or abs(number) >= 10**12:
        raise ValueError("not_a_number")
    rounded = number.quantize(Decimal("0.01"))
    # Spreadsheets store binary fractions; a third decimal is something else.
    if abs(number - rounded) > Decimal("0.0001"):
        raise ValueError("not_a_number")
    return rounded


def _clock(cell):
    """Return the time of day that a cell holds, else ""."""
    if isinstance(cell, datetime):
        return f"{cell:%H:%M:%S}" if cell.time() != datetime.min.time() else ""
    clean = normalise.text(cell)
    if match := re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", clean):
        hour, minute, second = match.groups(default="00")
        return f"{int(hour):02d}:{minute}:{second}"
    return (
        f"{clean[:2]}:{clean[2:4]}:{clean[4:]}" if re.fullmatch(r"\d{6}", clean) else ""
    )


def _add_fingerprints(rows):
    """Give each row what tells it from every other line of the account.

    The running balance, or the bank's serial number, tells two equal payments apart and a
    repeated line not. Where the file has neither, equal lines are counted.

    >>> cells = {'date': '20261001', 'income': '5', 'balance': '105', 'memo': 'a'}
    >>> rows = [read_row(1, cells), read_row(2, {**cells, 'balance': '110'}), read_row(3, cells)]
    >>> _add_fingerprints(rows)
    >>> rows[0].fingerprint == rows[2].fingerprint, rows[0].fingerprint == rows[1].fingerprint
    (True, False)
    """
    seen = Counter()
    for row in rows:
        if row.problem:
            continue
        parts = [row.date.isoformat(), row.time, f"{row.amount:.2f}"]
        parts += [
            _fold(text) for text in (row.name, row.account, row.summary, row.memo)
        ]
        if row.serial or row.balance is not None:
            parts += [row.serial, f"{row.balance}"]
        else:
            key = tuple(parts)
            seen[key] += 1
            parts.append(f"#{seen[key]}")
        text = "\x1f".join(parts)
        row.fingerprint = hashlib.sha256(text.encode()).hexdigest()[:40]


def _fold(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
