"""Two cashiers at once, over the wire: one bill is paid once, whoever comes first."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.json2 import RpcError

# What the second is told: while the first is at it, and after.
TAKEN, CHANGED = "at another counter", "was paid or changed meanwhile"


@pytest.fixture
def household(rpc):
    """A household with open bills: its unit and what the counter shows of it."""
    [move, *_others] = rpc("accountant").search_read(
        "account.move",
        [
            ("property_unit_id", "!=", False),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
        ],
        ["property_unit_id"],
    )
    unit = move["property_unit_id"][0]
    shown = rpc("cashier").call("property.counter", "load_household", unit_id=unit)
    return unit, shown


def order(rpc, shown, token=None):
    [method, *_others] = rpc("cashier").call("property.counter", "load_methods")
    bill = shown["bills"][0]
    row = {"id": bill["id"], "amount": bill["residual"], "residual": bill["residual"]}
    return {
        "token": token or uuid.uuid4().hex,
        "bills": [row],
        "amount": bill["residual"],
        "journal_id": method["id"],
        "payer_name": "某人",
    }


def take(rpc, login, unit, wanted):
    """Take the money; return the receipt, or the message of the refusal."""
    try:
        answer = rpc(login).call(
            "property.counter", "take_payment", unit_id=unit, order=wanted
        )
    except RpcError as error:
        return str(error)
    return answer["receipt_id"]


def payments(rpc, unit):
    return rpc("accountant").count("account.payment", [("property_unit_id", "=", unit)])


def test_two_cashiers_take_the_same_bill(rpc, household):
    unit, shown = household
    before = payments(rpc, unit)
    logins = ("cashier", "accountant", "manager")
    orders = {login: order(rpc, shown) for login in logins}
    with ThreadPoolExecutor(len(logins)) as pool:
        results = list(
            pool.map(lambda login: take(rpc, login, unit, orders[login]), logins)
        )
    receipts = [result for result in results if isinstance(result, int)]
    assert len(receipts) == 1, results
    assert payments(rpc, unit) == before + 1
    for refusal in set(results) - set(receipts):
        assert TAKEN in refusal or CHANGED in refusal, refusal


def test_double_click(rpc, household):
    unit, shown = household
    before = payments(rpc, unit)
    wanted = order(rpc, shown)
    with ThreadPoolExecutor(3) as pool:
        results = list(
            pool.map(lambda _click: take(rpc, "cashier", unit, wanted), range(3))
        )
    assert len({result for result in results if isinstance(result, int)}) == 1, results
    assert take(rpc, "cashier", unit, wanted) in results
    assert payments(rpc, unit) == before + 1


def test_a_bill_that_is_being_paid_is_left_alone(rpc, household, databases, server):
    """Another session holds the bill: a clear message, and nothing is booked."""
    unit, shown = household
    before = payments(rpc, unit)
    wanted = order(rpc, shown)
    with databases.cursor(server.database) as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT id FROM account_move WHERE id = %s FOR UPDATE",
            [shown["bills"][0]["id"]],
        )
        refusal = take(rpc, "cashier", unit, wanted)
        cursor.execute("ROLLBACK")
    assert TAKEN in refusal, refusal
    assert payments(rpc, unit) == before
    assert isinstance(take(rpc, "cashier", unit, wanted), int)
