"""Where things are."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
CONFIG = ROOT / "odoo.conf"

RUNTIME = ROOT / ".runtime"
CACHE = RUNTIME / "cache"
DATA = RUNTIME / "data"
LOGS = RUNTIME / "logs"
LOCKS = RUNTIME / "locks"
VENV = RUNTIME / "venv"

# Tells the databases of two checkouts on one PostgreSQL server apart.
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
