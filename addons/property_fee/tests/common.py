from datetime import date

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.property_base.tests.common import PropertyCase

START = date(2025, 1, 1)
OCTOBER = date(2026, 10, 1)


class PropertyFeeCase(PropertyCase, AccountTestInvoicingCommon):
    """Homes of 89.50 square metres that pay 2.50 per square metre and month, 8 for garbage.

    The first two of six homes have owners, see `PropertyCase`; no home is assigned a fee
    but by `_assign`. Fees begin with 2025.
    """

    @classmethod
    def get_default_groups(cls):
        # `PropertyCase` builds its estate as whoever may do everything.
        return (
            super().get_default_groups()
            | cls.quick_ref("property_base.group_property_admin")
            | cls.quick_ref("property_base.group_property_confidential")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Reasons are noted in the language of whoever runs: here that of the source.
        cls.env.user.partner_id.lang = False
        cls.management = cls._create_item("PM", "Management Fee", sequence=1)
        cls.garbage = cls._create_item("GB", "Garbage Fee", sequence=2)
        cls.management_rate = cls._create_rate(cls.management, price=2.5)
        cls.garbage_rate = cls._create_rate(cls.garbage, price=8.0, basis="fixed")

    @classmethod
    def _create_item(cls, code, name, **values):
        return cls.env["property.fee.item"].create(
            {"code": code, "name": name, **values}
        )

    @classmethod
    def _create_rate(cls, item, **values):
        return cls.env["property.fee.rate"].create(
            {"item_id": item.id, "date_start": START, **values}
        )

    @classmethod
    def _assign(cls, units, items=None, start=START, **values):
        """Assign items (the management fee) to units from a day on."""
        return cls.env["property.fee.assignment"].create(
            [
                {"unit_id": unit.id, "item_id": item.id, "date_start": start, **values}
                for unit in units
                for item in items or cls.management
            ]
        )

    @classmethod
    def _create_homes(cls, count, prefix="9", owned=True):
        """Create more homes of 100 square metres, each with an owner of its own."""
        homes = cls.env["property.unit"].create(
            [
                {
                    "community_id": cls.community.id,
                    "building_id": cls.building.id,
                    "name": f"{prefix}{number:04d}",
                    "gross_area": 100,
                    "handover_date": START,
                }
                for number in range(count)
            ]
        )
        if owned:
            owners = cls.env["res.partner"].create(
                [{"name": f"Owner {prefix} {number}"} for number in range(count)]
            )
            for home, owner in zip(homes, owners, strict=True):
                cls._occupy(home, owner, start=START)
        return homes

    @classmethod
    def _create_run(cls, period=OCTOBER, **values):
        return cls.env["property.fee.run"].create(
            {
                "community_ids": cls.community.ids,
                "period": period,
                "invoice_date": period,
                **values,
            }
        )

    @classmethod
    def _run(cls, period=OCTOBER, **values):
        """Bill a month at once and return the run."""
        run = cls._create_run(period, **values)
        run._process_all()
        return run

    def _bill(self, unit, period=OCTOBER):
        """Return the posted bills of a unit for a month."""
        return self.env["account.move"].search(
            [
                ("property_unit_id", "=", unit.id),
                ("property_period", "=", period),
                ("state", "=", "posted"),
            ]
        )

    def _charges(self, unit):
        """Return the live charges of a unit in order of their days."""
        return self.env["property.charge"].search(
            [("unit_id", "=", unit.id), ("state", "!=", "cancelled")],
            order="date_from, id",
        )
