from datetime import timedelta
from functools import cache
from typing import NamedTuple

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.property_base.models.bulk_insert import create_plain

from ..tools.dunning import Facts, fill

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class Verdict(NamedTuple):
    """Whether a household is reminded on a day.

    :ivar property.dunning.level level: of which level, empty when it is not
    :ivar str reason: why not
    :ivar Facts facts: what it owes
    """

    level: models.BaseModel
    reason: str
    facts: Facts


class Owed(NamedTuple):
    """What a reminder tells of the debt.

    :ivar float amount: open
    :ivar tuple periods: first days of the months with an open bill, in order
    :ivar date oldest: due date of the oldest open bill
    """

    amount: float
    periods: tuple
    oldest: object


class PropertyDunningLetter(models.Model):
    """Who is reminded, and what he is told."""

    _inherit = "property.dunning.letter"

    @api.model
    def _generate(self, date, communities):
        """Write the reminders that are due on a day; whoever was just reminded gets none.

        :param date date: the day; overdue and interval are counted from it
        :param property.community communities: for whom
        :return: the new reminders
        """
        cases = self.env["property.dunning.case"]._sync(communities, date)
        return self._remind(cases, date)

    @api.model
    def _remind(self, cases, date, run=None):
        """Write the reminders of cases that are due on a day, mail and tasks included.

        :param property.dunning.case cases: who might be reminded
        :param date date: the day
        :param property.dunning.run run: that asks for it, if any
        :return: the new reminders
        """
        verdicts = self._judge(cases, date)
        return self._write_reminders(verdicts, date, run)

    # === WHETHER === #

    @api.model
    def _judge(self, cases, date):
        """Return whether each case is to be reminded on a day, with a few queries for all.

        :return: dict case -> `Verdict`
        """
        # Whoever starts a run sees the outcome; the facts are the system's.
        cases = cases.sudo()
        facts = cases._get_facts(date)
        policies = cases.env["property.dunning.policy"]._get_by_community(
            cases.community_id
        )
        rules = {policy: policy._get_levels() for policy in {*policies.values()}}
        exempt = self.env["property.dunning.exemption"]._get_exempt(cases.unit_id, date)
        credit = cases._get_credit()
        recent = {
            (letter.case_id.id, letter.level_id.id): letter.date
            for letter in cases.env[self._name].search_fetch(
                Domain("case_id", "in", cases.ids)
                & Domain("state", "!=", "cancelled")
                & Domain("date_next", ">", date),
                ["case_id", "level_id", "date"],
            )
        }
        result = {}
        for case in cases:
            row = facts.get((case.unit_id.id, case.partner_id.id))
            owed = row[1] if row else 0.0
            owed -= credit.get(case, 0.0)
            oldest = row and row[2]
            fact = Facts(
                (date - oldest).days if oldest else 0, row[3] if row else 0, owed
            )
            policy = policies[case.community_id]
            reason = case._why_spared(date, fact, policy, exempt)
            level = self.env["property.dunning.level"]
            if not reason:
                levels, plain = rules[policy]
                place = case._choose_level(levels, plain, fact)
                level = levels[place] if place is not None else level
                if not level:
                    reason = self.env._("Has not come to the next level.")
                elif day := recent.get((case.id, level.id)):
                    reason = self.env._(
                        "Reminded on %(date)s.", date=format_date(self.env, day)
                    )
            if reason:
                level = level.browse()
            result[case.with_env(self.env)] = Verdict(level, reason, fact)
        return result

    # === WHAT === #

    @api.model
    def _write_reminders(self, verdicts, date, run=None, bills=None):
        """Create the reminders of those who are to get one, and send what goes by itself.

        :param dict verdicts: case -> `Verdict`
        :param dict bills: see `_get_overdue_bills`, where somebody has looked already
        """
        chosen = {case: verdict for case, verdict in verdicts.items() if verdict.level}
        if not chosen:
            return self.browse()
        if bills is None:
            bills = self._get_overdue_bills(list(chosen), date)
        chosen = {case: verdict for case, verdict in chosen.items() if bills.get(case)}
        vals_list = [
            self._prepare_letter(case, verdict, bills[case], date, run)
            for case, verdict in chosen.items()
        ]
        self._prepare_texts(chosen, bills, vals_list)
        # Reminders are written by the system alone, whoever starts the run.
        letters = create_plain(self.sudo().with_context(**QUIET), vals_list)
        letters._insert_lines(bills)
        for level, own in letters.grouped("level_id").items():
            own.case_id.with_context(**QUIET).write(
                {"level_id": level.id, "raised": False, "date_reminded": date}
            )
        letters._dispatch()
        letters.case_id.with_context(**QUIET)._plan_next(date)
        return letters.with_env(self.env)

    def _insert_lines(self, bills):
        """List the bills in new reminders, as they stand in the books.

        The rows are copies of columns of the bills, a few for each of thousands of reminders:
        one statement writes them all.

        :param dict bills: case -> account.move
        """
        self.env["account.move"].flush_model()
        pairs = [
            (letter.id, bill_id)
            for letter in self
            for bill_id in bills[letter.case_id].ids
        ]
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO property_dunning_letter_line
                       (letter_id, move_id, period, date_due, amount_billed, amount_open,
                        create_uid, create_date, write_uid, write_date)
                SELECT pair.letter_id, move.id, move.property_period,
                       move.invoice_date_due, move.amount_total_signed,
                       move.amount_residual_signed,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM UNNEST(%(letters)s, %(moves)s)
                       WITH ORDINALITY AS pair (letter_id, move_id, place)
                  JOIN account_move move ON move.id = pair.move_id
                 ORDER BY pair.place
                RETURNING id
                """,
                user=self.env.uid,
                now=fields.Datetime.now(),
                letters=[letter_id for letter_id, _move in pairs],
                moves=[move_id for _letter, move_id in pairs],
            )
        )
        self.invalidate_recordset(["line_ids"])

    @api.model
    def _get_overdue_bills(self, cases, date):
        """Return the bills and credit notes that are past their date.

        :return: dict case -> account.move
        """
        Case = self.env["property.dunning.case"]
        cases = Case.concat(*cases).sudo()  # the books are read for the letter's sake
        rows = (
            self.env["account.move"]
            .sudo()
            .search_fetch(
                Domain("property_unit_id", "in", cases.unit_id.ids)
                & Domain("partner_id", "in", cases.partner_id.ids)
                & Domain("state", "=", "posted")
                & Domain("payment_state", "in", ("not_paid", "partial"))
                & Domain("invoice_date_due", "<", date),
                [
                    "property_unit_id",
                    "partner_id",
                    "property_period",
                    "invoice_date_due",
                    "amount_total_signed",
                    "amount_residual_signed",
                ],
                order="invoice_date_due, id",
            )
        )
        keyed = rows.grouped(lambda bill: (bill.property_unit_id, bill.partner_id))
        return {
            case.with_env(self.env): keyed.get(
                (case.unit_id, case.partner_id), rows.browse()
            )
            for case in cases
        }

    @api.model
    def _prepare_letter(self, case, verdict, bills, date, run):
        """Return the values of a reminder but for its text and its list of bills."""
        level = verdict.level
        unit = case.unit_id
        return {
            "name": self._format_name(unit, date),
            "case_id": case.id,
            "run_id": run.id if run else False,
            "unit_id": unit.id,
            "community_id": unit.community_id.id,
            "company_id": unit.company_id.id,
            "partner_id": case.partner_id.id,
            "level_id": level.id,
            "channel": level.channel,
            "date": date,
            "date_next": date + timedelta(days=level.interval_days),
            "deadline": date + timedelta(days=level.grace_days),
        }

    # === TEXT === #

    @api.model
    def _prepare_texts(self, verdicts, bills, vals_list):
        """Add what reminders say to their values, in the language of the debtors.

        :param dict verdicts: case -> `Verdict`
        :param dict bills: case -> account.move
        :param list vals_list: values of the reminders, in the order of the cases
        """
        render = cache(lambda level, lang: self._get_renderer(level, lang))
        for case, vals in zip(verdicts, vals_list, strict=True):
            own = bills[case]
            owed = Owed(
                sum(own.mapped("amount_residual_signed")),
                tuple(sorted(set(own.mapped("property_period")) - {False})),
                min(own.mapped("invoice_date_due")),
            )
            lang = case.partner_id.lang or case.company_id.partner_id.lang
            vals["amount"] = owed.amount
            vals.update(
                render(verdicts[case].level, lang)(
                    case.unit_id, case.partner_id, owed, vals["date"], vals["deadline"]
                )
            )

    def _write_text(self):
        """Fill in what the reminders say anew, from their lists of bills."""
        for letter in self:
            lines = letter.line_ids
            owed = Owed(
                letter.amount,
                tuple(sorted(set(lines.mapped("period")) - {False})),
                min(lines.mapped("date_due"), default=letter.date),
            )
            lang = letter.partner_id.lang or letter.company_id.partner_id.lang
            render = self._get_renderer(letter.level_id, lang)
            # Its words are the system's, whoever prints it.
            letter.sudo().write(
                render(
                    letter.unit_id,
                    letter.partner_id,
                    owed,
                    letter.date,
                    letter.deadline or letter.date,
                )
            )

    @api.model
    def _get_renderer(self, level, lang):
        """Return a function that fills in the texts of a level in a language.

        :return: function of unit, debtor, `Owed`, day and deadline of a reminder, which
            returns the values of its text fields
        """
        # What it says is printed for the debtor, whoever sends it.
        level = level.sudo().with_context(lang=lang)
        subject = level.subject or level.name
        text, short_text = str(level.text or ""), level.short_text
        show = cache(lambda day: format_date(level.env, day))

        def render(unit, partner, owed, date, deadline):
            values = self._get_text_values(unit, partner, owed, date)
            values.update(date=show(date), deadline=show(deadline))
            marked = {name: escape(value) for name, value in values.items()}
            return {
                "subject": fill(subject, values),
                # Already sanitized in the level; what is filled in is escaped.
                "text": Markup(fill(text, marked)),
                "short_text": fill(short_text, values),
            }

        return render

    @api.model
    def _get_text_values(self, unit, partner, owed, date):
        """Return what stands for the names in braces, but for the days."""
        periods = owed.periods
        text = ""
        if periods:
            text = f"{periods[0]:%Y-%m}"
            if len(periods) > 1:
                text = f"{text} ~ {periods[-1]:%Y-%m}"
        unit = unit.sudo()  # what is printed on every reminder
        return {
            "debtor": partner.name or "",
            "unit": unit.code or "",
            "community": unit.community_id.name or "",
            "company": unit.company_id.name or "",
            "amount": f"{owed.amount:.2f}",
            "periods": text,
            "months": len(periods),
            "days": (date - owed.oldest).days,
            "phone": unit.community_id.duty_phone or "",
        }
