from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.property_base.tools.background import all_in_chunks

from ..tools.dunning import Facts
from ..tools.limitation import lapse_date
from ..tools.workdays import is_day_off

ONE_DAY = timedelta(days=1)
CHUNK_SIZE = 200


class PropertyDunningCase(models.Model):
    """What comes next: level, hold, limitation."""

    _inherit = "property.dunning.case"

    # === HOLD === #

    def _is_on_hold(self, date):
        """Return whether the case, and with it the late fee, stands still on a day.

        :param date date: the day
        """
        self.ensure_one()
        return any(hold._covers(date) for hold in self.hold_ids)

    def _start_hold(self, reason, reference=None, date_to=None, date=None):
        """Put the cases on hold: nobody is reminded, and no late fee accrues.

        :param str reason: why, such as what is disputed
        :param str reference: of the ticket that caused it
        :param date date_to: last day of the hold, open by default
        :param date date: first day, today by default
        :return: property.dunning.hold
        """
        date = date or fields.Date.context_today(self)
        return self.env["property.dunning.hold"].create(
            [
                {
                    "case_id": case.id,
                    "reason": reason,
                    "reference": reference,
                    "date_from": date,
                    "date_to": date_to,
                }
                for case in self
                if not case._is_on_hold(date)
            ]
        )

    def _end_hold(self, date=None, reference=None):
        """Let the cases go on; the day itself still belongs to the hold.

        :param date date: last day of the hold, today by default
        :param str reference: only holds that this ticket caused
        """
        date = date or fields.Date.context_today(self)
        for hold in self.hold_ids:
            if hold._covers(date) and reference in (None, hold.reference):
                hold.date_to = max(date, hold.date_from)
        self._plan_next(date)

    # === NEXT STEP === #

    def _plan_next(self, date=None):
        """Note what comes next for each case, and when.

        :param date date: today, by default
        """
        date = date or fields.Date.context_today(self)
        policies = self.env["property.dunning.policy"]._get_by_community(
            self.community_id
        )
        last = self._get_last_letters()
        plans = defaultdict(list)
        for case in self.sudo():  # the plan is the system's, whoever caused it
            level, day = case._find_next(policies[case.community_id], date, last)
            if (case.next_level_id, case.date_next or None) != (level, day):
                plans[level, day].append(case.id)
        for (level, day), ids in plans.items():
            cases = self.sudo().browse(ids)  # as above
            cases.write({"next_level_id": level.id, "date_next": day})

    def _find_next(self, policy, date, last):
        """Return the next level of a case and the first day on which it may come.

        :param dict last: see `_get_last_letters`
        :return: (property.dunning.level, date or None)
        """
        levels, rules = policy._get_levels() if policy else (self.level_id.browse(), [])
        nothing = levels.browse()
        if self.state == "closed" or not levels:
            return nothing, None
        waits = [date]
        hold = self.hold_ids.filtered(lambda hold: hold._covers(date))[:1]
        if hold:
            if not hold.date_to:
                return nothing, None
            waits.append(hold.date_to + ONE_DAY)
        waits += [
            promise.date + ONE_DAY
            for promise in self.promise_ids
            if promise.state == "open"
        ]
        waits += [
            plan.date_next + ONE_DAY
            for plan in self.plan_ids
            if plan.state == "active" and plan.date_next
        ]
        day = max(waits)
        place = self._choose_on(levels, rules, day)
        if place is None:
            # Not yet: the first day on which the mildest level that is left is reached.
            due = self.date_oldest or date
            days = [
                due + timedelta(days=rule.days)
                for rule in rules
                if rule.amount <= self.amount_overdue
            ]
            day = max([day, *sorted(days)[:1]])
            place = self._choose_on(levels, rules, day)
        if place is None:
            return nothing, None
        level = levels[place]
        letter = last.get((self.id, level.id))
        if letter and letter.date_next:
            day = max(day, letter.date_next)
        return level, day

    def _choose_on(self, levels, rules, date):
        """Return the place of the level that a case has come to on a day, or None."""
        facts = Facts(
            (date - self.date_oldest).days if self.date_oldest else 0,
            self.months_owed,
            self.amount_overdue,
        )
        return self._choose_level(levels, rules, facts)

    def _get_last_letters(self):
        """Return the live reminder of each case and level with the latest end of interval.

        :return: dict (case id, level id) -> property.dunning.letter
        """
        # The plan is the system's, whoever caused it.
        letters = (
            self.env["property.dunning.letter"]
            .sudo()
            .search_fetch(
                [("case_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["case_id", "level_id", "date_next"],
                order="date_next",
            )
        )
        return {(letter.case_id.id, letter.level_id.id): letter for letter in letters}

    def _raise_level(self, reason):
        """Put the cases one level up and say why: a promise or an agreement was broken.

        :param str reason: for the chatter
        """
        policies = self.env["property.dunning.policy"]._get_by_community(
            self.community_id
        )
        for case in self:
            policy = policies[case.community_id]
            levels = policy._get_levels()[0] if policy else case.level_id.browse()
            places = {level: place for place, level in enumerate(levels)}
            place = min(places.get(case.level_id, -1) + 1, len(levels) - 1)
            if levels:
                case.write({"level_id": levels[place].id, "raised": True})
            case.message_post(body=reason)
        self._plan_next()

    # === QUIET DAYS === #

    @api.model
    def _is_quiet(self, community, date, policy=None):
        """Return whether nobody is to be reminded in a community on a day."""
        policies = self.env["property.dunning.policy"]
        policy = policy or policies._get_by_community(community)[community]
        if not policy or not policy.quiet_days:
            return False
        # Which days are quiet holds for everybody.
        days = self.env["property.quiet.day"].sudo()._get_days(community.company_id)
        off = days.get((community.company_id.id, False), set()) | days.get(
            (community.company_id.id, community.id), set()
        )
        return is_day_off(date, off)

    # === LIMITATION === #

    @api.depends(
        "date_oldest",
        "amount_overdue",
        "letter_ids.date_delivered",
        "contact_ids.is_documented",
        "contact_ids.date",
        "promise_ids.date_given",
        "plan_ids.date",
    )
    def _compute_limitation_date(self):
        bills = self._get_open_bills()
        policies = self.env["property.dunning.policy"]._get_by_community(
            self.community_id
        )
        for case in self:
            policy = policies[case.community_id]
            years = policy.limitation_years or 3
            restarts = case._get_restarts()
            dates = [
                lapse_date(due, restarts | paid, years)
                for due, paid in bills.get((case.unit_id.id, case.partner_id.id), ())
            ]
            case.limitation_date = min(dates, default=False)

    def _get_restarts(self):
        """Return the days on which the time of limitation began anew for all open bills."""
        self.ensure_one()
        case = self.sudo()  # what counts does not depend on who looks
        days = {
            letter.date_delivered
            for letter in case.letter_ids
            if letter.state == "sent" and letter.date_delivered
        }
        days |= {
            contact.date.date() for contact in case.contact_ids if contact.is_documented
        }
        days |= {promise.date_given for promise in case.promise_ids}
        days |= {plan.date for plan in case.plan_ids if plan.state != "draft"}
        return days

    def _get_open_bills(self):
        """Return due date and days of part payments of the open bills of the cases.

        :return: dict (unit id, partner id) -> list of (due date, set of days)
        """
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.property_unit_id, move.partner_id, move.invoice_date_due,
                       ARRAY_AGG(partial.max_date) FILTER (WHERE partial.id IS NOT NULL)
                  FROM account_move move
                  JOIN account_move_line line
                    ON line.move_id = move.id AND line.display_type = 'payment_term'
                  LEFT JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = line.id
                 WHERE move.property_unit_id = ANY(%s) AND move.partner_id = ANY(%s)
                   AND move.state = 'posted' AND move.move_type = 'out_invoice'
                   AND move.amount_residual_signed > 0
                 GROUP BY move.id
                """,
                self.unit_id.ids,
                self.partner_id.ids,
            )
        )
        result = defaultdict(list)
        for unit, partner, due, paid in rows:
            result[unit, partner].append((due, set(paid or ())))
        return result

    # === SCHEDULED === #

    @api.model
    def _cron_follow_up(self):
        """Bring the cases up to the day: what has come to be overdue, was promised, lapses."""
        today = fields.Date.context_today(self)
        for community in self.env["property.community"].search([("active", "=", True)]):
            self._sync(community, today)
            self.env["ir.cron"]._commit_progress()
        self.env["property.dunning.promise"]._break_overdue(today)
        self.env["property.instalment.plan"]._break_overdue(today)
        cases = self.search([("state", "!=", "closed")])

        def follow_up(chunk):
            self.env.add_to_compute(self._fields["state"], chunk)
            chunk._plan_next(today)
            chunk._warn_of_limitation(today)

        all_in_chunks(cases, CHUNK_SIZE, follow_up)

    def _warn_of_limitation(self, date):
        """Tell the manager of claims that are about to lapse, once for each date.

        :param date date: today
        """
        kind = self.env.ref("property_fee.mail_activity_limitation")
        policies = self.env["property.dunning.policy"]._get_by_community(
            self.community_id
        )
        for case in self:
            days = policies[case.community_id].limitation_warning_days or 90
            warn = case.limitation_date and case.limitation_date - timedelta(days=days)
            there = case.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
            if warn and warn <= date:
                if not there:
                    case.activity_schedule(
                        activity_type_id=kind.id,
                        date_deadline=case.limitation_date,
                        user_id=(
                            case.community_id.manager_id
                            or case.user_id
                            or self.env.user
                        ).id,
                        summary=self.env._(
                            "The claim lapses on %(date)s", date=case.limitation_date
                        ),
                    )
            else:
                there.unlink()

    def action_remind_now(self):
        """Write the next reminder of the cases by hand, within its rules.

        :raises UserError: telling why nobody is to be reminded
        """
        today = fields.Date.context_today(self)
        Letter = self.env["property.dunning.letter"]
        verdicts = Letter._judge(self, today)
        letters = Letter._write_reminders(verdicts, today, None)
        if not letters:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(case)s is not to be reminded now: %(reason)s",
                        case=case.display_name,
                        reason=verdict.reason or self.env._("Nothing is overdue."),
                    )
                    for case, verdict in verdicts.items()
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_dunning_letter_action"
        )
        action["domain"] = [("id", "in", letters.ids)]
        action["context"] = {}
        return action
