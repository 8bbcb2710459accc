"""A dunning run over overdue households, against OCA ``account_credit_control``."""

from datetime import date

from bench.row import Outcome, Row
from bench.rows.billing import QUIET, Billing

MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
DAY = date(2026, 11, 5)
DAYS_OVERDUE = 15


class Dunning(Row):
    """Households that owe three months each, and a level that all have come to.

    Ours is a whole run: it opens cases, looks at holds, promises, exemptions and intervals,
    checks the books once more under lock, and writes for each household a reminder with its
    text and its list of bills. The peer makes a control line for each open receivable; it
    is not asked for its communications, which ours has by then.
    """

    name = "dunning"
    title = "households reminded of three open bills each"
    modules = ("property_fee",)
    peer_modules = ("account_credit_control",)
    peer_packages = ("odoo-addon-account-credit-control==19.0.1.0.0.13",)

    def prepare(self, env, count):
        from odoo.addons.property_fee.builder import guard

        # The peer's part in invoices was read: it has a say in cancelling them only. So
        # their rows may be built, and thousands of bills take seconds.
        guard.KNOWN_MODULES.add("account_credit_control")
        env = env(context={**env.context, **QUIET})
        homes = Billing._create_homes(env, count)
        community = homes.community_id
        Billing._prepare_ours(env, community, homes, Billing._create_products(env))
        for month in MONTHS:
            run = env["property.fee.run"].create(
                {
                    "community_ids": [(6, 0, community.ids)],
                    "period": month,
                    "invoice_date": month,
                }
            )
            run._process_all()
            env.cr.commit()
            env.invalidate_all()
        self._prepare_ours(env, community)
        return {"community": community.id, "policy": self._prepare_peer(env).id}

    @staticmethod
    def _prepare_ours(env, community):
        """Remind by a notice after some days."""
        env["property.dunning.policy"].create(
            {
                "name": "Bench",
                "community_ids": [(6, 0, community.ids)],
                "quiet_days": False,
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Notice",
                            "days_overdue": DAYS_OVERDUE,
                            "channel": "notice",
                            "text": "<p>{debtor} owes {amount} for {unit}.</p>",
                        },
                    )
                ],
            }
        )

    @staticmethod
    def _prepare_peer(env):
        """Remind by a letter after as many days."""
        accounts = env["account.account"].search(
            [("account_type", "=", "asset_receivable")]
        )
        template = env["mail.template"].search(
            [("model", "=", "credit.control.communication")], limit=1
        )
        policy = env["credit.control.policy"].create(
            {
                "name": "Bench",
                "account_ids": [(6, 0, accounts.ids)],
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Notice",
                            "level": 1,
                            "computation_mode": "net_days",
                            "delay_days": DAYS_OVERDUE,
                            "channel": "letter",
                            "email_template_id": template.id,
                            "custom_text": "Please pay.",
                            "custom_mail_text": "<p>Please pay.</p>",
                        },
                    )
                ],
            }
        )
        env.company.credit_policy_id = policy
        return policy

    def ours(self, env, data):
        env = env(context={**env.context, **QUIET})
        run = env["property.dunning.run"].create(
            {"community_ids": [(6, 0, [data["community"]])], "date": DAY}
        )
        run.action_start()
        env.cr.commit()
        while run._process_chunk():
            env.cr.commit()
        ((rows, total),) = env["property.dunning.letter"]._read_group(
            [("run_id", "=", run.id)], [], ["__count", "amount:sum"]
        )
        return Outcome(rows, round(total, 2))

    def peer(self, env, data):
        env = env(context={**env.context, **QUIET})
        run = env["credit.control.run"].create(
            {"date": DAY, "policy_ids": [(6, 0, [data["policy"]])]}
        )
        run.generate_credit_lines()
        env.cr.commit()
        ((rows, total),) = env["credit.control.line"]._read_group(
            [("run_id", "=", run.id)],
            [],
            ["partner_id:count_distinct", "balance_due:sum"],
        )
        return Outcome(rows, round(total, 2))
