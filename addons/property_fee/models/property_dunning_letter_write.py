from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup, escape
from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

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
    def _write_reminders(self, verdicts, date, run=None):
        """Create the reminders of those who are to get one, and send what goes by itself.

        :param dict verdicts: case -> `Verdict`
        """
        chosen = {case: verdict for case, verdict in verdicts.items() if verdict.level}
        if not chosen:
            return self.browse()
        bills = self._get_overdue_bills(list(chosen), date)
        # Reminders are written by the system alone, whoever starts the run.
        letters = (
            self.sudo()
            .with_context(**QUIET)
            .create(
                [
                    self._prepare_letter(case, verdict, bills[case], date, run)
                    for case, verdict in chosen.items()
                    if bills.get(case)
                ]
            )
        )
        letters._write_text()
        for level, own in letters.grouped("level_id").items():
            own.case_id.with_context(**QUIET).write(
                {"level_id": level.id, "raised": False, "date_reminded": date}
            )
        letters._dispatch()
        letters.case_id.with_context(**QUIET)._plan_next(date)
        return letters.with_env(self.env)

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
        """Return the values of a reminder."""
        level = verdict.level
        return {
            "case_id": case.id,
            "run_id": run.id if run else False,
            "unit_id": case.unit_id.id,
            "partner_id": case.partner_id.id,
            "level_id": level.id,
            "channel": level.channel,
            "date": date,
            "date_next": date + timedelta(days=level.interval_days),
            "deadline": date + timedelta(days=level.grace_days),
            "line_ids": [
                Command.create(
                    {
                        "move_id": bill.id,
                        "period": bill.property_period,
                        "date_due": bill.invoice_date_due,
                        "amount_billed": bill.amount_total_signed,
                        "amount_open": bill.amount_residual_signed,
                    }
                )
                for bill in bills
            ],
        }

    def _write_text(self):
        """Fill in what the reminders say, in the language of the debtor."""
        for (lang, level), letters in self.grouped(
            lambda letter: (
                letter.partner_id.lang or letter.company_id.partner_id.lang,
                letter.level_id,
            )
        ).items():
            level = level.with_context(lang=lang)
            for letter in letters:
                values = letter._get_text_values(lang)
                marked = {name: escape(value) for name, value in values.items()}
                # Already sanitized in the level; what is filled in is escaped.
                text = Markup(fill(str(level.text or ""), marked))
                letter.write(
                    {
                        "subject": fill(level.subject or level.name, values),
                        "text": text,
                        "short_text": fill(level.short_text, values),
                    }
                )

    def _get_text_values(self, lang):
        """Return what stands for the names in braces."""
        self.ensure_one()
        env = self.with_context(lang=lang).env
        periods = sorted({line.period for line in self.line_ids if line.period})
        text = ""
        if periods:
            text = f"{periods[0]:%Y-%m}"
            if len(periods) > 1:
                text = f"{text} ~ {periods[-1]:%Y-%m}"
        oldest = min(self.line_ids.mapped("date_due"), default=self.date)
        return {
            "debtor": self.partner_id.name or "",
            "unit": self.unit_id.code or "",
            "community": self.community_id.name or "",
            "company": self.company_id.name or "",
            "amount": f"{self.amount:.2f}",
            "periods": text,
            "months": len(periods),
            "days": (self.date - oldest).days,
            "date": format_date(env, self.date),
            "deadline": format_date(env, self.deadline or self.date),
            "phone": self.community_id.duty_phone or "",
        }
