"""Matching bank lines with households: many households against few.

Modules of Odoo are imported where they are used: rows are listed outside of it too.
"""

import random

from bench.row import Outcome, Row

TIMES = 4  # as many households as bank lines
FEW = 10  # as many bank lines as households for the peer
SEED = 20265
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class BankMatching(Row):
    """As many bank lines as rows, each finding its household with score and reason.

    Ours finds them among four times as many households as lines: 5,000 lines are matched
    with 20,000 households. The peer is the same work, on the same number of lines, among a
    tenth as many households as lines. Where the time of a line does not depend on the number
    of households, both take the same; where it is linear, so does a line at both sizes. The
    building of the index counts in. Nothing is settled: that is Odoo's own work.
    """

    name = "bank_matching"
    title = "bank lines matched with 4 households a line, against 0.1 households a line"
    modules = ("property_fee",)
    sizes = (1000, 5000)
    peer_has_own_data = True

    def prepare(self, env, count):
        return self._prepare(env, count, count * TIMES)

    def prepare_peer(self, env, count):
        return self._prepare(env, count, max(count // FEW, 20))

    def ours(self, env, data):
        return self._match(env, data)

    def peer(self, env, data):
        return self._match(env, data)

    def _prepare(self, env, count, households):
        env = env(context={**env.context, **QUIET})
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company)
        community = env["property.demo.estate"]._build(
            "阳光花园", "SUN", homes=households, seed=SEED, floors=20, per_floor=4
        )
        homes = community.unit_ids.filtered("owner_ids")
        self._bill(env, homes[:count], community)
        env.cr.commit()
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        job = env["property.bank.import"].create(
            {"journal_id": journal.id, "file": "eA==", "filename": "bench.csv"}
        )
        truth = self._create_lines(env, job, homes, count)
        # Nothing is sure enough: what counts here is the finding.
        company.property_match_score = 2
        return {"job": job.id, "truth": truth}

    @staticmethod
    def _bill(env, homes, community):
        """Give homes a bill each, as a fee run does."""
        item = env["property.fee.item"].create({"code": "BENCH", "name": "物业费"})
        env["property.fee.rate"].create(
            {"item_id": item.id, "price": 2.5, "date_start": "2020-01-01"}
        )
        env["property.fee.assignment"].create(
            [
                {"unit_id": home.id, "item_id": item.id, "date_start": "2026-10-01"}
                for home in homes
            ]
        )
        env["property.fee.run"].create(
            {
                "community_ids": community.ids,
                "period": "2026-10-01",
                "invoice_date": "2026-10-01",
            }
        )._process_all()

    @staticmethod
    def _create_lines(env, job, homes, count):
        """Create the lines, each of which names its household in one of the usual ways.

        :return: dict id of the line -> id of the household
        """
        rng = random.Random(SEED)
        ways = (
            "{b}-{e}-{r}物业费",
            "阳光花园{b}栋{e}单元{r} {n} 物业费",
            "{b}#{e}-{r} 10月",
            "{b}号楼{e}单元{r}室",
            "代{n}交{b}-{e}-{r}",
        )
        chosen = [homes[rng.randrange(len(homes))] for _line in range(count)]
        lines = env["property.bank.line"].create(
            [
                {
                    "import_id": job.id,
                    "row": number,
                    "date": "2026-10-20",
                    "amount": rng.choice((195.9, 223.75, 236.4, 295.05, 359.43)),
                    "payer_name": home.owner_ids[:1].name,
                    "payer_account": f"6217***{rng.randrange(10000):04d}",
                    "memo": ways[number % len(ways)].format(
                        b=home.building_id.code,
                        e=home.entrance_id.code,
                        r=home.name,
                        n=home.owner_ids[:1].name,
                    ),
                }
                for number, home in enumerate(chosen)
            ]
        )
        return {line.id: home.id for line, home in zip(lines, chosen, strict=True)}

    @staticmethod
    def _match(env, data):
        """Match all lines; return how many found the household that their memo names."""
        job = env["property.bank.import"].browse(data["job"])
        index = env["property.bank.matching"]._build_index(job.company_id)
        lines = env["property.bank.line"].search([("import_id", "=", job.id)])
        for start in range(0, len(lines), 50):
            lines[start : start + 50]._match(index)
        right = sum(line.unit_id.id == data["truth"][str(line.id)] for line in lines)
        return Outcome(len(lines), right)
