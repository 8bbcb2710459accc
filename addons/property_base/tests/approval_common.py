from odoo import fields, models

from .common import PropertyCase

DAY = "2026-10-15"
ACTIVITY = "property_base.mail_activity_approval"


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
        result = super()._approval_done()
        # The approver has no right to write these documents.
        self.sudo().outcome = "done"
        return result

    def _approval_refused(self, reason):
        result = super()._approval_refused(reason)
        self.sudo().outcome = f"refused: {reason}"
        return result


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


class ApprovalCase(PropertyCase):
    """Documents of the front desk: up to 5000 the manager approves, above also headquarters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_tester(cls)
        cls.desk, cls.manager, cls.hq = (
            cls.users[role] for role in ("frontdesk", "manager", "hq")
        )
        cls.first, cls.second = cls.env["property.approval.step"].create(
            [
                {
                    "name": "Manager",
                    "res_model": "test.approval.document",
                    "sequence": 10,
                    "group_id": cls.env.ref("property_base.group_property_manager").id,
                },
                {
                    "name": "Headquarters",
                    "res_model": "test.approval.document",
                    "sequence": 20,
                    "group_id": cls.env.ref("property_base.group_property_admin").id,
                    "amount_from": 5000,
                },
            ]
        )

    @classmethod
    def _document(cls, amount=100.0, user=None, **values):
        return (
            cls.env["test.approval.document"]
            .with_user(user or cls.desk)
            .create(
                {
                    "name": "Waiver",
                    "amount": amount,
                    "community_id": cls.community.id,
                    **values,
                }
            )
        )

    def _submitted(self, amount=100.0, user=None, **values):
        document = self._document(amount, user, **values)
        document.action_approval_submit()
        return document

    def _approvers(self, document):
        """Return who has an open approval activity on the document."""
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        return activities.user_id & self.env["res.users"].union(*self.users.values())

    def _refuse(self, document, user, reason="Too much"):
        action = document.with_user(user).action_approval_refuse()
        self.env[action["res_model"]].with_user(user).with_context(
            **action["context"]
        ).create({"reason": reason}).action_refuse()

    def _delegate(self, user, delegate, start, end):
        user.write(
            {
                "property_delegate_id": delegate.id,
                "property_delegate_from": start,
                "property_delegate_until": end,
            }
        )
