from datetime import date

from .common import OCTOBER, PropertyFeeCase

SEPTEMBER = date(2026, 9, 1)
COUNTS_FROM = date(2026, 8, 31)


class MeterCase(PropertyFeeCase):
    """The first two homes have a water meter each, billed at 2.90 a ton."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls._create_item("WT", "Water", kind="metered", sequence=5)
        cls.water_rate = cls._create_rate(cls.water, price=2.9, basis="fixed")
        cls.meter, cls.neighbour_meter = (
            cls._create_meter(home, serial)
            for home, serial in zip(cls.homes[:2], ("W101", "W102"), strict=True)
        )

    @classmethod
    def _create_meter(cls, unit, serial, **values):
        return cls.env["property.meter"].create(
            {
                "unit_id": unit.id,
                "community_id": cls.community.id,
                "serial": serial,
                "digits": 5,
                "initial_value": 1000,
                "initial_date": COUNTS_FROM,
                "item_id": cls.water.id,
                **values,
            }
        )

    @classmethod
    def _read(cls, meter, day, value, confirm=True, **values):
        reading = cls.env["property.meter.reading"].create(
            {"meter_id": meter.id, "date": day, "value": value, **values}
        )
        if confirm:
            # The days of the tests may lie ahead of the clock of the machine.
            reading.sudo().write({"state": "confirmed"})
        return reading

    @classmethod
    def _history(cls, meter, *consumptions, first=date(2026, 1, 1)):
        """Let a meter have counted some consumptions, a month each."""
        value, rows = meter.initial_value, cls.env["property.meter.reading"]
        for offset, consumption in enumerate(consumptions):
            value += consumption
            month = first.month + offset
            rows += cls._read(meter, date(first.year, month, 25), value)
        return rows

    def _metered(self, unit, period=OCTOBER):
        """Return the live charges of metered items of a unit that a month billed."""
        return self._charges(unit).filtered(
            lambda charge: charge.item_id == self.water and charge.period == period
        )
