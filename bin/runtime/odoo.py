"""Running Odoo: install, upgrade, uninstall, scripts, servers."""

import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .console import Stop, detail
from .databases import Databases
from .paths import CONFIG, DATA, LOGS
from .shell import tail

LAUNCHER = Path(__file__).parent / "launcher" / "odoo-bin"
START_TIMEOUT = 120  # seconds
STOP_TIMEOUT = 30  # seconds


class Odoo:
    """Runs the environment's Odoo with the suite's add-ons and configuration.

    :param environment: a provisioned :class:`~runtime.environment.Environment`
    :param logs: folder of the logs that the runs write
    :param extra_addons: further folders of add-ons
    """

    def __init__(self, environment, logs=LOGS, extra_addons=()):
        self.environment = environment
        self.logs = logs
        self.extra_addons = extra_addons
        logs.mkdir(parents=True, exist_ok=True)

    def install(self, database, names, log, *options):
        """Install modules; return the path of the log."""
        arguments = ["-d", database, "-i", ",".join(names), *options]
        return self._once(
            "server", arguments, log, what=f"Installing {' '.join(names)}"
        )

    def upgrade(self, database, names, log, *options):
        """Upgrade modules; return the path of the log."""
        arguments = ["-d", database, "-u", ",".join(names), *options]
        return self._once("server", arguments, log, what=f"Upgrading {' '.join(names)}")

    def uninstall(self, database, names, log):
        """Uninstall modules as the Apps menu does; return the path of the log."""
        code = (
            f"domain = [('name', 'in', {list(names)!r})]\n"
            "env['ir.module.module'].search(domain).button_immediate_uninstall()\n"
        )
        return self.script(database, code, log)

    def script(self, database, code, log):
        """Run Python code that is given ``env``; it commits by itself.

        :return: the path of the log
        """
        return self._once(
            "shell", ["-d", database], log, what="Running a script", stdin=code
        )

    def command(self, subcommand, log, *arguments):
        """Return the arguments of a process and the path of the log it writes."""
        path = self.logs / f"{log}.log"
        command = [
            self.environment.python,
            LAUNCHER,
            *([] if subcommand == "server" else [subcommand]),
            f"--config={CONFIG}",
            f"--addons-path={self.environment.addons_path(*self.extra_addons)}",
            f"--data-dir={DATA}",
            f"--logfile={path}",
            *arguments,
        ]
        return [str(part) for part in command], path

    def _once(self, subcommand, arguments, log, *, what, stdin=""):
        """Run Odoo without serving and wait for its end.

        :raises Stop: when it ends with an error
        """
        options = ["--no-http", "--workers=0", "--max-cron-threads=0"]
        if subcommand == "server":
            options.append("--stop-after-init")
        command, path = self.command(subcommand, log, *options, *arguments)
        path.unlink(missing_ok=True)
        with detail(lambda: loading(path)):
            done = subprocess.run(
                command,
                input=stdin,
                env=self.environment.variables,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        if done.returncode:
            end = "\n".join(done.stdout.splitlines()[-30:])
            log_end = tail(path) if path.exists() else ""
            raise Stop(f"{what} failed.\n{end}\n{log_end}\nWhole log: {path}")
        return path

    def server(self, database, log, port=None, options=()):
        """Return a :class:`Server` of a database, not yet started."""
        return Server(self, database, log, port or free_port(), options)


class Server:
    """An Odoo server on 127.0.0.1, stopped at the end of the ``with`` block."""

    def __init__(self, odoo, database, log, port, options=()):
        self.database = database
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environment = odoo.environment
        self.command, self.log = odoo.command(
            "server",
            log,
            f"--database={database}",
            f"--db-filter=^{database}$",
            "--http-interface=127.0.0.1",
            f"--http-port={port}",
            *options,
        )
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self):
        """Start the server and wait until it answers.

        :raises Stop: when it ends or does not answer in time
        """
        self._print_through_itself()
        # A session of its own: Ctrl-C reaches us, and we stop it in order.
        self.process = subprocess.Popen(
            self.command,
            env=self.environment.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                end = tail(self.log) if self.log.exists() else ""
                raise Stop(
                    f"Odoo does not serve on {self.url}.\n{end}\nWhole log: {self.log}"
                )
            time.sleep(0.2)

    def _print_through_itself(self):
        """Let wkhtmltopdf fetch styles here, on whatever port this server listens."""
        with Databases(self.environment.variables).cursor(self.database) as cursor:
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES ('report.url', %s)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [self.url],
            )

    def _answers(self):
        try:
            with urllib.request.urlopen(
                f"{self.url}/web/health", timeout=5
            ) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        """Let the server finish what it does, then end it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """End the server at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def wait(self):
        """Wait until the server ends by itself; return its exit code."""
        return self.process.wait()


def loading(log):
    """Return which module Odoo is loading, as its log tells."""
    text = log.read_text(errors="replace") if log.exists() else ""
    found = re.findall(r"Loading module (\S+) \((\d+)/(\d+)\)", text)
    if not found:
        return ""
    name, place, count = found[-1]
    return f"module {place} of {count}, {name}"


def free_port():
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """Whether nobody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
