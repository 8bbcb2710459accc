from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.models.property_occupancy import TENANT_ROLES

from ..tools.period import ONE_DAY, Range, cut_before, subtract


class PropertyFeeAssignment(models.Model):
    """Who pays on which day, and on which days nobody lives there."""

    _inherit = "property.fee.assignment"

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
            if piece.assignment.payer_rule == "partner":
                result.append(piece._replace(payer=piece.assignment.partner_id))
            else:
                result += self._get_parts_by_payer(piece, cuts, payers, problems)
        self._note_archived_payers(result, problems)
        return result

    @api.model
    def _get_parts_by_payer(self, piece, cuts, payers, problems):
        """Return a piece cut where somebody else pays, neighbours of one payer joined.

        :param dict cuts: unit -> days on which the payer may change
        :param dict payers: (rule, day) -> dict unit -> payer
        """
        assignment, unit = piece.assignment, piece.assignment.unit_id
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
        return joined

    @api.model
    def _note_archived_payers(self, pieces, problems):
        """Note which assignments cannot be charged because who pays is archived."""
        payers = self.env["res.partner"].union(*(piece.payer for piece in pieces))
        archived = payers.filtered(lambda payer: not payer.active)
        for piece in pieces:
            if piece.payer in archived:
                problems[piece.assignment] = self.env._(
                    "%(payer)s, who pays %(item)s, is archived. Restore the contact, or let"
                    " somebody else pay.",
                    payer=piece.payer.name,
                    item=piece.assignment.item_id.name,
                )

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

    # === VACANCY === #

    def _split_by_vacancy(self, pieces):
        """Split pieces whose rate asks less of vacant units where a unit becomes vacant.

        A unit is vacant on a day when it has been handed over and has neither resident nor
        tenant, and is not being renovated: as its status says, but as of that day.

        :return: list of `Piece`; those of vacant days say so in their inputs
        """
        concerned = {
            piece.assignment.unit_id
            for piece in pieces
            if piece.rate.vacancy_percent < 100
            and piece.assignment.item_id.kind == "recurring"
        }
        if not concerned:
            return pieces
        units = self.env["property.unit"].union(*concerned)
        busy = self._get_busy_days(units, max(piece.span.end for piece in pieces))
        result = []
        for piece in pieces:
            unit = piece.assignment.unit_id
            if unit not in concerned or piece.rate.vacancy_percent >= 100:
                result.append(piece)
                continue
            vacant = subtract(piece.span, busy[unit])
            inputs = {
                **(piece.inputs or {}),
                "vacancy": f"{piece.rate.vacancy_percent:g}",
            }
            parts = [piece._replace(span=part, inputs=inputs) for part in vacant]
            parts += [
                piece._replace(span=part) for part in subtract(piece.span, vacant)
            ]
            result += sorted(parts, key=lambda part: part.span)
        return result

    @api.model
    def _get_busy_days(self, units, last):
        """Return the days on which units are not vacant, up to a day.

        :return: dict unit -> list of ranges
        """
        busy = {unit: [] for unit in units}
        for unit in units:
            if not unit.handover_date:
                busy[unit].append((date.min, date.max))
                continue
            if unit.handover_date > date.min:
                busy[unit].append((date.min, unit.handover_date - ONE_DAY))
            if unit.renovation_start:
                end = unit.renovation_end or date.max
                busy[unit].append((unit.renovation_start, end))
        people = self.env["property.occupancy"].search_fetch(
            Domain("unit_id", "in", units.ids)
            & Domain("date_start", "<=", last)
            & (Domain("is_resident", "=", True) | Domain("role", "in", TENANT_ROLES)),
            ["unit_id", "date_start", "date_end"],
        )
        for person in people:
            busy[person.unit_id].append(
                (person.date_start, person.date_end or date.max)
            )
        return busy
