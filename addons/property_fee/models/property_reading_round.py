from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.period import month_start
from .property_meter import KINDS

CHUNK = 1000


class PropertyReadingRound(models.Model):
    _name = "property.reading.round"
    _description = "Reading Round"
    _inherit = ["mail.thread"]
    _order = "period desc, id desc"

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('community_id', '=', community_id)]",
        help="Leave empty to walk through the whole community.",
    )
    kind = fields.Selection(KINDS, required=True, default="water")
    period = fields.Date(
        string="Billing Month",
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
        help="Month with which the readings are billed; any of its days will do.",
    )
    date = fields.Date(
        string="Read On",
        required=True,
        default=fields.Date.context_today,
        help="Day that the rows begin with; each can be given another.",
    )
    user_id = fields.Many2one(
        "res.users", string="Reader", default=lambda self: self.env.user, tracking=True
    )
    state = fields.Selection(
        [("draft", "Planned"), ("open", "Under Way"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    reading_ids = fields.One2many("property.meter.reading", "round_id", copy=False)
    meter_count = fields.Integer(string="Meters", compute="_compute_counts")
    todo_count = fields.Integer(string="To Read", compute="_compute_counts")
    entered_count = fields.Integer(string="Entered", compute="_compute_counts")
    held_count = fields.Integer(string="On Hold", compute="_compute_counts")
    confirmed_count = fields.Integer(string="Confirmed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", aggregator=None)

    # === COMPUTE METHODS === #

    @api.depends("community_id.name", "kind", "period")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for walk in self:
            parts = [
                walk.period and f"{walk.period:%Y-%m}",
                walk.community_id.name,
                kinds.get(walk.kind),
            ]
            walk.name = " ".join(part for part in parts if part)

    @api.depends("reading_ids.state", "reading_ids.is_held")
    def _compute_counts(self):
        counts = {}
        for walk, state, held, count in self.env["property.meter.reading"]._read_group(
            [("round_id", "in", self.ids)],
            ["round_id", "state", "is_held"],
            ["__count"],
        ):
            rows = counts.setdefault(walk, {})
            rows[state] = rows.get(state, 0) + count
            rows["held"] = rows.get("held", 0) + (count if held else 0)
        for walk in self:
            rows = counts.get(walk, {})
            walk.held_count = rows.get("held", 0)
            walk.todo_count = rows.get("todo", 0)
            walk.entered_count = rows.get("draft", 0)
            walk.confirmed_count = rows.get("confirmed", 0) + rows.get("billed", 0)
            walk.meter_count = (
                walk.todo_count + walk.entered_count + walk.confirmed_count
            )
            done = walk.meter_count - walk.todo_count
            walk.progress = 100.0 * done / walk.meter_count if walk.meter_count else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise(vals) for vals in vals_list])

    def write(self, vals):
        scope = {"community_id", "building_ids", "kind", "period"}
        if scope & vals.keys() and any(walk.reading_ids for walk in self):
            raise UserError(
                self.env._("The route of a round that has rows cannot be changed.")
            )
        return super().write(self._normalise(vals))

    @api.model
    def _normalise(self, vals):
        vals = dict(vals)
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        if any(walk.meter_count > walk.todo_count for walk in self):
            raise UserError(
                self.env._(
                    "A round in which something has been read cannot be deleted."
                )
            )

    # === ACTION METHODS === #

    def action_generate(self):
        """List the meters of the route that have no reading of the month yet.

        Doing it again adds the meters that have come since.
        """
        for walk in self:
            if walk.state == "done":
                raise UserError(self.env._("The round has been closed."))
            meters = walk._get_meters_to_read()
            if not meters and not walk.reading_ids:
                raise UserError(
                    self.env._(
                        "There is no meter to read: all of them have a reading of the"
                        " month, or none is in use."
                    )
                )
            for start in range(0, len(meters), CHUNK):
                self.env["property.meter.reading"].create(
                    [
                        walk._prepare_row(meter)
                        for meter in meters[start : start + CHUNK]
                    ]
                )
            walk.state = "open"
        return self.action_view_readings() if len(self) == 1 else True

    def _get_meters_to_read(self):
        """Return the meters of the route without a reading of the month, in its order."""
        self.ensure_one()
        domain = (
            Domain("community_id", "=", self.community_id.id)
            & Domain("kind", "=", self.kind)
            & Domain("state", "=", "active")
            & Domain("initial_date", "<", self.date)
        )
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids.ids)
        meters = self.env["property.meter"].search(domain)
        read = self.env["property.meter.reading"].search_fetch(
            Domain("meter_id", "in", meters.ids)
            & Domain("kind", "not in", ("opening", "closing"))
            & (Domain("period", "=", self.period) | Domain("date", "=", self.date)),
            ["meter_id"],
        )
        return meters - read.meter_id

    def _prepare_row(self, meter):
        return {
            "meter_id": meter.id,
            "round_id": self.id,
            "date": self.date,
            "period": self.period,
            "user_id": self.user_id.id,
        }

    def action_view_readings(self):
        """Open the rows to fill in, those not read yet first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_reading_route_action"
        )
        action["domain"] = [("round_id", "=", self.id)]
        action["display_name"] = self.name
        if self.todo_count:
            action["context"] = {"search_default_todo": 1}
        return action

    def action_view_held(self):
        """Open the readings that somebody has to look at."""
        self.ensure_one()
        action = self.action_view_readings()
        action["context"] = {"search_default_held": 1}
        return action

    def action_estimate(self):
        """Estimate the meters that could not be read."""
        self.ensure_one()
        todo = self.reading_ids.filtered(lambda row: row.state == "todo")
        without = todo._estimate()
        done = len(todo) - len(without)
        message = self.env._("%(count)s meters estimated.", count=done)
        if without:
            message = self.env._(
                "%(count)s meters estimated; %(left)s have no readings to estimate from.",
                count=done,
                left=len(without),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if without else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_confirm(self):
        """Confirm all values that have been entered."""
        for walk in self:
            rows = walk.reading_ids.filtered(lambda row: row.state == "draft")
            for start in range(0, len(rows), CHUNK):
                rows[start : start + CHUNK].action_confirm()
        return True

    def action_done(self):
        """Close the round; rows that nobody read go, values entered are confirmed."""
        self.action_confirm()
        for walk in self:
            walk.reading_ids.filtered(lambda row: row.state == "todo").unlink()
            walk.state = "done"
        return True

    def _get_sheet(self):
        """Return the rows of the printed sheet, a page per building in route order.

        :return: list of dict `building` (empty for what hangs in none) and `rows`
        """
        self.ensure_one()
        rows = self.reading_ids.sorted(lambda row: (row.sequence, row.serial))
        return [
            {"building": building, "rows": own}
            for building, own in rows.grouped("building_id").items()
        ]
