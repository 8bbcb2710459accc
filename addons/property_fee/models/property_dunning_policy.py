from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.dunning import Level


class PropertyDunningPolicy(models.Model):
    _name = "property.dunning.policy"
    _description = "Dunning Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for all companies."
    )
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        help="Leave empty for all communities; a policy that names a community goes before.",
    )
    level_ids = fields.One2many(
        "property.dunning.level", "policy_id", string="Levels", copy=True
    )
    level_count = fields.Integer(compute="_compute_level_count")
    step_by_step = fields.Boolean(
        string="Never Skip a Level",
        default=True,
        help="However old the debt is, the first reminder is one of the first level.",
    )
    quiet_days = fields.Boolean(
        string="Quiet on Days Off",
        default=True,
        help="Nobody is reminded on weekends, public holidays and configured quiet days.",
    )
    auto_run = fields.Boolean(
        string="Run by Itself",
        help="Every working day a run reminds whoever has come to a level; letters and"
        " visits become tasks.",
    )

    sms_gateway = fields.Selection(
        [
            ("file", "Spreadsheet for Our Gateway"),
            ("odoo", "SMS Module of Odoo"),
        ],
        string="Text Messages Go By",
        required=True,
        default="file",
    )

    # Exemptions
    spare_vip = fields.Boolean(string="Spare VIPs", default=True)
    spare_hardship = fields.Boolean(string="Spare Hardship Cases", default=True)

    # Limitation
    limitation_years = fields.Integer(
        required=True,
        default=3,
        help="A claim lapses three years after its due date (Civil Code of the People's"
        " Republic of China, article 188). A documented reminder, a promise, a part payment"
        " or a suit within that time starts it anew (article 195).",
    )
    limitation_warning_days = fields.Integer(
        string="Warn Before (Days)",
        required=True,
        default=90,
        help="Days before a claim lapses on which the manager is warned.",
    )

    _limitation_positive = models.Constraint(
        "CHECK(limitation_years > 0 AND limitation_warning_days >= 0)",
        "The limitation period must be at least one year.",
    )

    @api.depends("level_ids")
    def _compute_level_count(self):
        for policy in self:
            policy.level_count = len(policy.level_ids)

    @api.constrains("community_ids", "company_id", "active")
    def _check_communities(self):
        policies = self.search([("active", "=", True)])
        for policy in self.filtered("active"):
            for other in policies - policy:
                same = policy.community_ids & other.community_ids
                both = not policy.community_ids and not other.community_ids
                if policy.company_id == other.company_id and (same or both):
                    raise ValidationError(
                        self.env._(
                            "%(policy)s and %(other)s are both for %(community)s. A"
                            " community has one policy.",
                            policy=policy.name,
                            other=other.name,
                            community=same[:1].name
                            or self.env._("all other communities"),
                        )
                    )

    @api.model
    def _get_by_community(self, communities):
        """Return the policy of each community.

        :return: dict community -> policy, empty where there is none
        """
        policies = self.search(
            [("company_id", "in", [False, *communities.company_id.ids])]
        )
        general = {
            policy.company_id: policy
            for policy in reversed(policies)
            if not policy.community_ids
        }
        special = {
            community: policy
            for policy in reversed(policies)
            for community in policy.community_ids
        }
        nobody = self.env["res.company"]
        return {
            community: special.get(community)
            or general.get(community.company_id)
            or general.get(nobody, self.browse())
            for community in communities
        }

    def _get_levels(self):
        """Return the levels in order, and as the plain rules want them.

        :return: (property.dunning.level, list of tools.dunning.Level)
        """
        levels = self.level_ids.filtered("active").sorted("sequence")
        return levels, [
            Level(level.days_overdue, level.months_owed, level.min_amount)
            for level in levels
        ]
