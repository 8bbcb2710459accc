"""Add-ons of others, installed aside: what benchmarks compare with, and ``queue_job``.

The benchmarks' peers may be under another licence; nothing depends on them.
"""

from .bootstrap import PIP_OPTIONS
from .console import step
from .paths import CACHE, RUNTIME
from .shell import fingerprint, is_stamped, locked, replacing, run

# The optional add-on that `property_fee_queue` goes with; LGPL-3.
QUEUE_PACKAGES = ("odoo-addon-queue-job==19.0.2.4.0.1",)


def addons(name, packages):
    """Install packages aside; return their folder of add-ons.

    :param name: name of the folder under ``.runtime/peers``
    :param packages: pinned packages
    """
    folder = RUNTIME / "peers" / name
    key = fingerprint(*packages)
    with locked("peers"):
        if not is_stamped(folder, key):
            with step(f"Installing aside: {' '.join(packages)}"):
                _install(folder, key, packages)
    return folder / "odoo" / "addons"


def queue_addons():
    """Return the folder of add-ons with ``queue_job``."""
    return addons("queue_job", QUEUE_PACKAGES)


def _install(folder, key, packages):
    with replacing(folder, key) as aside:
        command = ["pip", "install", *PIP_OPTIONS, "--no-deps", "--target", aside]
        command += ["--cache-dir", CACHE / "pip", *packages]
        run(
            [RUNTIME / "venv" / "bin" / "python", "-m", *command],
            what="Installing add-ons of others",
            log="peer",
        )
