from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrix
from odoo.addons.property_base.tests.common import PropertyCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, PropertyCase):
    pass
