from lxml import etree
from odoo.tests import Form, new_test_user


class NewForms:
    """Whatever a menu of a module lets somebody create opens as an empty form.

    Mixed in before `TransactionCase`. Computes see a record that nobody has filled in yet:
    no company, no currency, no unit.
    """

    allow_inherited_tests_method = True

    def test_empty_forms_open(self):
        user = new_test_user(
            self.env,
            login="property_new_forms",
            groups="property_base.group_property_admin",
        )
        actions = self.env["ir.actions.act_window"].search(
            [
                ("res_model", "=like", "property.%"),
                ("view_mode", "like", "form"),
                ("target", "=", "current"),
            ]
        )
        opened = []
        for action in actions:
            if not action.get_external_id()[action.id].startswith(
                f"{self.test_module}."
            ):
                continue
            model = self.env[action.res_model].with_user(user)
            if model._abstract or not model.has_access("create"):
                continue
            arch = etree.fromstring(model.get_view(view_type="form")["arch"])
            if arch.get("create") in ("0", "false"):
                continue
            with self.subTest(action=action.name, model=model._name):
                Form(model)
                opened.append(model._name)
        self.assertTrue(opened)
