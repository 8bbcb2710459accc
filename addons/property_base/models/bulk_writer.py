"""Create many plain records at once, yielding row by row what ``create`` yields.

One record is made by ``create`` and taken back: its row is the pattern. All others are the
pattern with the columns that differ, inserted by one statement. What differs is written down
in a shape (`bulk_shapes`): the values that may be given, and how the stored computed fields
follow from them. Whether the installed modules leave it at that is looked up in the
registry: where they do not, `BulkWriter.create_records` is the ordinary ``create``.
"""

from odoo.tools import SQL

from .bulk_insert import (
    converter,
    find_meddlers,
    insert_rows,
    module_of,
    take_ids,
)
from .bulk_shapes import SHAPES

# Without these in the context, `mail.thread` writes messages and followers of its own.
QUIET = ("tracking_disable", "mail_create_nolog", "mail_create_nosubscribe")
# The modules of whose code the shapes know what it does when a record is created.
KNOWN_MODULES = frozenset(
    {"base", "mail", "phone_validation", "account", "property_base", "orm"}
)
MIN_ROWS = 2  # the pattern costs a creation itself
MIN_ANALYSED = 200


class BulkWriter:
    """Creates records of one community.

    The pattern of a model is kept: a writer serves one user, one company and one context.

    :param community: property.community of all records, in the environment to write with
    """

    def __init__(self, community):
        self.community = community
        self.env = community.env
        self.community_id = community.id
        self.company_id = community.company_id.id
        self._patterns = {}
        self._strangers = {}
        self._grown = {}
        self._places = {}

    def create_records(self, model, vals_list):
        """Create records, as ``env[model].create(vals_list)`` does.

        :param str model: name of the model
        :param list vals_list: values by field, as for ``create``
        :return: the records, in the order of the values
        :raises psycopg2.IntegrityError: when a constraint of the database is violated
        """
        records = self.env[model]
        if len(vals_list) < MIN_ROWS or not self._knows(records, vals_list):
            return records.create(vals_list)
        shape = SHAPES[model]
        pattern = self._pattern(records, vals_list[0])
        ids = take_ids(records, len(vals_list))
        self._places.clear()
        rows = self._rows(records, shape, vals_list, ids)
        self.env.flush_all()
        insert_rows(records, pattern, rows)
        self._grown[model] = self._grown.get(model, 0) + len(ids)
        # what is in the cache of other records does not know the new ones
        self.env.invalidate_all()
        return records.browse(ids)

    def analyse(self):
        """Let the database look again at tables that have doubled; to be called between chunks.

        Foreign keys are checked by plans that a session keeps: made while a table was all
        but empty, they read all of it, for each row that refers to it.
        """
        for model in sorted(self._grown):
            table = self.env[model]._table
            [[known]] = self.env.execute_query(
                SQL("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", table)
            )
            if self._grown[model] >= max(known, MIN_ANALYSED):
                self.env.execute_query(SQL("ANALYZE %s", SQL.identifier(table)))
                self._grown[model] = 0

    # === WHAT IS KNOWN === #

    def _knows(self, records, vals_list):
        """Return whether the shape of the model tells all that these values lead to."""
        shape = SHAPES.get(records._name)
        if shape is None or not all(map(self.env.context.get, QUIET)):
            return False
        if any(vals.keys() - shape.given for vals in vals_list):
            return False
        if records._name not in self._strangers:
            self._strangers[records._name] = strangers(records)
        return not self._strangers[records._name]

    # === ROWS === #

    def _pattern(self, records, vals):
        """Return the row of a record that ``create`` makes, as JSON."""
        if records._name not in self._patterns:
            savepoint = self.env.cr.savepoint()
            try:
                record = records.create(vals)
                self.env.flush_all()
                [[row]] = self.env.execute_query(
                    SQL(
                        "SELECT to_json(pattern)::text FROM %s pattern WHERE id = %s",
                        SQL.identifier(records._table),
                        record.id,
                    )
                )
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
            self._patterns[records._name] = row
        return self._patterns[records._name]

    def _rows(self, records, shape, vals_list, ids):
        """Return the columns of each record that are not those of the pattern."""
        now = self.env.cr.now().isoformat()
        nothing = dict.fromkeys(shape.given, False)
        defaults = records.default_get(list(shape.given))
        given = [(name, converter(records, name)) for name in shape.given]
        derived = [
            (name, follow, converter(records, name))
            for name, follow in shape.derived.items()
            if name in records._fields
        ]
        rows = []
        for record_id, vals in zip(ids, vals_list, strict=True):
            stated = {**defaults, **vals}
            full = {**nothing, **stated, "id": record_id}
            row = {"id": record_id, "create_date": now, "write_date": now}
            for name, convert in given:
                # what is not stated is NULL, which a False would not be everywhere
                row[name] = convert(stated[name]) if name in stated else None
            for name, follow, convert in derived:
                full[name] = value = follow(self, full)
                row[name] = convert(value)
            rows.append(row)
        return rows

    def place(self, building_id, entrance_id):
        """Return a building and an entrance and what units take over from them.

        :return: tuple of the two records, their codes, their sequences
        """
        key = building_id, entrance_id
        if key not in self._places:
            building = self.env["property.building"].browse(building_id or ())
            entrance = self.env["property.entrance"].browse(entrance_id or ())
            self._places[key] = (
                (building, entrance),
                (building.code, entrance.code),
                (building.sequence, entrance.sequence),
            )
        return self._places[key]


def strangers(records):
    """Return what the installed modules do on creation that the shape does not know of.

    :param records: a model that has a shape
    :return: list of str; empty: the shape tells all
    """
    shape = SHAPES[records._name]
    cls = type(records)
    found = find_meddlers(records, KNOWN_MODULES)
    varying = shape.given | shape.derived.keys()
    found += [
        f"{method.__name__} in {module_of(method)}"
        for method in records._constraint_methods
        if module_of(method) not in KNOWN_MODULES and varying & set(method._constrains)
    ]
    found += [
        f"{name} computed in {module}"
        for name in shape.derived.keys() & records._fields.keys()
        for module in _compute_modules(cls, records._fields[name])
        if module not in KNOWN_MODULES
    ]
    found += [
        f"default of {field.name}"
        for field in records._fields.values()
        if field.default
        and field.store
        and field.name not in varying
        and not KNOWN_MODULES.issuperset(field._modules)
    ]
    for name in sorted(varying):
        if name in records._fields:
            found += _unknown_dependents(records, shape, records._fields[name])
    return found


def _unknown_dependents(records, shape, source):
    """Return the stored fields that follow from a varying one and are not in the shape.

    Fields of other records count when a new record can be one that they look at: it is
    reached through a list of theirs, not through a reference to it that nobody has yet.
    """
    tree = records.env.registry.get_field_trigger_tree(source)
    names = [field for field in tree.root if field.store and field.column_type]
    for edge, branch in tree.items():
        if edge.type != "many2one" or edge.model_name == records._name:
            names += [
                field
                for node in branch.depth_first()
                for field in node.root
                if field.store and field.column_type
            ]
    return [
        f"{field} follows from {source.name}"
        for field in names
        if not (field.model_name == records._name and field.name in shape.derived)
        and str(field) not in shape.unaffected
    ]


def _compute_modules(cls, field):
    """Return the modules that have a say in the computation of a field."""
    if not isinstance(field.compute, str):
        return set()  # a related field; the shape follows the same path
    return {
        module_of(klass.__dict__[field.compute])
        for klass in cls.mro()
        if field.compute in klass.__dict__
    }
