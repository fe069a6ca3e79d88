"""Where things lie. All that is made goes into one ignored folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RUNTIME = ROOT / ".runtime"
LOGS = RUNTIME / "log"
LOCKS = RUNTIME / "lock"
VENV = RUNTIME / "venv"
DEBIAN = RUNTIME / "debian"  # Odoo and what its Debian package leaves out
TOOLS = RUNTIME / "tools"  # browser, fonts, wkhtmltopdf, where the machine has none
CONF = RUNTIME / "odoo.conf"


def addons():
    """The project's addons, by folder name."""
    return sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))


def environment():
    """The environment in which everything of this runtime runs."""
    env = dict(os.environ)
    env.pop("PYTHONPATH", None)  # a foreign Odoo must not come first
    env.pop("PGDATABASE", None)  # Odoo would take it for its --database
    path = [VENV / "bin", TOOLS / "bin", env.get("PATH", os.defpath)]
    env["PATH"] = os.pathsep.join(map(str, path))
    env["VIRTUAL_ENV"] = str(VENV)
    env["ODOO_RC"] = str(CONF)
    return env
