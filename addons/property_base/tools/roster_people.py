"""Who the rows of a roster name, and how the same person is known again."""


def people_of(row, start):
    """Return the owners and tenants that a row names.

    Phones of a single owner are all his; those of several go to one each, in order. The
    identity number is the first owner's.

    :param row: `tools.roster.RosterRow`
    :param date start: day from which they are known to be there
    :return: list of dicts: column (owner, tenant), name, phone, phone2, more_phones,
        identity_number, role, share, date_start, is_resident (None: the row does not say)

    >>> from datetime import date
    >>> from .roster import read_row
    >>> row = read_row(2, {'building': 1, 'room': 101, 'unit_type': '住宅', 'owner': '张三、李四',
    ...                    'phone': '13912345678/13987654321', 'status': '已入住'})
    >>> [(person['name'], person['phone'], person['role'], person['share'])
    ...  for person in people_of(row, date(2022, 6, 1))]
    [('张三', '13912345678', 'owner', 50.0), ('李四', '13987654321', 'co_owner', 50.0)]
    """
    return [*_owners(row.values, start), *_tenants(row.values, start)]


def person_key(person, place):
    """Return what tells people apart who are not on file yet.

    :param dict person: from `people_of`
    :param place: tells those apart of whom only the name is known
    """
    number = person["identity_number"] or person["phone"]
    return person["name"], number or f"place {place}"


def _owners(values, start):
    owners = values["owner"]
    numbers = list(dict.fromkeys([*values["phone"], *values["phone2"]]))
    for index, (name, share) in enumerate(zip(owners, values["share"], strict=True)):
        yield {
            "column": "owner",
            "name": name,
            "role": "owner" if index == 0 else "co_owner",
            "share": float(share),
            "identity_number": values["identity_number"] if index == 0 else "",
            "date_start": start,
            "is_resident": values["status"] and values["status"] == "occupied",
            **_phones(numbers, index, len(owners)),
        }


def _tenants(values, start):
    tenants = values["tenant"]
    for index, name in enumerate(tenants):
        yield {
            "column": "tenant",
            "name": name,
            "role": "shop_operator" if values["unit_type"] == "shop" else "tenant",
            "share": 0.0,
            "identity_number": "",
            "date_start": start,
            "is_resident": True,
            **_phones(values["tenant_phone"], index, len(tenants)),
        }


def _phones(numbers, index, count):
    mine = numbers if count == 1 else numbers[index : index + 1]
    return {
        "phone": mine[0] if mine else "",
        "phone2": mine[1] if len(mine) > 1 else "",
        "more_phones": " / ".join(mine[2:]),
    }
