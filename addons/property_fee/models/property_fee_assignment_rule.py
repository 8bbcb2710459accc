import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class PropertyFeeAssignmentRule(models.Model):
    """Units that get a fee item by themselves: all homes of a community, from handover.

    Applied every day, so that a unit handed over yesterday pays from yesterday on. What has
    been assigned before, also by hand or with another end, is left as it is.
    """

    _name = "property.fee.assignment.rule"
    _description = "Fee Assignment Rule"
    _inherit = ["property.fee.scope.mixin"]
    _order = "community_id, item_id, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
    active = fields.Boolean(default=True)
    item_id = fields.Many2one(
        check_company=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '!=', 'late_fee')]",
    )
    community_id = fields.Many2one(index=True, ondelete="cascade")
    company_id = fields.Many2one(store=True, index=True)
    building_ids = fields.Many2many(
        relation="property_fee_assignment_rule_building_rel"
    )
    last_date = fields.Datetime(string="Last Applied", readonly=True, copy=False)
    last_count = fields.Integer(
        string="Assigned Last Time", readonly=True, copy=False, aggregator=None
    )
    last_error = fields.Text(
        readonly=True, copy=False, help="Why the rule could not be applied last time."
    )
    assignment_ids = fields.One2many("property.fee.assignment", "rule_id")
    assignment_count = fields.Integer(
        string="Assigned by the Rule", compute="_compute_assignment_count"
    )

    @api.depends("item_id.name", "community_id.name")
    def _compute_name(self):
        for rule in self:
            parts = [rule.community_id.name, rule.item_id.name]
            rule.name = " ".join(part for part in parts if part)

    @api.depends("assignment_ids")
    def _compute_assignment_count(self):
        counts = dict(
            self.env["property.fee.assignment"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.assignment_count = counts.get(rule, 0)

    @api.constrains("item_id", "community_id", "building_ids")
    def _check_scope(self):
        for rule in self:
            if rule.community_id.company_id != rule.item_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s and %(community)s belong to different companies.",
                        item=rule.item_id.name,
                        community=rule.community_id.name,
                    )
                )
            if rule.building_ids.community_id - rule.community_id:
                raise ValidationError(
                    self.env._(
                        "The rule is for %(community)s: choose its own buildings only.",
                        community=rule.community_id.name,
                    )
                )

    @api.constrains("start_rule", "date_start")
    def _check_date(self):
        for rule in self:
            if rule.start_rule == "fixed" and not rule.date_start:
                raise ValidationError(
                    self.env._("Say from which date on all units are charged.")
                )

    def action_apply(self):
        """Assign the item to all units of the rules that do not have it yet."""
        self.check_access("write")
        count = sum(len(rule._apply()) for rule in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._("%(count)s units assigned.", count=count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _apply(self):
        """Assign what the rule asks for; a second time finds nothing left to do.

        :return: the new assignments
        """
        self.ensure_one()
        assignments = self._assign_new(rule_id=self.id)
        self.write(
            {
                "last_date": fields.Datetime.now(),
                "last_count": len(assignments),
                "last_error": False,
            }
        )
        # What is left to do has been counted before.
        self.invalidate_recordset(["new_count", "assigned_count", "undated_count"])
        return assignments

    @api.model
    def _cron_apply(self):
        """Apply all rules, each on its own: one that fails leaves the others alone."""
        rules = self.search([("item_id.active", "=", True)])
        for index, rule in enumerate(rules, 1):
            try:
                with self.env.cr.savepoint():
                    rule._apply()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # one bad rule must not stop the others
                if not isinstance(error, UserError):
                    _logger.exception("Fee assignment rule %s failed", rule.id)
                rule.last_error = str(error)
            if not self.env["ir.cron"]._commit_progress(
                1, remaining=len(rules) - index
            ):
                return

    def action_view_assignments(self):
        """Open the assignments that the rule has made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_assignment_action"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        return action
