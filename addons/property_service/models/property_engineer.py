from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import dispatch


class PropertyEngineer(models.Model):
    """Whoever can be sent: an employee with a login, or a contractor."""

    _name = "property.engineer"
    _description = "Engineer"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Login",
        index="btree_not_null",
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contractor",
        index="btree_not_null",
        ondelete="restrict",
        help="Company that does the work, for somebody without a login.",
    )
    skill_ids = fields.Many2many("property.service.skill", string="Trades")
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        check_company=True,
        help="Empty: all communities of the company.",
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings He Knows",
        help="Goes first there, among those with the same load.",
    )
    max_load = fields.Integer(
        string="Most at Once",
        help="Weighted load above which he is not proposed; an emergency weighs 4, a"
        " general job 2, one that is not urgent 1. 0: no limit.",
    )
    load = fields.Integer(
        compute="_compute_load", help="Open jobs, weighted by urgency."
    )
    order_count = fields.Integer(string="Open Orders", compute="_compute_load")
    is_on_duty = fields.Boolean(string="On Duty Now", compute="_compute_is_on_duty")

    _user_uniq = models.UniqueIndex(
        "(company_id, user_id) WHERE active IS TRUE",
        "This login is an engineer of the company already.",
    )
    _somebody = models.Constraint(
        "CHECK(user_id IS NOT NULL OR partner_id IS NOT NULL)",
        "Name a login or a contractor.",
    )

    # === COMPUTE === #

    @api.depends("user_id", "partner_id")
    def _compute_name(self):
        for engineer in self:
            engineer.name = (
                engineer.user_id.name or engineer.partner_id.name or engineer.name
            )

    def _compute_load(self):
        loads, counts = self._get_loads()
        for engineer in self:
            engineer.load = loads.get(engineer, 0)
            engineer.order_count = counts.get(engineer, 0)

    def _get_loads(self):
        """Return weighted load and number of the open orders, in one query.

        :return: two dicts engineer -> number
        """
        loads, counts = {}, {}
        # How busy somebody is decides on tickets of any community.
        for engineer, urgency, count in (
            self.env["property.work.order"]
            .sudo()
            ._read_group(
                [("engineer_id", "in", self.ids), ("is_open", "=", True)],
                ["engineer_id", "urgency"],
                ["__count"],
            )
        ):
            engineer = engineer.with_env(self.env)
            loads[engineer] = loads.get(engineer, 0) + dispatch.load_of(
                {urgency: count}
            )
            counts[engineer] = counts.get(engineer, 0) + count
        return loads, counts

    def _compute_is_on_duty(self):
        now = fields.Datetime.now()
        for company, engineers in self.grouped("company_id").items():
            shifts = self.env["property.duty.shift"].search(
                self.env["property.duty.shift"]._domain_on_duty(company, now)
            )
            for engineer in engineers:
                engineer.is_on_duty = engineer.user_id in shifts.user_id

    # === BUSINESS === #

    def _is_to_be_told(self):
        """Return whether what he is given is news to him, and reaches him here."""
        return bool(self.user_id) and self.user_id != self.env.user

    @api.model
    def _get_candidates(self, company, communities, now):
        """Return everybody who could be sent, per community.

        Where the duty roster names nobody for a community at that moment, no roster is
        kept there, and everybody counts as on duty; contractors always do.

        :param communities: property.community
        :param datetime now: the moment, in UTC
        :return: dict community -> list of `tools.dispatch.Candidate`, keyed by the id of
            the engineer
        """
        # Who is proposed does not depend on who asks.
        engineers = self.sudo().search([("company_id", "=", company.id)], order="id")
        loads, _counts = engineers._get_loads()
        last_sent = self._get_last_sent(engineers)
        Shift = self.env["property.duty.shift"].sudo()  # as above
        shifts = Shift.search(Shift._domain_on_duty(company, now))
        result = {}
        for community in communities:
            here = shifts.filtered(
                lambda shift, community=community: (
                    not shift.community_ids or community in shift.community_ids
                )
            ).user_id
            result[community] = [
                dispatch.Candidate(
                    key=engineer.id,
                    skills=set(engineer.skill_ids.ids),
                    on_duty=not here
                    or not engineer.user_id
                    or engineer.user_id in here,
                    communities=set(engineer.community_ids.ids),
                    buildings=set(engineer.building_ids.ids),
                    load=loads.get(engineer, 0),
                    limit=engineer.max_load,
                    last_sent=last_sent.get(engineer.id, 0),
                )
                for engineer in engineers
            ]
        return result

    @api.model
    def _get_last_sent(self, engineers):
        """Return the id of the last order that each engineer was given.

        The order of turns does not depend on who asks. Each engineer's last order is
        looked up by itself, so that years of orders need not be read.
        """
        self.env["property.work.order"].flush_model(["engineer_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT engineer.id,
                       (SELECT MAX(work.id)
                          FROM property_work_order work
                         WHERE work.engineer_id = engineer.id)
                  FROM property_engineer engineer
                 WHERE engineer.id = ANY(%s)
                """,
                engineers.ids,
            )
        )
        return {engineer: last for engineer, last in rows if last}

    def action_view_orders(self):
        """Open the orders of the engineer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_work_order_action"
        )
        action["domain"] = [("engineer_id", "=", self.id)]
        return action
