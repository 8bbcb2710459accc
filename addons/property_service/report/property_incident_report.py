from odoo import fields, models
from odoo.tools import SQL

from ..tools.rates import HOUSEHOLDS, UNCOUNTED_STATES


class PropertyIncidentReport(models.Model):
    """Every incident that has happened, as the figures see it: one row each.

    What was only announced, or called off, is no row. An incident that concerns several
    categories stands under each of them when it is grouped by category.
    """

    _name = "property.incident.report"
    _description = "Incident Figures"
    _auto = False
    _rec_name = "incident_id"
    _order = "date_from desc, id desc"
    _depends = {
        "property.incident": [
            "building_ids",
            "community_id",
            "company_id",
            "date_end",
            "date_expected",
            "date_from",
            "kind",
            "state",
            "unit_ids",
        ],
        "property.ticket": ["incident_id", "state", "unit_id"],
        "property.ticket.reporter": ["ticket_id", "unit_id"],
        "property.unit": ["building_id", "community_id", "handover_date", "unit_type"],
    }

    incident_id = fields.Many2one("property.incident", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    community_id = fields.Many2one("property.community", readonly=True)
    category_ids = fields.Many2many(
        "property.ticket.category",
        relation="property_incident_property_ticket_category_rel",
        column1="property_incident_id",
        column2="property_ticket_category_id",
        string="Problems",
        readonly=True,
    )
    kind = fields.Selection(
        [("emergency", "Emergency"), ("planned", "Planned Work")], readonly=True
    )
    state = fields.Selection(
        [("running", "Going On"), ("ended", "Over")], readonly=True
    )
    date_from = fields.Datetime(string="From", readonly=True)
    date_end = fields.Datetime(string="Over Since", readonly=True)
    counted = fields.Integer(string="Incidents", readonly=True)
    hours = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How long it lasted, around the clock; nothing while it goes on.",
    )
    hours_over = fields.Float(
        string="Hours Longer than Announced",
        readonly=True,
        aggregator="avg",
        help="Beyond the time that the residents were last told.",
    )
    tickets = fields.Integer(
        readonly=True,
        help="Tickets linked to it, but for rejected and cancelled ones.",
    )
    calls = fields.Integer(
        readonly=True,
        help="All tickets linked to it, and whoever else reported the same matter.",
    )
    callers = fields.Integer(
        string="Households That Called",
        readonly=True,
        help="Different units from which it was reported.",
    )
    households = fields.Integer(
        string="Households Concerned",
        readonly=True,
        help="Homes, shops and offices in its buildings and units that had been handed over"
        " when it began; all of the community where neither is named.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT incident.id, incident.id AS incident_id, incident.company_id,
                   incident.community_id, incident.kind, incident.state,
                   incident.date_from, incident.date_end, 1 AS counted,
                   CASE WHEN incident.state = 'ended' THEN %(hours)s END AS hours,
                   CASE WHEN incident.state = 'ended' THEN GREATEST(%(over)s, 0)
                   END AS hours_over,
                   %(tickets)s AS tickets, %(calls)s AS calls, %(callers)s AS callers,
                   %(households)s AS households
              FROM property_incident incident
             WHERE incident.state IN ('running', 'ended')
            """,
            hours=self._hours_since("date_from"),
            over=self._hours_since("date_expected"),
            tickets=SQL(
                """
                (SELECT COUNT(*)::integer
                   FROM property_ticket ticket
                  WHERE ticket.incident_id = incident.id AND ticket.state NOT IN %s)
                """,
                UNCOUNTED_STATES,
            ),
            calls=SQL("(SELECT COUNT(*)::integer FROM (%s) calls)", self._calls()),
            callers=SQL(
                "(SELECT COUNT(DISTINCT calls.unit_id)::integer FROM (%s) calls)",
                self._calls(),
            ),
            households=self._households(),
        )

    @staticmethod
    def _hours_since(column):
        """Return the hours from an instant of the incident to its end."""
        return SQL(
            "(EXTRACT(EPOCH FROM incident.date_end - incident.%s) / 3600)::float8",
            SQL.identifier(column),
        )

    @staticmethod
    def _calls():
        """Return the units from which an incident was reported, one row for each call."""
        return SQL(
            """
            SELECT ticket.unit_id
              FROM property_ticket ticket
             WHERE ticket.incident_id = incident.id
             UNION ALL
            SELECT reporter.unit_id
              FROM property_ticket ticket
              JOIN property_ticket_reporter reporter ON reporter.ticket_id = ticket.id
             WHERE ticket.incident_id = incident.id
            """
        )

    def _households(self):
        """Return the number of households that an incident concerns."""
        buildings, units = (
            SQL(
                "(SELECT place.%s FROM %s place WHERE place.%s = incident.id)",
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
            )
            for field in (
                self.env["property.incident"]._fields[name]
                for name in ("building_ids", "unit_ids")
            )
        )
        return SQL(
            """
            (SELECT COUNT(*)::integer
               FROM property_unit unit
              WHERE unit.community_id = incident.community_id
                AND unit.active
                AND unit.unit_type IN %(kinds)s
                AND unit.handover_date <= incident.date_from
                AND (
                    unit.building_id IN %(buildings)s
                    OR unit.id IN %(units)s
                    OR NOT EXISTS %(buildings)s AND NOT EXISTS %(units)s
                ))
            """,
            kinds=HOUSEHOLDS,
            buildings=buildings,
            units=units,
        )

    # === ACTIONS === #

    def action_view_incident(self):
        """Open the incident behind the row."""
        self.ensure_one()
        return self.incident_id.get_formview_action()
