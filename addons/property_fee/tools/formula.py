"""Formulas that an accountant writes: checked, run, and run again to prove a bill.

A formula is one Python expression over named numbers, evaluated by Odoo's `safe_eval`:

>>> evaluate("area * price + spaces * 10", {"area": 89.5, "price": 2.5, "spaces": 1})
Fraction(935, 4)
"""

import ast
import math
from fractions import Fraction

from odoo.tools.safe_eval import safe_eval

FUNCTIONS = {"ceil": math.ceil, "trunc": math.trunc}
BUILTINS = ("abs", "max", "min", "round")
# What arithmetic and conditions need; no powers, whose results may fill the memory, no
# attributes, no loops.
NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Call, ast.Tuple, ast.IfExp),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.UnaryOp, ast.UAdd, ast.USub, ast.Not, ast.BoolOp, ast.And, ast.Or),
    *(ast.Compare, ast.cmpop),
)
MAX_LENGTH = 500
# Binary noise of a computation lies far below, prices and areas above.
DIGITS = 9
# How the signs of a formula are written on paper.
SIGNS = (
    (" * ", " × "),
    (" / ", " ÷ "),
    (" <= ", " ≤ "),
    (" >= ", " ≥ "),
    (" == ", " = "),
)
# More than this is a slip, and would not fit into an amount.
LARGEST = 10**10


class FormulaError(Exception):
    """A formula cannot be used.

    :ivar str problem: `length`, `syntax`, `name`, `number` (the result is none),
        `negative`, `large`, `division` or `other`
    :ivar str detail: name or text that tells more
    """

    def __init__(self, problem, detail=""):
        super().__init__(problem, detail)
        self.problem = problem
        self.detail = detail


def names_of(formula):
    """Return the names that a formula uses, sorted.

    :raises FormulaError: the formula is no expression

    >>> names_of("max(area, 50) * price")
    ['area', 'max', 'price']
    """
    if len(formula) > MAX_LENGTH:
        raise FormulaError("length", str(MAX_LENGTH))
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise FormulaError("syntax", getattr(error, "msg", str(error))) from error
    for node in ast.walk(tree):
        if not isinstance(node, NODES):
            raise FormulaError("syntax", type(node).__name__)
    return sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})


def check_names(formula, known):
    """Refuse a formula that uses a name nobody knows.

    :param known: names of the variables
    :raises FormulaError: the formula is no expression, or uses another name

    >>> check_names("area * 2", ["area"])
    >>> try:
    ...     check_names("aera * 2", ["area"])
    ... except FormulaError as error:
    ...     print(error.problem, error.detail)
    name aera
    """
    for name in names_of(formula):
        if name not in known and name not in FUNCTIONS and name not in BUILTINS:
            raise FormulaError("name", name)


def spoken(formula, labels, choose="%(then)s if %(test)s else %(otherwise)s"):
    """Return a formula as a household reads it.

    :param dict labels: names and functions -> what people call them
    :param str choose: how a choice is said

    >>> spoken("0 if floor <= 1 else 12 + (floor - 2) * 1.5", {"floor": "storey"})
    '0 if storey ≤ 1 else 12 + (storey - 2) × 1.5'
    """
    try:
        root = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return formula
    for node in ast.walk(root):
        if isinstance(node, ast.Name):
            node.id = labels.get(node.id, node.id)
    return _spoken(root, choose)


def _spoken(node, choose):
    if isinstance(node, ast.IfExp):
        return choose % {
            "test": _spoken(node.test, choose),
            "then": _spoken(node.body, choose),
            "otherwise": _spoken(node.orelse, choose),
        }
    text = ast.unparse(node)
    for sign, written in SIGNS:
        text = text.replace(sign, written)
    return text


def evaluate(formula, variables):
    """Return the value of a formula as an exact number.

    :param str formula: expression
    :param dict variables: name -> number or text
    :rtype: Fraction
    :raises FormulaError: it fails, or gives no amount

    >>> evaluate("0.1 + 0.2", {})
    Fraction(3, 10)
    """
    try:
        value = safe_eval(formula.strip(), {**FUNCTIONS, **variables})
    except ZeroDivisionError as error:
        raise FormulaError("division") from error
    except SyntaxError as error:
        raise FormulaError("syntax", error.msg) from error
    except Exception as error:  # whatever an accountant can write
        raise FormulaError("other", str(error).partition("\n")[0]) from error
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError("number", repr(value)[:40])
    if not math.isfinite(value):
        raise FormulaError("number", str(value))
    if abs(value) >= LARGEST:
        raise FormulaError("large", f"{value:.3g}")
    if value < 0:
        raise FormulaError("negative", f"{value:g}")
    return Fraction(f"{value:.{DIGITS}f}")
