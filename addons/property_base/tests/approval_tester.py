from odoo import fields, models


class ApprovalTester(models.Model):
    """A document with an amount, as a module would make it; exists in tests only."""

    # Of no module: it must not get into the registry by being imported.
    _module = None
    _name = "test.approval.document"
    _description = "Test Approval Document"
    _inherit = ["property.approval.mixin"]
    _approval_amount_field = "amount"
    _approval_locked_fields = ("name",)
    _approval_reopen = True

    name = fields.Char()
    note = fields.Char()
    outcome = fields.Char()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    community_id = fields.Many2one("property.community")
    amount = fields.Monetary()

    def _approval_done(self):
        super()._approval_done()
        # The approver has no right to write these documents.
        self.sudo().outcome = "done"

    def _approval_refused(self, reason):
        super()._approval_refused(reason)
        self.sudo().outcome = f"refused: {reason}"


def add_tester(test_class):
    """Make the model part of the registry for the time of a test class."""
    from odoo.orm.model_classes import add_to_registry  # noqa: PLC0415

    name, registry = ApprovalTester._name, test_class.registry
    add_to_registry(registry, ApprovalTester)
    registry._setup_models__(test_class.env.cr, [name])
    registry.init_models(test_class.env.cr, [name], {"module": "property_base"})
    test_class.addClassCleanup(_remove_tester, test_class, name)
    test_class.env["ir.model.access"].create(
        [
            {
                "name": f"test approval {group}",
                "model_id": test_class.env["ir.model"]._get_id(name),
                "group_id": test_class.env.ref(f"property_base.{group}").id,
                "perm_read": True,
                "perm_write": write,
                "perm_create": write,
                "perm_unlink": write,
            }
            for group, write in (
                ("group_property_user", False),
                ("group_property_frontdesk", True),
            )
        ]
    )


def _remove_tester(test_class, name):
    del test_class.registry[name]
    test_class.registry._setup_models__(test_class.env.cr)
