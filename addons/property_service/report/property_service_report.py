from odoo import api, fields, models
from odoo.tools import SQL

from ..models.property_sla_policy import TARGETS
from ..models.property_ticket_category import KINDS, URGENCIES
from ..tools.rates import (
    FINISHED_STATES,
    REPAIR_KINDS,
    SATISFIED,
    UNCOUNTED_STATES,
)


def _rate(string, help_text):
    """Return the field of a rate: 100 or 0 for a ticket that counts, else nothing.

    The average over tickets is the rate in percent, their number what it is a share of.
    """
    return fields.Float(
        string=string, help=help_text, aggregator="avg", digits=(5, 2), readonly=True
    )


class PropertyServiceReport(models.Model):
    """Every ticket as the figures see it: one row each, the rates as `tools.rates` has them.

    What is settled about a ticket is read from the ticket; only of one that is late are the
    promises looked at, as of now.
    """

    _name = "property.service.report"
    _description = "Service Figures"
    _auto = False
    _rec_name = "ticket_id"
    _order = "reported_at desc, id desc"
    _depends = {
        "property.ticket": [
            "building_id",
            "category_id",
            "channel",
            "community_id",
            "company_id",
            "confirmed_at",
            "department",
            "done_at",
            "hours_to_accept",
            "hours_to_done",
            "accepted_at",
            "arrival_outcome",
            "is_justified",
            "is_rework",
            "kind",
            "place",
            "promised_at",
            "rating_last_value",
            "reopened_count",
            "reported_at",
            "resolution_outcome",
            "response_outcome",
            "state",
            "unit_id",
            "urgency",
            "user_id",
            "was_asked",
        ],
        "property.ticket.category": ["parent_id", "skill_id"],
        "property.ticket.sla": ["due_at", "state", "target", "ticket_id"],
        "property.work.order": ["engineer_id", "skill_id", "state", "ticket_id"],
    }

    ticket_id = fields.Many2one("property.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    community_id = fields.Many2one("property.community", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    unit_id = fields.Many2one("property.unit", readonly=True)
    category_group_id = fields.Many2one(
        "property.ticket.category", string="Category", readonly=True
    )
    category_id = fields.Many2one(
        "property.ticket.category", string="Problem", readonly=True
    )
    skill_id = fields.Many2one(
        "property.service.skill",
        string="Team",
        readonly=True,
        help="The trade of the last visit, or the one that the problem asks for.",
    )
    engineer_id = fields.Many2one(
        "property.engineer",
        readonly=True,
        help="Whoever was given the last visit.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    place = fields.Selection(
        selection=lambda self: self._get_labels("place", "property.ticket.category"),
        readonly=True,
    )
    kind = fields.Selection(KINDS, readonly=True)
    urgency = fields.Selection(URGENCIES, readonly=True)
    channel = fields.Selection(
        selection=lambda self: self._get_labels("channel"),
        readonly=True,
    )
    department = fields.Selection(
        selection=lambda self: self._get_labels("department"),
        string="Department Responsible",
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self._get_labels("state"),
        readonly=True,
    )
    reported_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    counted = fields.Integer(
        string="Tickets",
        readonly=True,
        help="Tickets that count: all but rejected and cancelled ones.",
    )
    finished = fields.Integer(
        readonly=True, help="Tickets that are done, confirmed or closed."
    )
    hours_to_accept = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From the report to the acceptance, around the clock.",
    )
    hours_to_done = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From the report to the end of the work, around the clock.",
    )
    rating = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The household's last rating, one to five stars.",
    )

    # The rates
    response_rate = _rate(
        "Response in Time (%)",
        "Of the tickets whose promised response was kept, missed or is overdue: those that"
        " were taken up in time.",
    )
    arrival_rate = _rate(
        "Arrival in Time (%)",
        "Of the tickets whose promised arrival was kept, missed or is overdue: those where"
        " somebody was on site in time.",
    )
    resolution_rate = _rate(
        "Solved in Time (%)",
        "Of the tickets whose promised solution was kept, missed or is overdue: those that"
        " were solved in time, also after they were reopened.",
    )
    promise_rate = _rate(
        "Promises Kept (%)",
        "Of the tickets with a promise that was kept, missed or is overdue: those of which"
        " every such promise was kept.",
    )
    completion_rate = _rate(
        "Completion (%)",
        "Of all tickets that were not rejected or cancelled: those that are done, confirmed"
        " or closed.",
    )
    rework_rate = _rate(
        "Rework (%)",
        "Of repairs, paid services and rectifications: those that were reopened, or had the"
        " same problem of the same unit within the company's days of rework before.",
    )
    complaint_rate = _rate(
        "Complaints (%)",
        "Of all tickets that were not rejected or cancelled: the complaints.",
    )
    justified_rate = _rate(
        "Justified Complaints (%)",
        "Of the complaints that have been looked into: those that were justified.",
    )
    satisfaction_rate = _rate(
        "Satisfaction (%)",
        "Of the tickets that the household has rated: those with four stars or more in its"
        " last rating.",
    )
    rated_rate = _rate(
        "Rated (%)", "Of the finished tickets: those that the household has rated."
    )
    follow_up_rate = _rate(
        "Followed Up (%)",
        "Of the finished tickets: those to which the household has said its word, by"
        " confirming, by rating, or when it was asked in a return visit.",
    )

    @api.model
    def _get_labels(self, name, model="property.ticket"):
        """Return the values of a selection of tickets with their labels, translated."""
        return self.env[model]._fields[name]._description_selection(self.env)

    # === THE TABLE === #

    @property
    def _table_query(self):
        return SQL("%s %s", self._select(), self._from())

    def _select(self):
        """Return the columns of the rows."""
        return SQL(
            """
            SELECT ticket.id, ticket.id AS ticket_id, ticket.company_id,
                   ticket.community_id, ticket.building_id, ticket.unit_id,
                   COALESCE(problem.parent_id, problem.id) AS category_group_id,
                   ticket.category_id,
                   COALESCE(%(skill)s, problem.skill_id, category.skill_id) AS skill_id,
                   %(engineer)s AS engineer_id, ticket.user_id, ticket.place, ticket.kind,
                   ticket.urgency, ticket.channel, ticket.department, ticket.state,
                   ticket.reported_at, ticket.done_at,
                   CASE WHEN %(counted)s THEN 1 ELSE 0 END AS counted,
                   CASE WHEN %(finished)s THEN 1 ELSE 0 END AS finished,
                   CASE WHEN %(counted)s AND ticket.accepted_at IS NOT NULL
                        THEN ticket.hours_to_accept END AS hours_to_accept,
                   CASE WHEN %(counted)s AND ticket.done_at IS NOT NULL
                        THEN ticket.hours_to_done END AS hours_to_done,
                   CASE WHEN %(counted)s AND ticket.rating_last_value > 0
                        THEN ticket.rating_last_value END AS rating,
                   judged.*
            """,
            skill=self._get_visit_column("skill_id"),
            engineer=self._get_visit_column("engineer_id"),
            counted=SQL("ticket.state NOT IN %s", UNCOUNTED_STATES),
            finished=SQL("ticket.state IN %s", FINISHED_STATES),
        )

    @api.model
    def _get_visit_column(self, name):
        """Return a column of the last visit, empty where visits are not looked up."""
        if self.env.context.get("figures_without_visits"):
            return SQL("NULL::integer")
        return SQL("visit.%s", SQL.identifier(name))

    @api.model
    def _get_rate_terms(self):
        """Return how the database judges a ticket, in the words of `tools.rates`.

        :return: dict rate -> (SQL whether the ticket counts, SQL of 100 or 0); what a
            module adds needs a field of the name
        """

        def share(condition):
            return SQL("CASE WHEN %s THEN 100::float8 ELSE 0 END", condition)

        finished = SQL("ticket.state IN %s", FINISHED_STATES)
        rated = SQL("ticket.rating_last_value > 0")
        promises = {
            target: SQL(
                """
                CASE WHEN %(outcome)s = 'missed' OR %(overdue)s THEN 0
                     WHEN %(outcome)s = 'kept' THEN 100::float8 END
                """,
                outcome=SQL.identifier("ticket", f"{target}_outcome"),
                overdue=self._get_overdue_term(target),
            )
            for target, _label in TARGETS
        }
        outcomes = SQL(
            "(ticket.response_outcome, ticket.arrival_outcome, ticket.resolution_outcome)"
        )
        promises["promise"] = SQL(
            """
            CASE WHEN 'missed' IN %(outcomes)s OR ticket.promised_at < %(now)s THEN 0
                 WHEN 'kept' IN %(outcomes)s THEN 100::float8 END
            """,
            outcomes=outcomes,
            now=fields.Datetime.now(),
        )
        return {
            **{code: (SQL("TRUE"), value) for code, value in promises.items()},
            "completion": (SQL("TRUE"), share(finished)),
            "rework": (
                SQL("ticket.kind IN %s", REPAIR_KINDS),
                share(SQL("ticket.reopened_count > 0 OR ticket.is_rework")),
            ),
            "complaint": (SQL("TRUE"), share(SQL("ticket.kind = 'complaint'"))),
            "justified": (
                SQL("ticket.kind = 'complaint' AND ticket.is_justified IS NOT NULL"),
                share(SQL("ticket.is_justified = 'yes'")),
            ),
            "satisfaction": (
                rated,
                share(SQL("ticket.rating_last_value >= %s", SATISFIED)),
            ),
            "rated": (finished, share(rated)),
            "follow_up": (finished, share(self._get_heard_term())),
        }

    @api.model
    def _get_overdue_term(self, target):
        """Return the SQL condition under which a promise is open and overdue now.

        Only of a ticket that is late are its promises looked at.
        """
        return SQL(
            """
            ((ticket.promised_at < %(now)s) IS TRUE AND (
                SELECT TRUE
                  FROM property_ticket_sla row
                 WHERE row.ticket_id = ticket.id
                   AND row.target = %(target)s
                   AND row.state = 'running'
                   AND row.due_at < %(now)s
                 LIMIT 1
            ))
            """,
            now=fields.Datetime.now(),
            target=target,
        )

    @api.model
    def _get_heard_term(self):
        """Return the SQL condition under which the household has said its word."""
        return SQL(
            """
            ticket.state = 'confirmed'
            OR ticket.confirmed_at IS NOT NULL
            OR ticket.rating_last_value > 0
            OR ticket.was_asked
            """
        )

    def _from(self):
        """Return the tables of the rows; of each ticket only its own rows are looked up.

        Without visits, as the context may ask, engineer and trade are not those of the
        last visit: for whoever groups by neither, it saves a third of the work.
        """
        return SQL(
            """
              FROM property_ticket ticket
              LEFT JOIN property_ticket_category problem
                ON problem.id = ticket.category_id
              LEFT JOIN property_ticket_category category
                ON category.id = problem.parent_id
              LEFT JOIN LATERAL (
                  SELECT %(rates)s
                   WHERE ticket.state NOT IN %(uncounted)s
                  OFFSET 0  -- each rate is worked out once, however often it is summed
              ) judged ON TRUE
              %(visits)s
            """,
            rates=SQL(", ").join(
                SQL(
                    "CASE WHEN %s THEN %s END AS %s",
                    counts,
                    value,
                    SQL.identifier(f"{code}_rate"),
                )
                for code, (counts, value) in self._get_rate_terms().items()
            ),
            uncounted=UNCOUNTED_STATES,
            visits=self._get_visit_join(),
        )

    @api.model
    def _get_visit_join(self):
        if self.env.context.get("figures_without_visits"):
            return SQL()
        return SQL(
            """
              LEFT JOIN LATERAL (
                  SELECT work.engineer_id, work.skill_id
                    FROM property_work_order work
                   WHERE work.ticket_id = ticket.id
                     AND work.state != 'cancelled'
                     AND work.engineer_id IS NOT NULL
                   ORDER BY work.id DESC
                   LIMIT 1
              ) visit ON TRUE
            """
        )

    # === ACTIONS === #

    def action_view_ticket(self):
        """Open the ticket behind the row."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
