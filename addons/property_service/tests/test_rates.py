import doctest
import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from ..tools import rates
from ..tools.rates import Facts, Promise, Rate
from .test_work_order import WorkOrderCase

NOW = datetime(2026, 10, 20, 4)
FACTS = st.builds(
    Facts,
    kind=st.sampled_from(("repair", "complaint", "praise")),
    state=st.sampled_from(("new", "done", "confirmed", "closed", "cancelled")),
    reopened=st.integers(0, 2),
    rework=st.booleans(),
    justified=st.sampled_from(("yes", "no", None)),
    promises=st.lists(
        st.builds(
            Promise,
            st.sampled_from(("response", "arrival", "resolution")),
            st.sampled_from(("running", "paused", "met", "missed", "void")),
            st.sampled_from((None, NOW - timedelta(hours=1), NOW + timedelta(hours=1))),
        ),
        max_size=4,
    ).map(tuple),
    rating=st.sampled_from((None, 1, 3, 4, 5)),
    asked=st.booleans(),
)


@tagged("post_install", "-at_install")
class TestRateRules(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(rates)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    def test_table(self):
        """Each row: a ticket, and the rates to which it says yes (+) or no (-)."""
        late = NOW - timedelta(minutes=1)
        met = Promise("response", "met")
        rows = (
            (
                Facts("repair", "new", promises=(met,)),
                "+response +promise -completion -rework -complaint",
            ),
            (
                Facts(
                    "repair",
                    "in_progress",
                    promises=(met, Promise("resolution", "running", late)),
                ),
                "+response -resolution -promise -completion -rework -complaint",
            ),
            (
                Facts("repair", "waiting", promises=(Promise("resolution", "paused"),)),
                "-completion -rework -complaint",
            ),
            (
                Facts("repair", "closed", reopened=1, rating=3),
                "+completion +rework -complaint -satisfaction +rated +follow_up",
            ),
            (
                Facts("repair", "closed", asked=True),
                "+completion -rework -complaint -rated +follow_up",
            ),
            (
                Facts("complaint", "confirmed", justified="yes", rating=4),
                "+completion +complaint +justified +satisfaction +rated +follow_up",
            ),
            (Facts("complaint", "new"), "-completion +complaint"),
            (Facts("complaint", "cancelled", rating=1, promises=(met,)), ""),
        )
        for facts, expected in rows:
            found = {
                ("+" if verdict else "-") + code
                for code, verdict in rates.judge(facts, NOW).items()
                if verdict is not None
            }
            wanted = set(expected.split())
            with self.subTest(facts=facts):
                self.assertEqual(found, wanted)

    @given(st.lists(FACTS, max_size=20), st.lists(FACTS, max_size=20))
    def test_parts_and_wholes(self, here, there):
        """Rates lie between 0 and 100, and communities add up to the company."""
        judged = [rates.judge(facts, NOW) for facts in here + there]
        total = rates.count(judged)
        parts = [
            rates.count(rates.judge(facts, NOW) for facts in group)
            for group in (here, there)
        ]
        counted = [facts for facts in here + there if facts.state not in ("cancelled",)]
        for code in rates.RATES:
            self.assertEqual(total[code], parts[0][code] + parts[1][code])
            self.assertLessEqual(total[code].part, total[code].whole)
            self.assertLessEqual(total[code].whole, len(counted))
            if total[code].whole:
                self.assertTrue(0 <= total[code].percent <= 100)
        self.assertEqual(total["completion"].whole, len(counted))

    @given(FACTS, st.sampled_from(("response", "arrival", "resolution")))
    def test_a_missed_promise_never_helps(self, facts, target):
        worse = facts._replace(promises=(*facts.promises, Promise(target, "missed")))
        judged = rates.judge(worse, NOW)
        if facts.state != "cancelled":
            self.assertIs(judged[target], False)
            self.assertIs(judged["promise"], False)


@tagged("post_install", "-at_install")
class TestRates(WorkOrderCase):
    """The report judges tickets as the plain rules do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.complaint = cls.env["property.ticket.category"].search(
            [("parent_id", "!=", False), ("kind", "=", "complaint")], limit=1
        )
        cls.Figures = (
            cls.env["property.service.figures"]
            .with_user(cls.frontdesk)
            .with_company(cls.company)
        )

    def _archive(self, **vals):
        """Return a ticket of an archive that is taken over."""
        return self._create_ticket(self.admin, **vals)

    def _rate(self, ticket, value):
        return self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("property.ticket"),
                "res_id": ticket.id,
                "rating": value,
                "consumed": True,
            }
        )

    def _of(self, rows, *key):
        return next(row for row in rows if row["key"] == key)

    @freeze_time("2026-10-20 04:00:00")
    def test_hand_made_month(self):
        """Five tickets of October, one of them cancelled, and one of September."""
        day = datetime(2026, 10, 8, 1)
        finished = {
            "reported_at": day,
            "accepted_at": day + timedelta(minutes=30),
            "done_at": day + timedelta(hours=4),
            "user_id": self.engineer.id,
            "result": "Valve replaced",
        }
        closed = self._archive(state="closed", reopened_count=1, **finished)
        confirmed = self._archive(
            state="confirmed", unit_id=self.neighbour_unit.id, **finished
        )
        complaint = self._archive(
            state="closed",
            category_id=self.complaint.id,
            kind="complaint",
            is_justified="yes",
            justified_reason="Nobody came",
            cause="slow",
            department="engineering",
            corrective_action="Apology",
            **{**finished, "done_at": day + timedelta(days=9)},
        )
        self._archive(state="new", reported_at=datetime(2026, 9, 30, 16))
        self._archive(state="cancelled", reported_at=day, close_reason="Reported twice")
        self._archive(
            state="closed", **{**finished, "reported_at": datetime(2026, 9, 30, 15)}
        )
        self._rate(closed, 2)
        self._rate(confirmed, 5)
        (row,) = self.Figures._get_rates(date(2026, 10, 1), date(2026, 10, 31))
        self.assertEqual((row["key"], row["tickets"], row["finished"]), ((), 4, 3))
        self.assertEqual(row["completion"], Rate(3, 4))
        self.assertEqual(row["rework"], Rate(1, 3))
        self.assertEqual(row["complaint"], Rate(1, 4))
        self.assertEqual(row["justified"], Rate(1, 1))
        self.assertEqual(row["satisfaction"], Rate(1, 2))
        self.assertEqual(row["rated"], Rate(2, 3))
        self.assertEqual(row["follow_up"], Rate(2, 3))
        self.assertEqual(row["hours_to_accept"], 0.5)
        self.assertEqual(row["stars"], 3.5)
        self.assertEqual(row["satisfaction"].percent, Decimal("50.00"))
        (none,) = self.Figures._get_rates(date(2026, 8, 1), date(2026, 8, 31))
        self.assertEqual((none["tickets"], none["stars"]), (0, None))
        self.assertIsNone(none["hours_to_done"])
        by_kind = self.Figures._get_rates(date(2026, 10, 1), date(2026, 10, 31), "kind")
        self.assertEqual(self._of(by_kind, "complaint")["tickets"], 1)
        self.assertEqual(complaint.kind, "complaint")
        by_month = self.Figures._get_rates(
            date(2026, 9, 1), date(2026, 10, 31), ["month", "community"]
        )
        self.assertEqual(
            [
                (f"{row['key'][0]:%Y-%m}", row["key"][1], row["tickets"])
                for row in by_month
            ],
            [("2026-09", self.community, 1), ("2026-10", self.community, 4)],
        )

    def test_the_database_judges_as_the_rules_do(self):
        rng = random.Random(20261020)
        states = ("new", "accepted", "done", "confirmed", "closed", "cancelled")
        with freeze_time("2026-10-20 04:00:00"):
            for _number in range(60):
                state = rng.choice(states)
                reported = NOW - timedelta(hours=rng.randrange(1, 400))
                accepted = reported + timedelta(minutes=rng.choice((2, 50, 700)))
                complaint = rng.random() < 0.3
                judged = complaint and rng.random() < 0.7
                ticket = self._archive(
                    state=state,
                    kind="complaint" if complaint else rng.choice(("repair", "praise")),
                    category_id=(
                        self.emergency if rng.random() < 0.3 else self.problem
                    ).id,
                    reported_at=reported,
                    accepted_at=accepted if state != "new" else False,
                    done_at=accepted + timedelta(hours=rng.choice((1, 30, 200)))
                    if state in rates.FINISHED_STATES
                    else False,
                    result="Done",
                    close_reason="Twice",
                    reopened_count=int(rng.random() < 0.2),
                    is_justified=rng.choice(("yes", "no")) if judged else False,
                    justified_reason="Looked into" if judged else False,
                )
                for _rating in range(rng.randrange(3)):
                    self._rate(ticket, rng.randrange(1, 6))
            tickets = self.env["property.ticket"].search(
                [("company_id", "=", self.company.id)]
            )
            closed = tickets.filtered(lambda ticket: ticket.state == "closed")
            self.env["property.return.visit"].with_user(self.frontdesk).create(
                [
                    {"ticket_id": ticket.id, "result": result}
                    for ticket, result in zip(
                        closed, ("satisfied", "partly", "unreached"), strict=False
                    )
                ]
            )
            self.assertEqual(len(tickets), 60)
            (row,) = self.Figures._get_rates(date(2026, 9, 1), date(2026, 10, 31))
        ratings = {}
        for rating in self.env["rating.rating"].search(
            [("res_model", "=", "property.ticket"), ("res_id", "in", tickets.ids)],
            order="write_date, id",
        ):
            ratings[rating.res_id] = rating.rating
        expected = rates.count(
            rates.judge(
                Facts(
                    ticket.kind,
                    ticket.state,
                    ticket.reopened_count,
                    ticket.is_rework,
                    ticket.is_justified or None,
                    tuple(
                        Promise(one.target, one.state, one.due_at or None)
                        for one in ticket.sla_ids
                    ),
                    ratings.get(ticket.id),
                    bool(ticket.confirmed_at)
                    or any(
                        visit.result != "unreached" for visit in ticket.return_visit_ids
                    ),
                ),
                NOW,
            )
            for ticket in tickets
        )
        self.assertEqual({code: row[code] for code in rates.RATES}, expected)
        self.assertTrue(all(rate.whole for rate in expected.values() if rate))
        self.assertTrue(0 < row["response"].part < row["response"].whole)

    def test_engineer_and_team(self):
        order = self._given(skill_id=self.plumbing.id)
        day = order.ticket_id.reported_at.date()
        rows = self.Figures._get_rates(
            day - timedelta(days=1), day + timedelta(days=1), ["team", "engineer"]
        )
        self.assertEqual(rows[0]["key"], (self.plumbing, self.first))

    def test_one_query_whatever_is_asked(self):
        self._create_ticket()
        self.env.flush_all()
        period = date(2026, 10, 1), date(2026, 10, 31)
        self.Figures._get_rates(*period)
        with self.assertQueryCount(1):
            self.Figures._get_rates(*period, ["community_id", "kind", "channel"])

    def test_nobody_counts_what_he_may_not_read(self):
        self._create_ticket()
        self.frontdesk.property_community_ids = self.env["property.community"].search(
            [("company_id", "=", self.company.id), ("id", "!=", self.community.id)]
        )
        today = date.today()
        rows = self.Figures._get_rates(today - timedelta(days=2), today)
        self.assertEqual([row["tickets"] for row in rows], [0])
        household = self.Figures.with_user(self.zhang)
        with self.assertRaises(AccessError):
            household._get_rates(today, today)

    def test_every_rate_has_a_definition(self):
        definitions = self.Figures._get_definitions()
        self.assertEqual(tuple(definitions), rates.RATES)
        for name, text in definitions.values():
            self.assertNotIn("%", name)
            self.assertTrue(text.endswith("."))

    def test_complaints_per_hundred_households(self):
        self.units[:2].write({"handover_date": date(2026, 1, 1), "unit_type": "home"})
        self._create_ticket(
            kind="complaint", is_justified="yes", justified_reason="Nobody came"
        )
        today = date.today()
        found = self.Figures._get_household_complaints(
            today - timedelta(days=1), today + timedelta(days=1), self.community
        )
        self.assertEqual(found[self.community], Rate(1, 2))
