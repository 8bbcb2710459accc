"""Fills a database with tickets of years: a few made by the suite, copied by the database.

Copies keep what belongs to a ticket: promises, waits, visits, messages, followers. Columns
are asked of the database, so that fields that come later are copied too.
"""

from datetime import timedelta

from bench.rows.ticket_create import create_crew, create_homes

OPEN = 4  # of the models, as one ticket in ten is open
MODELS = 40
YEARS = 3
TICKETS_PER_UNIT = 10
# Table, column that names the ticket, columns that say whose rows are meant.
DEPENDENTS = (
    ("property_ticket_sla", "ticket_id", ""),
    ("property_ticket_pause", "ticket_id", ""),
    ("property_work_order", "ticket_id", ""),
    ("mail_message", "res_id", "t.model = 'property.ticket'"),
    ("mail_followers", "res_id", "t.res_model = 'property.ticket'"),
)
PLACE = {
    "unit_id": "u.id",
    "building_id": "u.building_id",
    "partner_id": "u.partner_id",
}


def fill(env, count):
    """Fill the database.

    :param int count: number of tickets
    :return: dict of what pages need to find something
    """
    units = create_homes(env, max(count // TICKETS_PER_UNIT, MODELS))
    crew = create_crew(env)
    models = _create_models(env, units, crew)
    env.flush_all()
    Filler(env, units, models, count).fill()
    env.invalidate_all()
    return {
        "community": units.community_id.id,
        "units": units[:MODELS].ids,
        "crew": crew.ids,
    }


def _create_models(env, units, crew):
    """Create the tickets that are copied: one in ten open, the others of all ends."""
    problems = env["property.ticket.category"].search([("parent_id", "!=", False)])
    now = env["property.ticket"].default_get(["reported_at"])["reported_at"]
    start = now - timedelta(hours=8)
    tickets = env["property.ticket"].create(
        [
            {
                "unit_id": units[number].id,
                "category_id": problems[number % len(problems)].id,
                "subject": f"{problems[number % len(problems)].name} {number}",
                "description": "As the caller said it, in some words.",
                "reported_at": start,
            }
            for number in range(MODELS)
        ]
    )
    tickets[1:].filtered(lambda ticket: ticket.state == "new").action_accept()
    orders = tickets[2:]._ensure_orders()
    orders.filtered(lambda order: order.state == "open")._give(
        {
            order: crew[number % len(crew)]
            for number, order in enumerate(orders)
            if order.state == "open"
        }
    )
    tickets[3:].write({"state": "in_progress"})
    tickets[3].write({"state": "waiting", "waiting_reason": "owner"})
    ended = tickets[OPEN:]
    ended.order_ids.write({"result": "Washer replaced"})
    for order in ended.order_ids:
        order.write({"state": "accepted"})
        order.write({"state": "arrived"})
        order.action_done()
    ended[:-3].write({"is_justified": "no", "justified_reason": "Could not be helped"})
    ended[:-3].write({"state": "closed"})
    return tickets


class Filler:
    """Copies model tickets until there are enough.

    :param units: property.unit over which the copies are spread
    :param models: property.ticket that are copied
    :param int count: number of tickets in the end
    """

    def __init__(self, env, units, models, count):
        self.cr = env.cr
        self.models = models
        self.times = max(count // len(models) - 1, 0)
        self.base = max(models.ids)
        self.cr.execute(
            "CREATE TEMP TABLE fill_model AS SELECT id, row_number() OVER (ORDER BY id) - 1"
            " AS rank FROM property_ticket WHERE id IN %s",
            [tuple(models.ids)],
        )
        self.cr.execute(
            "CREATE TEMP TABLE fill_unit AS SELECT unit.id, unit.building_id,"
            " (SELECT partner_id FROM property_occupancy WHERE unit_id = unit.id LIMIT 1),"
            " row_number() OVER (ORDER BY unit.id) - 1 AS rank"
            " FROM property_unit unit WHERE id IN %s",
            [tuple(units.ids)],
        )
        self.cr.execute("ALTER TABLE fill_unit ADD PRIMARY KEY (rank)")
        self.units = len(units)

    def fill(self):
        self._copy("property_ticket", "id", "")
        for table, column, only in DEPENDENTS:
            self._copy(table, column, only)
        self.cr.execute(
            "SELECT setval('property_ticket_id_seq', max(id)) FROM property_ticket"
        )

    def _copy(self, table, key, only):
        """Copy the rows of the models as often as needed.

        :param key: column with the id of the ticket
        :param only: which rows are meant, as a condition on `t`
        """
        number = f"(g - 1) * {len(self.models)} + m.rank"
        columns = {}
        for name, kind in self._columns(table):
            if name == key:
                columns[name] = f"{self.base} + 1 + {number}"
            elif kind.startswith("timestamp"):
                # The newest copy is as old as its model, the oldest some years.
                columns[name] = (
                    f"t.{name} - (g - 1) * interval '{YEARS} years' / {self.times or 1}"
                )
            elif table in ("property_ticket", "property_work_order") and name in PLACE:
                columns[name] = PLACE[name]
            elif name == "name" and table == "property_ticket":
                columns[name] = f"'T0-' || lpad(({number})::text, 7, '0')"
            elif name == "name" and table.startswith("property"):
                columns[name] = "t.name || '-' || g"
            elif name in ("access_token", "message_id"):
                columns[name] = "NULL"
            elif name != "id":
                columns[name] = f't."{name}"'
        names = ", ".join(f'"{name}"' for name in columns)
        self.cr.execute(
            f"INSERT INTO {table} ({names})"
            f" SELECT {', '.join(columns.values())} FROM {table} t"
            f" JOIN fill_model m ON m.id = t.{key}"
            f" CROSS JOIN generate_series(1, {self.times}) g"
            f" JOIN fill_unit u ON u.rank = mod({number}, {self.units})"
            f" WHERE {only or 'true'} ORDER BY g, t.id"
        )

    def _columns(self, table):
        self.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
        return self.cr.fetchall()
