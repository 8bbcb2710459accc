from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.property_base.models.bulk_insert import create_plain

AMOUNTS = ("amount_due", "amount_overdue", "date_oldest", "months_owed")
NOTHING_OWED = (0.0, 0.0, None, 0)


class PropertyDunningCase(models.Model):
    """What is owed, always as it is in the books."""

    _inherit = "property.dunning.case"

    @api.depends("unit_id", "partner_id")
    def _compute_amounts(self):
        facts = self._get_facts(fields.Date.context_today(self))
        for case in self:
            row = facts.get((case.unit_id.id, case.partner_id.id), NOTHING_OWED)
            case.amount_due, case.amount_overdue = row[0], row[1]
            case.date_oldest, case.months_owed = row[2] or False, row[3]

    def _get_facts(self, date):
        """Return what the debtors of the cases owe as of a day, in one query.

        :return: dict (unit id, partner id) ->
            (open, overdue, oldest due date or None, months with an overdue bill)
        """
        return self._query_facts(self.unit_id.ids, date, self.partner_id.ids)

    @api.model
    def _query_facts(self, unit_ids, date, partner_ids=None):
        """Return what is owed for units, by debtor, see `_get_facts`.

        :param list partner_ids: only what these owe
        """
        if not unit_ids:
            return {}
        Move = self.env["account.move"]
        Move.flush_model(
            [
                "property_unit_id",
                "partner_id",
                "amount_residual_signed",
                "invoice_date_due",
                "move_type",
                "state",
                "property_period",
            ]
        )
        of_partners = SQL()
        if partner_ids is not None:
            of_partners = SQL("AND partner_id = ANY(%s)", partner_ids)
        overdue = SQL("invoice_date_due < %s", date)
        bill = SQL("%s AND move_type = 'out_invoice'", overdue)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT property_unit_id, partner_id,
                       SUM(amount_residual_signed),
                       COALESCE(SUM(amount_residual_signed) FILTER (WHERE %(overdue)s), 0),
                       MIN(invoice_date_due) FILTER (WHERE %(bill)s),
                       COUNT(DISTINCT property_period) FILTER (WHERE %(bill)s)
                  FROM account_move
                 WHERE property_unit_id = ANY(%(units)s) %(of_partners)s
                   AND state = 'posted'
                   AND move_type IN ('out_invoice', 'out_refund')
                   AND amount_residual_signed != 0
                 GROUP BY property_unit_id, partner_id
                """,
                overdue=overdue,
                bill=bill,
                units=list(unit_ids),
                of_partners=of_partners,
            )
        )
        return {
            (unit, partner): (float(due), float(late), oldest, months)
            for unit, partner, due, late, oldest, months in rows
        }

    @api.model
    def _touch(self, moves):
        """Let the cases of some bills look at the books again: something was paid.

        :param account.move moves: bills or credit notes whose residual may have changed
        """
        # Whoever takes the money need not have a right on the case.
        cases = self.sudo().search(
            [
                ("unit_id", "in", moves.property_unit_id.ids),
                ("partner_id", "in", moves.partner_id.ids),
            ]
        )
        cases._recompute_amounts()

    def _recompute_amounts(self):
        """Have the amounts, and what follows from them, computed anew when next asked for."""
        if self:
            for name in AMOUNTS:
                self.env.add_to_compute(self._fields[name], self)
            self.modified(AMOUNTS)

    @api.model
    def _sync(self, communities, date=None):
        """Open cases for households that have come to owe, and bring all up to date.

        :param property.community communities: where
        :param date date: as of when, today by default
        :return: the cases with something overdue
        """
        date = date or fields.Date.context_today(self)
        # Cases are opened by the system alone, whoever asks for it.
        cases = self.sudo().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True, tracking_disable=True
        )
        today = fields.Date.context_today(self)
        # Archived units owe as well.
        units = (
            self.env["property.unit"]
            .sudo()
            .with_context(active_test=False)
            .search([("community_id", "in", communities.ids)])
        )
        facts = self._query_facts(units.ids, date)
        # What a case says is as of today, whatever the day of the run.
        current = facts if date == today else self._query_facts(units.ids, today)
        places = {unit.id: unit for unit in units}
        known = cases.search([("community_id", "in", communities.ids)])
        keys = {(case.unit_id.id, case.partner_id.id): case for case in known}
        create_plain(
            cases,
            [
                cases._prepare_new(places[unit], partner, current.get((unit, partner)))
                for (unit, partner), row in facts.items()
                if row[1] > 0 and (unit, partner) not in keys
            ],
        )
        stale = known.filtered(
            lambda case: (
                current.get((case.unit_id.id, case.partner_id.id), NOTHING_OWED)
                != (
                    case.amount_due,
                    case.amount_overdue,
                    case.date_oldest or None,
                    case.months_owed,
                )
            )
        )
        stale._recompute_amounts()
        return self.search(
            [("community_id", "in", communities.ids), ("state", "!=", "closed")]
        )

    @api.model
    def _prepare_new(self, unit, partner_id, facts):
        """Return the values of the case of a debtor of whom nothing else is known yet.

        :param tuple facts: what he owes today, see `_get_facts`
        """
        facts = facts or NOTHING_OWED
        owes = unit.company_id.currency_id.compare_amounts(facts[1], 0) > 0
        return {
            "unit_id": unit.id,
            "partner_id": partner_id,
            "community_id": unit.community_id.id,
            "building_id": unit.building_id.id,
            "company_id": unit.company_id.id,
            **dict(zip(AMOUNTS, facts, strict=True)),
            "state": "open" if owes else "closed",
        }

    # === BY ITEM AND MONTH === #

    def _get_owed(self):
        """Return what is open by item and month.

        What is open of a bill is spread over its lines as they share in the bill.

        :return: dict case -> dict (item name, month) -> amount
        """
        facts = self._get_open_lines()
        result = {}
        for case in self:
            owed = defaultdict(float)
            rows = facts.get((case.unit_id.id, case.partner_id.id), ())
            for item, period, residual, part, whole in rows:
                share = part / whole if whole else 1
                owed[item or self.env._("Other"), period] += residual * share
            result[case] = {
                key: case.currency_id.round(amount) for key, amount in owed.items()
            }
        return result

    def _get_open_lines(self):
        """Return the lines of open bills.

        :return: dict (unit id, partner id) -> list of
            (item name, month, open amount of the bill, amount of the line, of all lines)
        """
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        item_name = self.env["property.fee.item"]._field_to_sql("item", "name")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.property_unit_id, move.partner_id, %(item)s,
                       COALESCE(move.property_period, DATE_TRUNC('month', move.date)::date),
                       move.amount_residual_signed, SUM(line.price_total),
                       SUM(SUM(line.price_total)) OVER (PARTITION BY move.id)
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                  LEFT JOIN property_charge charge ON charge.id = line.property_charge_id
                  LEFT JOIN property_fee_item item ON item.id = charge.item_id
                 WHERE move.property_unit_id = ANY(%(units)s)
                   AND move.partner_id = ANY(%(partners)s)
                   AND move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund')
                   AND move.amount_residual_signed != 0
                   AND line.display_type = 'product'
                 GROUP BY move.id, item.id
                """,
                item=item_name,
                units=self.unit_id.ids,
                partners=self.partner_id.ids,
            )
        )
        result = defaultdict(list)
        for unit, partner, item, period, residual, part, whole in rows:
            result[unit, partner].append(
                (item, period, float(residual), float(part), float(whole))
            )
        return result

    def _compute_owed_table(self):
        owed = self._get_owed()
        for case in self:
            case.owed_table = owed[case] and case._render_owed_table(owed[case])

    def _render_owed_table(self, owed):
        """Return a table of items and months."""
        months = sorted({month for _item, month in owed})
        items = sorted({item for item, _month in owed})
        cell = Markup('<td class="text-end">%s</td>')
        head = Markup('<th class="text-end">%s</th>')
        total = self.env._("Total")

        def row(title, values):
            values = [f"{value:,.2f}" if value else "" for value in values]
            return (
                Markup("<tr><th>%s</th>") % title
                + Markup("").join(cell % value for value in values)
                + Markup("</tr>")
            )

        rows = [
            row(
                item,
                [owed.get((item, month), 0) for month in months]
                + [sum(owed.get((item, month), 0) for month in months)],
            )
            for item in items
        ]
        rows.append(
            row(
                total,
                [sum(owed.get((item, month), 0) for item in items) for month in months]
                + [sum(owed.values())],
            )
        )
        titles = [f"{month:%Y-%m}" for month in months] + [total]
        return (
            Markup('<table class="table table-sm o_main_table"><thead><tr><th></th>')
            + Markup("").join(head % title for title in titles)
            + Markup("</tr></thead><tbody>")
            + Markup("").join(rows)
            + Markup("</tbody></table>")
        )
