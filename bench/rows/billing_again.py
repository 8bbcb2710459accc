"""A second run over a month that is billed already, against the first."""

from bench.row import Outcome

from .billing import PERIOD, Billing


class BillingRerun(Billing):
    name = "billing_rerun"
    title = "households of a second run over a billed month, against the first run"
    peer_modules = ()
    peer_packages = ()

    def prepare(self, env, count):
        data = super().prepare(env, count)
        self._run(env, data)
        return data

    def prepare_peer(self, env, count):
        return super().prepare(env, count)

    def ours(self, env, data):
        return self._measure(env, data)

    def peer(self, env, data):
        return self._measure(env, data)

    def explain(self, env, data):
        return []  # see the first run

    def _measure(self, env, data):
        run = self._run(env, data)
        [(total,)] = env["account.move"]._read_group(
            [("property_period", "=", PERIOD)], [], ["amount_total:sum"]
        )
        return Outcome(run.line_count, round(total, 2))
