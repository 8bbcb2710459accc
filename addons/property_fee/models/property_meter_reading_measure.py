from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.meter import (
    ANOMALIES,
    AVERAGE_OVER,
    Used,
    anomalies,
    counted,
    dec,
    due,
    estimated,
)
from ..tools.period import ONE_DAY

# What is compared to tell an estimate too high from a dial that went back.
SUPPOSED = ("estimated", "self_reported")


class Past(NamedTuple):
    """An earlier reading of a meter, as far as a later one depends on it."""

    date: date
    value: float
    consumption: float
    quantity: float
    carried: float
    kind: str
    date_from: date
    date_to: date


class PropertyMeterReading(models.Model):
    """What follows from a reading: consumption, quantity to bill, oddities."""

    _inherit = "property.meter.reading"

    def _measure(self):
        """Work out what was counted since the reading before, and what is odd about it.

        Done for all readings at once, in the order of their days; those that follow and
        are not billed are worked out again. The number of queries does not depend on the
        number of readings.

        :raises UserError: a later reading of one of the meters has been billed
        """
        if not self:
            return
        later = self._get_later()
        later._check_not_billed()
        rows = (self | later).sorted(lambda row: (row.date, row.id))
        pasts = rows._get_pasts()
        ends = rows._get_closing_days()
        fresh = {}  # meter id -> list of Past worked out here, the latest last
        for row in rows:
            meter = row.meter_id
            known = {past.date: past for past in pasts.get(row.id, ())}
            known.update({past.date: past for past in fresh.get(meter.id, ())})
            history = sorted(
                (past for day, past in known.items() if day < row.date), reverse=True
            )[: AVERAGE_OVER + 1]
            values = row._prepare_measure(history, ends.get(row))
            # Nobody may write what follows from a reading; whoever entered it may cause it.
            row.sudo().write(values)
            if row.state != "todo":
                fresh.setdefault(meter.id, []).append(row._as_past())

    def _as_past(self):
        return Past(
            self.date,
            self.value,
            self.consumption,
            self.quantity,
            self.carried,
            self.kind,
            self.date_from,
            self.date_to,
        )

    def _get_pasts(self):
        """Return the latest readings before each, in one query.

        :return: dict id -> list of `Past`
        """
        if not self.ids:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT r.id, p.date, p.value, p.consumption, p.quantity, p.carried,"
                " p.kind, p.date_from, p.date_to FROM property_meter_reading r"
                " JOIN LATERAL (SELECT * FROM property_meter_reading h"
                " WHERE h.meter_id = r.meter_id AND h.date < r.date AND h.state != 'todo'"
                " ORDER BY h.date DESC LIMIT %s) p ON TRUE WHERE r.id IN %s",
                AVERAGE_OVER + 1,
                tuple(self.ids),
            )
        )
        pasts = {}
        for reading_id, day, *numbers, kind, start, end in rows:
            numbers = [number or 0.0 for number in numbers]
            pasts.setdefault(reading_id, []).append(
                Past(day, *numbers, kind, start, end)
            )
        return pasts

    def _get_closing_days(self):
        """Return the last day of whoever leaves, for readings on a day of moving.

        A meter read on the first day of the new owner or tenant closes the account of the
        one before, whose last day was the day before.

        :return: dict reading -> date, only for readings at moving out
        """
        closing = self.filtered(lambda row: row.kind == "closing" and row.unit_id)
        if not closing:
            return {}
        starts = self.env["property.occupancy"].search_fetch(
            Domain("unit_id", "in", closing.unit_id.ids)
            & Domain("date_start", "in", closing.mapped("date"))
            & Domain("role", "in", ("owner", "co_owner", "tenant", "shop_operator")),
            ["unit_id", "date_start"],
        )
        moved = {(start.unit_id, start.date_start) for start in starts}
        return {
            row: row.date - ONE_DAY if (row.unit_id, row.date) in moved else row.date
            for row in closing
        }

    def _prepare_measure(self, history, closing_day=None):
        """Return the values that follow from a reading.

        :param list history: `Past` of the meter, the latest first
        :param date closing_day: last day of whoever leaves
        """
        self.ensure_one()
        meter = self.meter_id
        last = history[0] if history else None
        used = [past.consumption for past in history[:AVERAGE_OVER]]
        values = {
            "previous_value": last.value if last else meter.initial_value,
            "previous_date": last.date if last else meter.initial_date,
            "average": sum(used) / len(used) if used else 0.0,
            "date_from": ((last.date_to or last.date) if last else meter.initial_date)
            + ONE_DAY,
        }
        values["date_to"] = max(closing_day or self.date, values["date_from"])
        if self.state == "todo":
            return values
        result = counted(
            values["previous_value"],
            self.value,
            multiplier=meter.multiplier,
            digits=meter.digits,
        )
        brought = (
            due(dec(last.consumption), dec(last.carried)).carried if last else dec(0)
        )
        now = due(result.quantity, brought)
        flags = anomalies(result.quantity, used, rolled=result.rolled)
        if "negative" in flags and self._trues_up(history):
            flags.remove("negative")
        values.update(
            consumption=float(result.quantity),
            carried=float(brought),
            quantity=float(now.quantity),
            **{f"is_{flag}": flag in flags for flag in ANOMALIES},
        )
        if self.cleared_at and (
            float(result.quantity) != self.consumption
            or any(self[f"is_{flag}"] != (flag in flags) for flag in ANOMALIES)
        ):
            # What was looked at is not what stands here now.
            values.update(cleared_by_id=False, cleared_at=False, cleared_reason=False)
        return values

    def _trues_up(self, history):
        """Return whether a value below the last one only corrects estimates before it."""
        if not history or history[0].kind not in SUPPOSED:
            return False
        real = next((past for past in history if past.kind not in SUPPOSED), None)
        floor = real.value if real else self.meter_id.initial_value
        return self.value >= floor

    @api.model
    def _as_used(self, pasts):
        """Return earlier consumptions with the days they took, for an estimate."""
        return [
            Used((past.date_to - past.date_from).days + 1, dec(past.consumption))
            for past in pasts
            if past.date_from and past.kind != "estimated"
        ]

    def _estimate(self):
        """Enter estimated values for rows that could not be read.

        :return: the rows for which there is nothing to estimate from
        """
        waiting = self.filtered(lambda row: row.state == "todo")
        pasts = waiting._get_pasts()
        without = self.browse()
        for row in waiting:
            history = sorted(pasts.get(row.id, ()), reverse=True)
            days = (row.date - row.previous_date).days
            guess = estimated(self._as_used(history), days)
            if guess is None:
                without += row
                continue
            steps = float(guess / dec(row.meter_id.multiplier))
            value = round(row.previous_value + steps, 3)
            row.write({"value": value % 10**row.meter_id.digits, "kind": "estimated"})
        return without

    def _explain(self):
        """Return what an explanation says of the reading; it must prove the quantity."""
        self.ensure_one()
        meter = self.meter_id
        facts = {
            "id": self.id,
            "serial": meter.serial,
            "kind": self.kind,
            "date": self.date.isoformat(),
            "value": _plain(self.value),
            "previous_date": self.previous_date.isoformat(),
            "previous": _plain(self.previous_value),
            "multiplier": _plain(meter.multiplier),
            "quantity": _plain(self.quantity),
        }
        if self.is_rollover:
            facts["turn"] = str(10**meter.digits)
        if self.carried:
            facts["carried"] = _plain(self.carried)
        return facts


def _plain(number):
    """Return a number without superfluous zeros, 34.0 as 34."""
    text = f"{dec(number):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
