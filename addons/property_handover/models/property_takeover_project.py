from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..tools import gates

SHOWN = 5


class PropertyTakeoverProject(models.Model):
    """Taking one estate over from its developer or owners' committee.

    The states follow one another; each begins only when the milestones before it are
    done (`tools/gates.py`). Every change of `state`, by button or by drag and drop,
    passes `write` and is checked there.
    """

    _name = "property.takeover.project"
    _description = "Take-over Project"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "takeover_date desc, id desc"
    _rec_names_search = ["name", "contract_number"]

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    active = fields.Boolean(default=True)
    community_id = fields.Many2one(
        "property.community",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True
    )
    developer_id = fields.Many2one(
        "res.partner",
        compute="_compute_developer_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Developer, or owners' committee, that hands the estate over.",
    )
    contract_number = fields.Char(tracking=True)
    contract_date = fields.Date(help="Day the entrustment contract was signed.")
    takeover_date = fields.Date(
        string="Planned Take-over",
        required=True,
        tracking=True,
        help="Day agreed for the take-over; the due dates of the milestones follow it.",
    )
    handed_over_on = fields.Date(readonly=True, copy=False, tracking=True)
    closed_on = fields.Date(readonly=True, copy=False)
    manager_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [
            ("preparation", "Preparation"),
            ("acceptance", "Acceptance"),
            ("rectification", "Rectification"),
            ("handed_over", "Handed Over"),
            ("closed", "Closed"),
        ],
        required=True,
        default="preparation",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    milestone_ids = fields.One2many("property.takeover.milestone", "project_id")
    document_ids = fields.One2many("property.takeover.document", "project_id")
    ticket_ids = fields.One2many("property.ticket", "takeover_project_id")
    progress = fields.Integer(
        string="Progress (%)",
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        help="Share of the milestones that apply and are done.",
    )
    document_progress = fields.Integer(
        string="Papers (%)",
        compute="_compute_document_progress",
        store=True,
        aggregator="avg",
        help="Share of the required papers that were received in order.",
    )
    owed_count = fields.Integer(
        string="Papers Owed", compute="_compute_document_progress", store=True
    )
    ticket_count = fields.Integer(compute="_compute_ticket_counts")
    open_ticket_count = fields.Integer(compute="_compute_ticket_counts")
    overdue_count = fields.Integer(
        string="Overdue Milestones", compute="_compute_overdue_count"
    )
    note = fields.Text()

    _running_uniq = models.UniqueIndex(
        "(community_id) WHERE state != 'closed' AND active IS TRUE",
        "The community already has a take-over that is not closed.",
    )

    # === COMPUTE === #

    @api.depends("community_id")
    def _compute_name(self):
        for project in self:
            if project.community_id and not project.name:
                project.name = self.env._(
                    "Take-over of %(community)s", community=project.community_id.name
                )
            else:
                project.name = project.name

    @api.depends("community_id")
    def _compute_developer_id(self):
        for project in self:
            developer = project.community_id.developer_id
            project.developer_id = developer or project.developer_id

    @api.depends("milestone_ids.state")
    def _compute_progress(self):
        for project in self:
            apply = project.milestone_ids.filtered(lambda m: m.state != "skipped")
            done = apply.filtered(lambda m: m.state == "done")
            project.progress = gates.progress(len(done), len(apply))

    @api.depends("document_ids.status", "document_ids.is_required")
    def _compute_document_progress(self):
        for project in self:
            required = project.document_ids.filtered("is_required")
            received = required.filtered(lambda d: d.status == "received")
            project.document_progress = gates.progress(len(received), len(required))
            project.owed_count = len(
                project.document_ids.filtered(lambda d: d._is_owed())
            )

    @api.depends("ticket_ids.is_open")
    def _compute_ticket_counts(self):
        totals, opened = {}, {}
        for project, is_open, count in self.env["property.ticket"]._read_group(
            [("takeover_project_id", "in", self.ids)],
            ["takeover_project_id", "is_open"],
            ["__count"],
        ):
            totals[project] = totals.get(project, 0) + count
            if is_open:
                opened[project] = count
        for project in self:
            project.ticket_count = totals.get(project, 0)
            project.open_ticket_count = opened.get(project, 0)

    @api.depends("milestone_ids.state", "milestone_ids.due_date")
    def _compute_overdue_count(self):
        counts = dict(
            self.env["property.takeover.milestone"]._read_group(
                [("project_id", "in", self.ids), ("is_overdue", "=", True)],
                ["project_id"],
                ["__count"],
            )
        )
        for project in self:
            project.overdue_count = counts.get(project, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create projects with the milestones and papers of the templates.

        Lists that are given are kept: nothing is added to them. Only who takes over an
        archive, the HQ administrator, may create projects that have already begun.
        """
        admin = self.env.user.has_group("property_base.group_property_admin")
        used = [("active", "=", True)]
        milestones = self.env["property.takeover.milestone.template"].search(used)
        documents = self.env["property.takeover.document.template"].search(used)
        for vals in vals_list:
            begun = vals.get("state", "preparation") != "preparation"
            if begun and not admin and not self.env.su:
                raise UserError(self.env._("A take-over begins with its preparation."))
        return super().create(
            [
                {
                    "milestone_ids": [
                        Command.create(template._prepare_milestone_vals())
                        for template in milestones
                    ],
                    "document_ids": [
                        Command.create(template._prepare_document_vals())
                        for template in documents
                    ],
                    **vals,
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        moving = self.filtered(lambda project: project.state != vals["state"])
        for project in moving:
            project._check_gate(vals["state"])
        result = super().write(vals)
        moving._set_dates()
        return result

    def _set_dates(self):
        """Keep the days of handover and closing in step with the state."""
        today = fields.Date.context_today(self)
        for project in self:
            reached = gates.STATES.index(project.state)
            over = reached >= gates.STATES.index("handed_over")
            project.handed_over_on = over and (project.handed_over_on or today)
            project.closed_on = project.state == "closed" and today
            if over and not project.community_id.takeover_date:
                project.community_id.takeover_date = project.handed_over_on

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for project in self:
            if project.state != "preparation":
                raise UserError(
                    self.env._(
                        "%(project)s has begun and stays in the archive.",
                        project=project.name,
                    )
                )

    # === GATES === #

    def _get_obstacles(self, state):
        """Return what keeps the project from entering a state (gates.Obstacles)."""
        self.ensure_one()
        return gates.obstacles(
            state,
            [
                gates.Milestone(m.name, m.stage, m.state != "open")
                for m in self.milestone_ids
            ],
            [
                gates.Document(
                    d.name, d.is_required and d._is_owed(), bool(d.ticket_id)
                )
                for d in self.document_ids
            ],
            self.open_ticket_count,
        )

    def _check_gate(self, state):
        """Refuse a step that skips a state or comes too early, and say what is open."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        if state == gates.previous_state(self.state):
            return
        if state != gates.next_state(self.state):
            raise UserError(
                self.env._(
                    "%(project)s is in %(old)s and cannot step to %(new)s.",
                    project=self.name,
                    old=labels[self.state],
                    new=labels.get(state, state),
                )
            )
        if obstacles := self._get_obstacles(state):
            raise UserError(
                self.env._(
                    "%(project)s cannot step to %(new)s. %(reasons)s",
                    project=self.name,
                    new=labels[state],
                    reasons=" ".join(self._describe_obstacles(obstacles)),
                )
            )

    def _describe_obstacles(self, obstacles):
        """Return one sentence for each sort of obstacle."""
        sentences = []
        if obstacles.milestones:
            sentences.append(
                self.env._(
                    "Milestones still open (%(count)s): %(names)s.",
                    count=len(obstacles.milestones),
                    names=self._list_names(obstacles.milestones),
                )
            )
        if obstacles.documents:
            sentences.append(
                self.env._(
                    "Papers missing (%(count)s): %(names)s.",
                    count=len(obstacles.documents),
                    names=self._list_names(obstacles.documents),
                )
            )
        if obstacles.tickets:
            sentences.append(
                self.env._(
                    "Rectification tickets not finished: %(count)s.",
                    count=obstacles.tickets,
                )
            )
        return sentences

    def _list_names(self, names):
        more = ["..."] if len(names) > SHOWN else []
        return format_list(self.env, [*names[:SHOWN], *more], style="unit")

    # === ACTIONS === #

    def action_next(self):
        """Step to the next state, if its gate is open."""
        for project in self:
            project.state = gates.next_state(project.state) or project.state

    def action_back(self):
        """Step back to the state before."""
        for project in self:
            project.state = gates.previous_state(project.state) or project.state

    def action_claim_documents(self):
        """Demand every paper that is still owed; see the documents' own action."""
        return self.document_ids.action_claim()

    def action_view_documents(self):
        """Open the papers of the projects, grouped as on the list of the trade."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_handover.property_takeover_document_action"
        )
        action["domain"] = [("project_id", "in", self.ids)]
        action["context"] = {
            "default_project_id": self[:1].id,
            "search_default_group_group": 1,
        }
        return action

    def action_view_tickets(self):
        """Open the rectification tickets of the projects."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [("takeover_project_id", "in", self.ids)]
        action["context"] = {
            "default_takeover_project_id": self[:1].id,
            "default_community_id": self[:1].community_id.id,
            "default_kind": "rectification",
            "default_channel": "staff",
        }
        return action
