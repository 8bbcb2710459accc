from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.amount import amount_of
from ..tools.period import (
    ONE_DAY,
    Range,
    cut_before,
    due_range,
    format_range,
    intersect,
    month_end,
    month_start,
    period_of,
    subtract,
)


class Piece(NamedTuple):
    """Days of an assignment on which one rate counts and one person pays.

    :ivar float quantity: what was measured; None when it follows from unit and rate
    :ivar dict inputs: further facts for the explanation of the charge
    """

    assignment: models.BaseModel
    span: Range
    rate: models.BaseModel
    payer: models.BaseModel = None
    quantity: float = None
    inputs: dict = None


# Billed once, on the first day of the assignment.
KINDS_ONCE = ("one_off", "deposit")
# Billed by what was measured or shared out, see `_get_measured_pieces`.
KINDS_MEASURED = ("metered", "shared")


class ChargePlan(NamedTuple):
    """What a month's run owes to a set of assignments.

    :ivar list vals_list: values of the charges to create
    :ivar dict problems: assignment -> why it cannot be charged
    :ivar set billed: assignments of which all that is due has been charged before
    """

    vals_list: list
    problems: dict
    billed: set


class PropertyFeeAssignment(models.Model):
    _inherit = "property.fee.assignment"

    @api.model
    def _domain_due(self, month):
        """Return the domain of the assignments that a run of a month has to look at.

        :param date month: any day of the month
        :rtype: Domain
        """
        # Billed in advance or in arrears, a due period lies in the calendar year.
        year = period_of(month, "year")
        return Domain("date_start", "<=", year.end) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", year.start)
        )

    def _plan_charges(self, month):
        """Work out the charges that fall due in a month and do not exist yet.

        Nothing is written. The number of queries does not depend on the number of
        assignments, only on the number of different days on which something begins.

        :param date month: any day of the month that is billed
        :rtype: ChargePlan
        """
        month = month_start(month)
        problems, billed = {}, set()
        pieces = self._get_due_pieces(month, problems)
        pieces = self._drop_charged(pieces, billed)
        pieces = self._split_by_payer(pieces, problems)
        vals_list = []
        for piece in pieces:
            if piece.assignment in problems:
                continue
            if reason := piece.assignment._get_piece_problem(piece):
                problems[piece.assignment] = reason
            else:
                vals_list.append(piece.assignment._prepare_charge(piece, month))
        vals_list = [
            vals
            for vals in vals_list
            if self.browse(vals["assignment_id"]) not in problems
        ]
        return ChargePlan(vals_list, problems, billed - problems.keys())

    def _get_due_pieces(self, month, problems):
        """Return what is due in a month, split where another rate begins to count.

        :param dict problems: filled with the assignments that no rate covers
        :return: list of `Piece` without payers
        """
        whole_month = Range(month, month_end(month))
        year = Range(*period_of(month, "year"))
        timelines = self.env["property.fee.rate"]._get_timelines(
            {assignment._get_rate_key() for assignment in self}, year
        )
        stretches = {
            key: self._get_stretches(timeline) for key, timeline in timelines.items()
        }
        measured = self.filtered(lambda a: a.item_id.kind in KINDS_MEASURED)
        pieces = measured._get_measured_pieces(month, timelines, problems)
        for assignment in self - measured:
            kind = assignment.item_id.kind
            if kind == "late_fee":
                continue
            key = assignment._get_rate_key()
            span = assignment._get_range()
            if kind in KINDS_ONCE:
                due = self._get_due_once(span, whole_month, timelines[key])
            else:
                due = self._get_due_recurring(month, span, stretches[key])
            pieces += [Piece(assignment, part, rate) for part, rate in due]
            in_month = intersect(span, whole_month)
            if kind in KINDS_ONCE:
                in_month = intersect(Range(span.start, span.start), whole_month)
            if in_month and (missing := self._get_uncovered(in_month, timelines[key])):
                problems[assignment] = self.env._(
                    "No rate of %(item)s covers %(days)s.",
                    item=assignment.item_id.name,
                    days=format_range(*missing),
                )
        return pieces

    def _get_measured_pieces(self, month, timelines, problems):
        """Return what is due of assignments whose quantity is measured or shared out.

        Called for assignments of metered and shared items; overridden by what knows
        meters and shared costs.

        :param date month: first day of the month of the run
        :param dict timelines: rate key (see `_get_rate_key`) -> segments of rates
        :param dict problems: to be filled with assignments that cannot be charged and why
        :return: list of `Piece` with `span`, `rate`, `quantity` and `inputs`
        """
        return []

    def _get_rate_key(self):
        """Return what decides which rates apply: item, community, unit type."""
        self.ensure_one()
        return self.item_id, self.community_id, self.unit_id.unit_type

    @api.model
    def _get_stretches(self, timeline):
        """Join neighbouring segments of a timeline that are billed in the same rhythm.

        :return: list of (Range, cycle, timing, segments)
        """
        stretches = []
        for segment in timeline:
            rhythm = segment.value.cycle, segment.value.timing
            if stretches:
                span, cycle, timing, segments = stretches[-1]
                if (cycle, timing) == rhythm and span.end + ONE_DAY == segment.start:
                    stretches[-1] = (
                        Range(span.start, segment.end),
                        cycle,
                        timing,
                        [*segments, segment],
                    )
                    continue
            stretches.append((Range(segment.start, segment.end), *rhythm, [segment]))
        return stretches

    @api.model
    def _get_due_recurring(self, month, span, stretches):
        """Return the days of a range that are due in a month, with the rate of each part."""
        parts = []
        for stretch, cycle, timing, segments in stretches:
            live = intersect(span, stretch)
            if live and (due := due_range(month, live, cycle, timing)):
                for segment in segments:
                    if part := intersect(due, segment[:2]):
                        parts.append((part, segment.value))
        return parts

    @api.model
    def _get_due_once(self, span, whole_month, timeline):
        """Return the first day of a range, when it lies in the month, with its rate."""
        day = intersect(Range(span.start, span.start), whole_month)
        return [
            (day, segment.value)
            for segment in timeline
            if day and segment.start <= day.start <= segment.end
        ]

    @api.model
    def _get_uncovered(self, span, timeline):
        """Return the first part of a range without a rate, None when all is covered."""
        missing = subtract(span, [segment[:2] for segment in timeline])
        return missing[0] if missing else None

    def _drop_charged(self, pieces, billed):
        """Take out the days that live charges already hold.

        :param set billed: filled with the assignments of which nothing remains
        """
        if not pieces:
            return pieces
        charges = self.env["property.charge"].search_fetch(
            [
                ("assignment_id", "in", [piece.assignment.id for piece in pieces]),
                ("state", "!=", "cancelled"),
                ("date_from", "<=", max(piece.span.end for piece in pieces)),
                ("date_to", ">=", min(piece.span.start for piece in pieces)),
            ],
            ["assignment_id", "date_from", "date_to"],
        )
        if not charges:
            return pieces
        holes = defaultdict(list)
        for charge in charges:
            holes[charge.assignment_id].append((charge.date_from, charge.date_to))
        remaining = []
        for piece in pieces:
            parts = subtract(piece.span, holes.get(piece.assignment, ()))
            remaining += [piece._replace(span=part) for part in parts]
        billed |= {piece.assignment for piece in pieces}
        billed -= {piece.assignment for piece in remaining}
        return remaining

    # === PAYERS === #

    def _split_by_payer(self, pieces, problems):
        """Split pieces on the days on which somebody else begins to pay.

        Each day is owed by whoever pays on that day, so a buyer never inherits what the
        seller owes. Days without anybody are the developer's.

        :param dict problems: filled with the assignments for which nobody pays
        :return: list of `Piece` with payers
        """
        cuts = self._get_payer_cuts(pieces)
        wanted = defaultdict(set)  # (rule, day) -> units
        for piece in pieces:
            if piece.assignment.payer_rule != "partner":
                for part in cut_before(piece.span, cuts[piece.assignment.unit_id]):
                    wanted[piece.assignment.payer_rule, part.start].add(
                        piece.assignment.unit_id.id
                    )
        payers = {
            (rule, day): self.env["property.unit"]
            .browse(unit_ids)
            ._get_payers(day, rule)
            for (rule, day), unit_ids in wanted.items()
        }
        result = []
        for piece in pieces:
            assignment, unit = piece.assignment, piece.assignment.unit_id
            if assignment.payer_rule == "partner":
                result.append(piece._replace(payer=assignment.partner_id))
                continue
            joined = []
            for part in cut_before(piece.span, cuts[unit]):
                payer = payers[assignment.payer_rule, part.start].get(unit)
                payer = payer or unit.community_id.developer_id
                if not payer:
                    problems[assignment] = self.env._(
                        "Nobody pays %(item)s on %(day)s: the unit has no owner"
                        " and the community no developer.",
                        item=assignment.item_id.name,
                        day=fields.Date.to_string(part.start),
                    )
                    break
                if joined and joined[-1].payer == payer:
                    span = Range(joined[-1].span.start, part.end)
                    joined[-1] = joined[-1]._replace(span=span)
                else:
                    joined.append(piece._replace(span=part, payer=payer))
            result += joined
        return result

    @api.model
    def _get_payer_cuts(self, pieces):
        """Return the days on which the payer of a unit may change.

        :return: dict unit -> set of days, empty for units without any
        """
        cuts = defaultdict(set)
        units = {
            piece.assignment.unit_id.id
            for piece in pieces
            if piece.assignment.payer_rule != "partner"
        }
        if not units:
            return cuts
        first = min(piece.span.start for piece in pieces)
        last = max(piece.span.end for piece in pieces)
        occupancies = self.env["property.occupancy"].search_fetch(
            Domain("unit_id", "in", list(units))
            & (
                (Domain("date_start", ">", first) & Domain("date_start", "<=", last))
                | (Domain("date_end", ">=", first) & Domain("date_end", "<", last))
            ),
            ["unit_id", "date_start", "date_end"],
        )
        for occupancy in occupancies:
            days = cuts[occupancy.unit_id]
            days.add(occupancy.date_start)
            if occupancy.date_end:
                days.add(occupancy.date_end + ONE_DAY)
        return cuts

    # === CHARGES === #

    def _get_quantity(self, rate):
        """Return how much of a rate's unit of price the household has.

        Overridden to add further bases.
        """
        self.ensure_one()
        area = rate.basis in ("gross_area", "inner_area")
        return self.unit_id[rate.basis] if area else 1.0

    def _get_piece_problem(self, piece):
        """Return why a piece cannot be charged, None when it can."""
        if reason := self.item_id._get_billing_problem():
            return reason
        if piece.quantity is not None or self._get_quantity(piece.rate) > 0:
            return None
        bases = dict(piece.rate._fields["basis"]._description_selection(self.env))
        return self.env._(
            "%(item)s is charged by %(basis)s, which the unit does not have.",
            item=self.item_id.name,
            basis=bases[piece.rate.basis],
        )

    def _prepare_charge(self, piece, month):
        """Return the values of the charge of a piece.

        :param Piece piece: days, rate and payer
        :param date month: first day of the month of the run
        """
        self.ensure_one()
        rate, span = piece.rate, piece.span
        quantity = piece.quantity
        if quantity is None:
            quantity = self._get_quantity(rate)
        inputs = {
            "kind": self.item_id.kind,
            "basis": rate.basis,
            "quantity": f"{quantity:.2f}",
            "price": f"{rate.price:.4f}",
            "date_from": span.start.isoformat(),
            "date_to": span.end.isoformat(),
            "proration": rate.proration,
            "rounding": rate.rounding,
            **(piece.inputs or {}),
        }
        result = amount_of(inputs)
        return {
            "assignment_id": self.id,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "community_id": self.community_id.id,
            "company_id": self.company_id.id,
            "partner_id": piece.payer.id,
            "rate_id": rate.id,
            "period": month,
            "date_from": span.start,
            "date_to": span.end,
            "quantity": float(inputs["quantity"]),
            "unit_price": rate.price,
            "amount": float(result.amount),
            "explanation": {
                **inputs,
                "whole_months": result.whole_months,
                "parts": [list(part) for part in result.parts],
                "amount": str(result.amount),
            },
        }
