"""Late fee as of a day for all open bills in one pass, against the same bills by tenths.

Modules of Odoo are imported where they are used: rows are listed outside of it too.
"""

from datetime import date, timedelta

from bench.row import Outcome, Row
from bench.rows.billing import QUIET, Billing

START = date(2026, 1, 1)
MONTHS = 5
AS_OF = date(2026, 12, 31)
TENTHS = 10
MAX_QUERIES = 20


class LateFee(Row):
    """As many open bills as rows, a part of them paid in part.

    Ours asks for the fees of all at once and counts its queries: more than a fixed number
    is a failure, whatever the number of bills. The peer is the same method asked ten times,
    for a tenth of the bills each: the ratio says how the work grows.
    """

    name = "late_fee"
    title = "late fee as of a day, all open bills at once, against ten times a tenth of them"
    modules = ("property_fee",)
    sizes = (5000, 50000)

    def prepare(self, env, count):
        env = env(context={**env.context, **QUIET})
        months = min(MONTHS, count)
        homes = Billing._create_homes(env, -(-count // months))
        community = homes.community_id
        Billing._prepare_ours(env, community, homes, Billing._create_products(env))
        for number in range(months):
            run = env["property.fee.run"].create(
                {
                    "community_ids": [(6, 0, community.ids)],
                    "period": date(2026, 1 + number, 1),
                    "invoice_date": date(2026, 1 + number, 1),
                }
            )
            run._process_all()
            env.cr.commit()
            env.invalidate_all()
        bills = env["account.move"].search(
            [("property_community_id", "=", community.id), ("state", "=", "posted")],
            order="id",
            limit=count,
        )
        self._pay_a_part(env, bills[::10][:500])
        env["property.late.fee.policy"].create(
            {"name": "Bench", "date_start": START, "daily_rate": 0.05, "grace_days": 5}
        )
        return {"bills": bills.ids}

    @staticmethod
    def _pay_a_part(env, bills):
        """Let something come in for some bills before the day that is looked at."""
        env.flush_all()
        env.cr.execute("ANALYZE account_move, account_move_line")
        for bill in bills:
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create(
                {"amount": 50, "payment_date": bill.invoice_date + timedelta(days=60)}
            )._create_payments()

    def ours(self, env, data):
        bills = env["account.move"].browse(data["bills"])
        before = env.cr.sql_log_count
        fees = bills._get_late_fees(AS_OF)
        queries = env.cr.sql_log_count - before
        if queries > MAX_QUERIES:
            raise RuntimeError(f"{queries} queries for {len(bills)} bills")
        return self._outcome([fees])

    def peer(self, env, data):
        ids = data["bills"]
        step = -(-len(ids) // TENTHS)
        found = []
        for start in range(0, len(ids), step):
            bills = env["account.move"].browse(ids[start : start + step])
            found.append(bills._get_late_fees(AS_OF))
        return self._outcome(found)

    @staticmethod
    def _outcome(found):
        return Outcome(
            sum(len(fees) for fees in found),
            round(sum(fee.amount for fees in found for fee in fees.values()), 2),
        )
