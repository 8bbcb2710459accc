from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.period import CYCLE_MONTHS, add_months
from ..tools.spikes import Figure, find_spike

COMPARED_KINDS = ("recurring", "metered", "shared")


class PropertyFeeRun(models.Model):
    """A run beside the period before: totals by item, and what stands out."""

    _inherit = "property.fee.run"

    total_ids = fields.One2many("property.fee.run.total", "run_id", string="Comparison")
    spike_ids = fields.One2many("property.fee.run.spike", "run_id", string="Flags")
    spike_count = fields.Integer(string="Flagged", compute="_compute_spike_count")
    amount_previous = fields.Monetary(
        string="Period Before", compute="_compute_amount_previous"
    )
    change_percent = fields.Float(
        string="Change (%)",
        compute="_compute_amount_previous",
        digits=(12, 1),
        aggregator=None,
    )

    @api.depends("spike_ids")
    def _compute_spike_count(self):
        counts = dict(
            self.env["property.fee.run.spike"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            run.spike_count = counts.get(run, 0)

    @api.depends("total_ids.amount", "total_ids.amount_before")
    def _compute_amount_previous(self):
        sums = {
            run: (amount, before)
            for run, amount, before in self.env["property.fee.run.total"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id"],
                ["amount:sum", "amount_before:sum"],
            )
        }
        for run in self:
            amount, before = sums.get(run, (0.0, 0.0))
            run.amount_previous = before
            run.change_percent = 100 * (amount - before) / before if before else 0.0

    def action_view_spikes(self):
        """Open what stands out."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_run_spike_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action

    # === COMPARISON === #

    def _start_comparison(self):
        """Forget an earlier comparison and begin anew.

        :return: `Comparison` to be filled
        """
        self.ensure_one()
        # Written by the system alone, as the rows are.
        run = self.sudo()
        run.total_ids.unlink()
        run.spike_ids.unlink()
        known = self._get_figures(None, before=True)
        comparison = Comparison({item for _unit, item in known})
        self._note_gone(comparison, known)
        return comparison

    def _get_figures(self, units, *, before):
        """Return what was charged in the period before, or has been in this one.

        The period before of a yearly fee is the year before; deposits and what is billed
        once have none.

        :param units: property.unit, None for all in the scope
        :param bool before: whether the period before is asked for
        :return: dict (unit id, item id) -> (Figure, basis)
        """
        periods = {
            cycle: add_months(self.period, -months) if before else self.period
            for cycle, months in CYCLE_MONTHS.items()
        }
        matches = SQL(" OR ").join(
            SQL("(COALESCE(rate.cycle, 'month') = %s AND charge.period = %s)", *pair)
            for pair in periods.items()
        )
        narrow = SQL("TRUE")
        if units is not None:
            narrow = SQL("charge.unit_id IN %s", tuple(units.ids) or (0,))
        elif self.building_ids:
            narrow = SQL("unit.building_id IN %s", tuple(self.building_ids.ids))
        if self.item_ids:
            narrow = SQL(
                "%s AND charge.item_id IN %s", narrow, tuple(self.item_ids.ids)
            )
        self.env["property.charge"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT charge.unit_id, charge.item_id, sum(charge.amount),
                       max(charge.quantity), max(charge.explanation->>'basis')
                  FROM property_charge charge
                  JOIN property_fee_item item ON item.id = charge.item_id
                  JOIN property_unit unit ON unit.id = charge.unit_id
                  LEFT JOIN property_fee_rate rate ON rate.id = charge.rate_id
                 WHERE charge.state != 'cancelled' AND item.kind IN %s
                   AND charge.community_id IN %s AND (%s) AND %s
                 GROUP BY charge.unit_id, charge.item_id
                """,
                COMPARED_KINDS,
                tuple(self.community_ids.ids),
                matches,
                narrow,
            )
        )
        return {
            (unit, item): (Figure(float(amount), float(quantity or 0)), basis or "")
            for unit, item, amount, quantity, basis in rows
        }

    def _note_gone(self, comparison, known):
        """Note what was charged before and is neither billed nor due any more."""
        query = self._query_households()
        due = {row[0] for row in self.env.execute_query(query)}
        billed = self._get_figures(None, before=False)
        for key, (figure, _basis) in known.items():
            comparison.add_before(key[1], figure)
            if key[0] not in due and key not in billed:
                comparison.note(key, "gone", figure, None)

    def _compare(self, comparison, plans):
        """Compare the plans of some households with the period before.

        :param Comparison comparison: filled
        :param dict plans: unit -> `UnitPlan`
        """
        units = self.env["property.unit"].union(*plans) if plans else None
        if not units:
            return
        before = self._get_figures(units, before=True)
        billed = self._get_figures(units, before=False)
        now = {}
        for unit, plan in plans.items():
            for vals in plan.vals_list:
                key = unit.id, vals["item_id"]
                old = now.get(key, (Figure(0.0, 0.0), ""))[0]
                figure = Figure(
                    old.amount + vals["amount"], max(old.quantity, vals["quantity"])
                )
                now[key] = figure, vals["explanation"].get("basis") or ""
        items = self.env["property.fee.item"].browse({item for _unit, item in now})
        kinds = {item.id: item.kind for item in items}
        for key, (figure, basis) in now.items():
            comparison.add(key[1], figure)
            self._compare_one(comparison, key, basis, kinds[key[1]], before, figure)
        unknown = {
            unit.id for unit, plan in plans.items() if plan.problems or plan.held
        }
        for key, (figure, _basis) in before.items():
            if key not in now and key not in billed and key[0] not in unknown:
                comparison.note(key, "gone", figure, None)
        self._note_previous(plans, before)

    def _compare_one(self, comparison, key, basis, kind, before, figure):
        old = before.get(key, (None, ""))[0]
        if kind not in COMPARED_KINDS:
            return
        if old is None and key[1] not in comparison.known_items:
            return  # the first time that the fee is billed at all
        percent = self.company_id.property_spike_percent
        if spike := find_spike(basis, kind, old, figure, percent):
            comparison.note(key, spike, old, figure)

    def _note_previous(self, plans, before):
        """Note on the rows what the households were charged in the period before."""
        sums = defaultdict(float)
        for (unit, _item), (figure, _basis) in before.items():
            sums[unit] += figure.amount
        # Rows are written by the system alone.
        lines = self.env["property.fee.run.line"].sudo()
        for line in lines.search(
            [("run_id", "=", self.id), ("unit_id", "in", [unit.id for unit in plans])]
        ):
            line.amount_previous = sums.get(line.unit_id.id, 0.0)

    def _finish_comparison(self, comparison):
        """Store what the comparison found."""
        # Written by the system alone, as the rows are.
        env = self.sudo().env
        lines = {
            line.unit_id.id: line
            for line in env["property.fee.run.line"].search_fetch(
                [
                    ("run_id", "=", self.id),
                    ("unit_id", "in", [key[0] for key in comparison.spikes]),
                ],
                ["unit_id"],
            )
        }
        empty = Figure(0.0, 0.0)
        spikes = env["property.fee.run.spike"].create(
            [
                {
                    "run_id": self.id,
                    "line_id": lines[unit].id if unit in lines else False,
                    "unit_id": unit,
                    "item_id": item,
                    "kind": kind,
                    "quantity_before": (old or empty).quantity,
                    "quantity": (new or empty).quantity,
                    "amount_before": (old or empty).amount,
                    "amount": (new or empty).amount,
                }
                for (unit, item), (kind, old, new) in comparison.spikes.items()
            ]
        )
        for line, own in spikes.grouped("line_id").items():
            if line:
                texts = [f"{spike.item_id.name}: {spike._get_text()}" for spike in own]
                line.write({"spike_count": len(own), "spike_text": "; ".join(texts)})
        env["property.fee.run.total"].create(
            [
                {"run_id": self.id, "item_id": item, **values}
                for item, values in comparison.totals.items()
            ]
        )


class Comparison:
    """Totals by item and what stands out, as they are found.

    :ivar set known_items: items that were charged in the period before at all
    :ivar dict totals: item id -> values of its total
    :ivar dict spikes: (unit id, item id) -> (kind, Figure before, Figure now)
    """

    def __init__(self, known_items):
        self.known_items = known_items
        self.totals = defaultdict(lambda: defaultdict(float))
        self.spikes = {}

    def add(self, item, figure):
        """Count what is charged now."""
        self.totals[item]["unit_count"] += 1
        self.totals[item]["amount"] += figure.amount

    def add_before(self, item, figure):
        """Count what was charged in the period before."""
        self.totals[item]["unit_count_before"] += 1
        self.totals[item]["amount_before"] += figure.amount

    def note(self, key, kind, before, now):
        """Note what stands out of an item of a household."""
        self.spikes[key] = kind, before, now
