from odoo.tests import TransactionCase, tagged

from odoo.addons.property_base.tests.new_forms import NewForms


@tagged("post_install", "-at_install")
class TestNewForms(NewForms, TransactionCase):
    pass
