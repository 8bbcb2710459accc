"""Write the rows of a sheet of readings: find or put in the meters, enter what they show."""

from ..tools.meter import dec
from ..tools.reading_sheet import Problem

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
UNREAD, REFUSED = "unread", "refused"


class ReadingWriter:
    """Writes rows of one import, all of them with the same number of queries.

    :param job: property.reading.import, with the rights to write readings
    """

    def __init__(self, job):
        self.job = job
        self.env = job.env
        self.Meter = job.env["property.meter"]
        self.Reading = job.env["property.meter.reading"]

    def write_rows(self, rows):
        """Enter the readings of rows.

        :return: list of (row, outcome, property.meter.reading), in the order of the rows
        """
        self._look_up(rows)
        self._put_in_meters(rows)
        outcomes, fresh = {}, []
        for row in rows:
            meter = None if row.refused else self._find_meter(row)
            if row.refused or not meter:
                outcomes[row.number] = (REFUSED, self.Reading)
            elif any(problem.code == "duplicate" for problem in row.problems):
                unread = row.values["value"] is None
                outcomes[row.number] = (UNREAD if unread else UNCHANGED, self.Reading)
            elif row.values["value"] is None:
                outcomes[row.number] = self._leave_unread(row, meter, fresh)
            else:
                outcomes[row.number] = self._enter(row, meter, fresh)
        created = self.Reading.create([vals for _number, vals in fresh])
        for (number, vals), reading in zip(fresh, created, strict=True):
            outcome = CREATED if "value" in vals else UNREAD
            outcomes[number] = (outcome, reading)
        self._remark(rows, outcomes)
        if self.job.auto_confirm:
            entered = [
                reading.id
                for outcome, reading in outcomes.values()
                if outcome in (CREATED, UPDATED)
            ]
            self.Reading.browse(entered).action_confirm()
        return [(row, *outcomes[row.number]) for row in rows]

    # === LOOKING UP === #

    def _look_up(self, rows):
        serials = {row.values["serial"] for row in rows} - {""}
        codes = {row.values["unit"] for row in rows} - {""}
        kind, community = self.job.kind, self.job.community_id
        units = self.env["property.unit"].search_fetch(
            [("community_id", "=", community.id), ("code", "in", list(codes))], ["code"]
        )
        self.units = {unit.code: unit for unit in units}
        meters = self.Meter.search(
            [
                ("company_id", "=", community.company_id.id),
                ("kind", "=", kind),
                "|",
                ("serial", "in", list(serials)),
                ("unit_id", "in", units.ids),
            ]
        )
        self.by_serial = {meter.serial: meter for meter in meters}
        active = meters.filtered(lambda meter: meter.state == "active")
        self.by_unit = active.grouped("unit_id")
        days = {row.values["date"] for row in rows} - {None}
        found = self.Reading.search(
            [
                ("meter_id", "in", meters.ids),
                "|",
                ("date", "in", list(days)),
                "&",
                ("state", "=", "todo"),
                ("period", "=", self.job.period),
            ]
        )
        self.on_day = {(row.meter_id, row.date): row for row in found}
        self.waiting = {row.meter_id: row for row in found if row.state == "todo"}

    def _find_meter(self, row):
        """Return the meter of a row; with none, the row says why."""
        serial, code = row.values["serial"], row.values["unit"]
        unit = self.units.get(code)
        meter = self.by_serial.get(serial)
        if meter:
            place = meter.unit_id
            if code and place.code != code:
                where = place.code or meter.place or meter.community_id.name
                row.problems.append(Problem("unit", "elsewhere", where))
                return None
            if meter.community_id != self.job.community_id:
                row.problems.append(
                    Problem("serial", "elsewhere", meter.community_id.name)
                )
                return None
            return meter
        if code and not unit:
            row.problems.append(Problem("unit", "unknown_unit", code))
            return None
        own = self.by_unit.get(unit, self.Meter) if unit else self.Meter
        if serial or not own:
            row.problems.append(Problem("serial", "unknown_meter", serial or code))
            return None
        if len(own) > 1:
            row.problems.append(Problem("unit", "several_meters", code))
            return None
        return own

    def _put_in_meters(self, rows):
        """Put in the meters that are not on file, where the import allows it."""
        if not self.job.create_meters:
            return
        missing = {
            row.values["serial"]: row
            for row in reversed(rows)
            if not row.refused
            and row.values["serial"]
            and row.values["serial"] not in self.by_serial
            and row.values["unit"] in self.units
        }
        meters = self.Meter.create(
            [
                {
                    "serial": serial,
                    "kind": self.job.kind,
                    "unit_id": self.units[row.values["unit"]].id,
                    "digits": self.job.digits,
                    "item_id": self.job.item_id.id,
                    "initial_value": float(row.values["previous"] or 0),
                    "initial_date": self.job.initial_date,
                }
                for serial, row in missing.items()
            ]
        )
        self.by_serial.update({meter.serial: meter for meter in meters})

    # === ENTERING === #

    def _leave_unread(self, row, meter, fresh):
        """Let a meter that was not read wait for its value, unless it has one."""
        day = row.values["date"]
        known = self.waiting.get(meter) or self.on_day.get((meter, day))
        if known:
            return UNREAD, known
        fresh.append(
            (
                row.number,
                {
                    "meter_id": meter.id,
                    "date": day,
                    "period": self.job.period,
                    "import_id": self.job.id,
                    "note": row.values["note"] or False,
                },
            )
        )
        return UNREAD, self.Reading

    def _enter(self, row, meter, fresh):
        value, day = float(row.values["value"]), row.values["date"]
        known = self.on_day.get((meter, day))
        if known and known.state != "todo":
            if known.value == value:
                return UNCHANGED, known
            if known.state == "billed":
                row.problems.append(Problem("value", "billed", f"{known.value:g}"))
                return REFUSED, known
        remark = " ".join(filter(None, (row.values["reader"], row.values["note"])))
        vals = {
            "value": value,
            "date": day,
            "period": self.job.period,
            "import_id": self.job.id,
            "user_id": self.job.user_id.id,
            "note": remark or False,
        }
        target = known or self.waiting.get(meter)
        if target:
            outcome = CREATED if target.state == "todo" else UPDATED
            target.write(vals)
            return outcome, target
        fresh.append((row.number, {"meter_id": meter.id, **vals}))
        return CREATED, self.Reading

    def _remark(self, rows, outcomes):
        """Add what shows once the readings stand on file."""
        for row in rows:
            outcome, reading = outcomes[row.number]
            if outcome not in (CREATED, UPDATED):
                continue
            previous = row.values["previous"]
            on_file = reading.previous_value
            if previous is not None and dec(on_file) != previous:
                row.problems.append(
                    Problem("previous", "previous_differs", f"{on_file:g}", "warning")
                )
            if reading.is_held:
                row.problems.append(
                    Problem("value", "odd", reading.anomaly_text, "warning")
                )
