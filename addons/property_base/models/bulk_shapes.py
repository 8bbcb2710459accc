"""What a plain new record of a model looks like, for `bulk_writer`.

The functions of the stored computed fields are those that their compute methods call; a
test compares the rows with those of ``create``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..tools import caller, identity
from .property_unit import unit_sequence


@dataclass(frozen=True)
class Shape:
    """A model as it is created in bulk.

    :ivar frozenset given: fields that values may be given for; all others are alike
    :ivar dict derived: stored computed fields that follow from them, each with a function
        of the `BulkWriter` and the values of the record, its id and earlier ones included
    :ivar frozenset unaffected: stored fields that depend on a varying one by declaration,
        but not for a record that is new
    """

    given: frozenset
    derived: dict[str, Callable] = field(default_factory=dict)
    unaffected: frozenset = frozenset()


def _community(writer, _values):
    return writer.community_id


def _company(writer, _values):
    return writer.company_id


# === PARTNER === #


def _phone_sanitized(writer, values):
    Partner = writer.env["res.partner"]
    numbers = (values.get(name) for name in Partner._phone_get_number_fields())
    formatted = (Partner._phone_format(number=number) for number in numbers if number)
    return next(filter(None, formatted), False)


def _suspicious(_writer, values):
    numbers = (values["phone"], values["phone2"], values["identity_number"])
    return bool(identity.number_problems(*numbers))


PARTNER = Shape(
    given=frozenset({"name", "phone", "phone2", "identity_number", "comment", "lang"}),
    derived={
        "complete_name": lambda _writer, values: (values["name"] or "").strip(),
        # of a person without a company
        "commercial_partner_id": lambda _writer, values: values["id"],
        "commercial_company_name": lambda _writer, _values: False,
        "phone_sanitized": _phone_sanitized,
        "birthdate": lambda _writer, values: identity.birthdate(
            values["identity_number"]
        ),
        "suspicious_number": _suspicious,
        "caller_key": lambda _writer, values: caller.person_key(
            values["name"], values["phone"], values["phone2"]
        ),
    },
    # of bills, which a person who is new does not have
    unaffected=frozenset({"account.move.invoice_partner_display_name"}),
)

# === UNIT === #


def _code(writer, values):
    (building, entrance), _codes, _sequences = _place(writer, values)
    return writer.env["property.unit"]._build_code(building, entrance, values["name"])


def _sequence(writer, values):
    _records, _codes, sequences = _place(writer, values)
    return unit_sequence(*sequences, values["name"])


def _caller_room(writer, values):
    _records, codes, _sequences = _place(writer, values)
    return caller.room_key(values["name"], *codes)


def _place(writer, values):
    return writer.place(values["building_id"], values["entrance_id"])


UNIT = Shape(
    given=frozenset(
        {
            "community_id",
            "building_id",
            "entrance_id",
            "name",
            "unit_type",
            "floor",
            "gross_area",
            "inner_area",
            "handover_date",
            "renovation_start",
            "note",
        }
    ),
    derived={
        "company_id": _company,
        "code": _code,
        "sequence": _sequence,
        "caller_code": lambda _writer, values: caller.code_key(values["code"]),
        "caller_room": _caller_room,
    },
)

# === OCCUPANCY, RESULT OF A ROW === #

OCCUPANCY = Shape(
    given=frozenset(
        {"unit_id", "partner_id", "role", "share", "date_start", "is_resident"}
    ),
    derived={"community_id": _community, "company_id": _company},
)

IMPORT_LINE = Shape(
    given=frozenset(
        {
            "import_id",
            "row",
            "unit_id",
            "unit_code",
            "outcome",
            "has_warning",
            "message",
            "problems",
        }
    ),
    derived={"community_id": _community, "company_id": _company},
)

SHAPES = {
    "res.partner": PARTNER,
    "property.unit": UNIT,
    "property.occupancy": OCCUPANCY,
    "property.roster.import.line": IMPORT_LINE,
}
