from odoo import models


class PropertyDemoEstate(models.AbstractModel):
    _name = "property.demo.estate"
    _description = "Demo Estate"
