"""Direct debits: the rows that go to the bank and what the bank says came of them.

The layout is generic: one row for each account, known by the headers that banks use. Nothing
here knows Odoo.
"""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.property_base.tools import normalise
from odoo.addons.property_base.tools.workbook import NoHeader

from .bank import _money, header_key

# Header of the file that goes out, in this order; the bank returns it with two columns more.
OUT = (
    ("reference", "序号"),
    ("agreement", "协议号"),
    ("holder", "户名"),
    ("account", "账号"),
    ("bank", "开户行"),
    ("amount", "金额"),
    ("purpose", "用途"),
)
IN = {
    "reference": ("序号", "编号", "流水号", "明细序号", "reference"),
    "agreement": ("协议号", "协议编号", "合同号", "签约号", "agreement"),
    "amount": ("金额", "扣款金额", "实扣金额", "交易金额", "amount"),
    "result": ("结果", "扣款结果", "处理结果", "状态", "交易状态", "result"),
    "reason": ("失败原因", "原因", "备注", "返回信息", "响应信息", "reason"),
}
PAID = ("成功", "扣款成功", "交易成功", "已扣", "success", "ok", "0000", "00", "0", "y")
FAILED = ("失败", "扣款失败", "交易失败", "未扣", "fail", "failed", "n")


@dataclass(frozen=True)
class Result:
    """What the bank says of one row.

    :ivar bool paid: whether the money came; None when result or amount is not understood
    :ivar Decimal amount: None when the file does not say
    """

    number: int
    reference: str
    agreement: str
    amount: Decimal
    paid: bool
    said: str
    reason: str


def read_results(rows):
    """Read the bank's result file.

    :param rows: list of lists of cells
    :return: list of `Result`
    :raises NoHeader: when no row is a header

    >>> header = ['序号', '协议号', '金额', '扣款结果', '失败原因']
    >>> paid, failed = read_results(
    ...     [header, ['1', 'A', '5.00', '成功', ''], ['2', 'B', '7', '失败', '余额不足']])
    >>> paid.paid, failed.paid, failed.reason
    (True, False, '余额不足')
    """
    index, columns = _find_header(rows)
    results = []
    for number, cells in enumerate(rows[index + 1 :], index + 2):
        said = {
            name: normalise.text(cells[position]) if position < len(cells) else ""
            for name, position in columns.items()
        }
        if not said["result"]:
            continue
        word = said["result"].lower()
        paid = True if word in PAID else False if word in FAILED else None
        try:
            amount = _money(said.get("amount"))
        except ValueError:
            # Nobody knows what came; the row is told, not booked.
            amount, paid = None, None
        results.append(
            Result(
                number,
                said.get("reference", ""),
                said.get("agreement", ""),
                amount,
                paid,
                said["result"] if paid is not None else _unknown(said, word),
                said.get("reason", ""),
            )
        )
    return results


def _unknown(said, word):
    """Return what of a row is not understood."""
    return said["amount"] if word in PAID + FAILED else said["result"]


def _find_header(rows, depth=20):
    best = {}
    place = 0
    for index, row in enumerate(rows[:depth]):
        columns = {}
        for position, cell in enumerate(row):
            key = header_key(cell)
            for name, names in IN.items():
                if key in names and name not in columns:
                    columns[name] = position
        if len(columns) > len(best):
            best, place = columns, index
    missing = [] if "result" in best else ["result"]
    if not {"reference", "agreement"} & best.keys():
        missing.append("reference")
    if missing:
        raise NoHeader(missing)
    return place, best


def write_csv(rows):
    """Return the bytes of the file for the bank, in the encoding that banks read.

    A text that a spreadsheet would take for a formula gets a quote before it.

    >>> write_csv([["1", "=x", 5.0]]).decode("gb18030").splitlines()[1]
    "1,'=x,5.0"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([title for _name, title in OUT])
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("gb18030")


def _safe(cell):
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell
