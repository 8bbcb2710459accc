"""What a benchmark says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a contender did, to see that both did the same.

    :param rows: number of rows made
    :param total: a sum over them, rounded, such as the amount billed
    :param seconds: what counts instead of the time of the whole work, such as the slow
        end of many searches times their number
    :param parts: seconds by name of what the work consists of, for the report
    """

    rows: int
    total: float
    seconds: float | None = None
    parts: dict | None = None


class Row:
    """A benchmark: the same work done by the suite and by a peer.

    Every contender runs in a process of its own on a fresh copy of the prepared
    database, so it may commit as in production.

    :cvar name: name on the command line and in the report
    :cvar title: what is measured, in one line
    :cvar modules: our modules that it needs
    :cvar peer_modules: modules of the peer
    :cvar peer_packages: pinned packages that hold them; they are installed aside
    :cvar sizes: numbers of rows to measure where none are asked for
    :cvar peer_has_own_data: the peer works on a database that ``prepare_peer`` fills
    :cvar needs_queue: it needs the optional ``queue_job``
    """

    name = ""
    title = ""
    modules = ()
    peer_modules = ()
    peer_packages = ()
    sizes = (1000, 10000)
    peer_has_own_data = False
    needs_queue = False

    def prepare(self, env, count):
        """Create the data for ``count`` rows, for both contenders.

        :return: what :meth:`ours` and :meth:`peer` need to find it, fit for JSON
        """
        raise NotImplementedError

    def prepare_peer(self, env, count):
        """Create the peer's own data, as :meth:`prepare`; see ``peer_has_own_data``."""
        raise NotImplementedError

    def ours(self, env, data):
        """Do the work with the suite; return an :class:`Outcome`."""
        raise NotImplementedError

    def peer(self, env, data):
        """Do the work with the peer; return an :class:`Outcome`."""
        raise NotImplementedError

    def explain(self, env, data):
        """Tell where the time of the suite goes, on a database that it has worked on.

        :return: list of lines for the report
        """
        return []
