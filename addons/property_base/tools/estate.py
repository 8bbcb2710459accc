"""Invent an estate: rows of a roster for as many units as wanted, the same for the same seed.

The people are synthetic: their identity numbers begin with the region 990000, which no
identity card carries.
"""

import random
from datetime import date, timedelta

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红梅建国志文斌婷欣怡雨桐子涵梓轩浩宇思远"
AREAS = (78.36, 89.50, 94.56, 118.02, 127.90, 143.77)
INNER_RATIO = 0.78
# Share of homes in each state, in percent, as in an estate some years old.
HOME_STATES = (
    ("已入住", 66),
    ("已出租", 12),
    ("已交房未入住", 9),
    ("装修中", 5),
    ("已售未交", 4),
    ("未售", 4),
)
SHOP_STATES = (("已入住", 45), ("已出租", 45), ("已交房未入住", 10))


def identity_number(born, serial):
    """Return an identity number with its check digit (GB 11643).

    >>> identity_number(date(1972, 9, 10), 598)
    '990000197209105980'
    """
    body = f"990000{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        int(digit) * weight for digit, weight in zip(body, weights, strict=True)
    )
    return body + "10X98765432"[total % 11]


class _People:
    """Draws people; no phone number and no identity number twice."""

    def __init__(self, rng):
        self.rng = rng
        self.phones = set()
        self.identities = set()

    def phone(self):
        while True:
            number = f"1{self.rng.choice('35789')}{self.rng.randrange(10**9):09d}"
            if number not in self.phones:
                self.phones.add(number)
                return number

    def person(self):
        name = self.rng.choice(SURNAMES) + "".join(
            self.rng.sample(GIVEN, self.rng.choice((1, 2, 2)))
        )
        while True:
            born = date(1948, 1, 1) + timedelta(days=self.rng.randrange(20000))
            identity = identity_number(born, self.rng.randrange(1, 1000))
            if identity not in self.identities:
                self.identities.add(identity)
                return {"name": name, "phone": self.phone(), "identity": identity}


def roster_rows(
    homes, shops, parking, *, seed, delivered, entrances=2, floors=6, per_floor=2
):
    """Return the rows of a roster as dicts of cells by column name of `tools.roster`.

    :param int homes, shops, parking: how many units of each
    :param int seed: the same seed gives the same estate
    :param date delivered: day from which homes were delivered
    :param int entrances, floors, per_floor: how a residential building is laid out

    >>> rows = roster_rows(24, 2, 3, seed=1, delivered=date(2022, 6, 1))
    >>> len(rows), rows[0]['building'], rows[0]['room'], rows[-1]['room']
    (29, '1', '101', 'P003')
    """
    rng = random.Random(seed)
    people = _People(rng)
    rows = []
    per_building = entrances * floors * per_floor
    for index in range(homes):
        building, rest = divmod(index, per_building)
        entrance, rest = divmod(rest, floors * per_floor)
        storey, door = divmod(rest, per_floor)
        area = rng.choice(AREAS)
        rows.append(
            {
                "building": str(building + 1),
                "entrance": str(entrance + 1),
                "room": f"{storey + 1}{door + 1:02d}",
                "floor": storey + 1,
                "total_floors": floors,
                "has_lift": "有" if floors > 7 else "无",
                "unit_type": "住宅",
                "gross_area": area,
                "inner_area": round(area * INNER_RATIO, 2),
                **_household(rng, people, HOME_STATES, delivered),
            }
        )
    owners = [row for row in rows if row["owner"]]
    for index in range(shops):
        rows.append(
            {
                "building": "商铺",
                "room": f"S{index + 1:02d}",
                "floor": 1,
                "total_floors": 2,
                "unit_type": "商铺",
                "gross_area": round(rng.uniform(45, 160), 2),
                **_household(rng, people, SHOP_STATES, delivered),
            }
        )
    for index in range(parking):
        owner = (
            rng.choice(owners)
            if owners
            else _household(rng, people, SHOP_STATES, delivered)
        )
        rows.append(
            {
                "building": "地库",
                "room": f"P{index + 1:03d}",
                "floor": -1,
                "unit_type": "车位",
                "gross_area": 12.5,
                "owner": owner["owner"],
                "identity_number": owner["identity_number"],
                "phone": owner["phone"],
                "handover_date": owner["handover_date"] or delivered,
            }
        )
    return rows


def _household(rng, people, states, delivered):
    status = rng.choices(
        [name for name, _weight in states], [weight for _name, weight in states]
    )[0]
    row = {
        "status": status,
        "owner": "",
        "identity_number": "",
        "phone": "",
        "handover_date": None,
    }
    if status == "未售":
        return row
    owner = people.person()
    row.update(
        owner=owner["name"], identity_number=owner["identity"], phone=owner["phone"]
    )
    if rng.random() < 0.7:
        row["phone2"] = people.phone()
    if rng.random() < 0.12:
        row.update(owner=f"{owner['name']}、{people.person()['name']}", share="各50%")
    if status != "已售未交":
        row["handover_date"] = delivered + timedelta(days=rng.randrange(300))
    if status == "已出租":
        tenant = people.person()
        row.update(tenant=tenant["name"], tenant_phone=tenant["phone"])
    return row
