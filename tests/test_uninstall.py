"""Uninstalling the archive leaves Odoo as it was; installing it again works."""

import re
import socket
import subprocess
import sys
import time
import unittest
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from scratch_database import run_odoo, scratch_database

TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*$", re.M)
FILL = """
user = env["res.users"].create({
    "name": "Li", "login": "li",
    "group_ids": [(6, 0, [env.ref("base.group_user").id,
                          env.ref("base.group_partner_manager").id])],
})
env.ref("customer_archive.group_archive_user").user_ids += user
team = env["crm.team"].create({"name": "North", "archive_supervisor_ids": user.ids})
customer = env["res.partner"].create({"name": "Uninstall Ltd", "is_company": True})
person = env["res.partner"].create({"name": "Zhang", "parent_id": customer.id})
dossier = env["customer.dossier"].create({"partner_id": customer.id})
env["customer.key.person"].create({"dossier_id": dossier.id, "partner_id": person.id})
env["customer.transaction"].create({"dossier_id": dossier.id, "amount": 5})
env["customer.yearly.figure"].create({"dossier_id": dossier.id, "year": 2020})
env.cr.commit()
env["ir.module.module"].search(
    [("name", "=", "customer_archive")]).button_immediate_uninstall()
"""
CHECK = """
from odoo.exceptions import AccessError, UserError
left = [name for name in env.registry if name.startswith("customer.")]
assert not left, left
env.cr.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^customer_|archive'")
assert not env.cr.fetchall()
env.cr.execute("SELECT column_name FROM information_schema.columns"
               " WHERE column_name ~ '^dossier_|archive_supervisor'")
assert not env.cr.fetchall()
for model in ("ir.model.fields", "ir.rule", "ir.model.access", "ir.ui.view",
              "res.groups", "ir.sequence"):
    rest = env["ir.model.data"].search([("module", "=", "customer_archive"),
                                        ("model", "=", model)])
    assert not rest, rest.mapped("name")
user = env["res.users"].search([("login", "=", "li")])
assert user.has_group("base.group_user")
partners = env["res.partner"].with_user(user)
customer = partners.search([("name", "=", "Uninstall Ltd")])
assert customer.child_ids.name == "Zhang"
views = [(False, kind) for kind in ("form", "list", "kanban", "search")]
arch = partners.get_views(views)["views"]
assert not any("dossier" in view["arch"] for view in arch.values())
customer.read(["name", "street", "commercial_partner_id", "user_ids"])
customer.copy({"name": "Another"})
customer.write({"street": "Road 1"})
customer.child_ids.unlink()
customer.unlink()
assert env["crm.team"].search([("name", "=", "North")]).read()
print("CHECKED")
"""
REOPEN = """
customer = env["res.partner"].create({"name": "Again Ltd", "is_company": True})
dossier = env["customer.dossier"].create({"partner_id": customer.id})
assert dossier.number and customer.dossier_id == dossier
print("REOPENED")
"""


def _shell(database, script):
    return run_odoo(
        "shell", "-d", database, "--no-http", "--log-level=warn", script=script
    )


@contextmanager
def _server(database):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "odoo", "-d", database, "--log-level=critical"]
    process = subprocess.Popen(
        [*command, "--http-interface=127.0.0.1", f"--http-port={port}"],
        stdin=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _get(address):
    """The page, as soon as the server answers."""
    for _attempt in range(60):
        try:
            with urlopen(address, timeout=30) as page:  # noqa: S310
                return page.read().decode()
        except URLError:
            time.sleep(0.5)
    raise AssertionError(f"no answer from {address}")


class TestUninstall(unittest.TestCase):
    def test_uninstalled_and_installed_again(self):
        with scratch_database("uninstall") as database:
            said = _shell(database, FILL)
            self.assertFalse(TROUBLE.findall(said), said)
            self.assertIn("CHECKED", _shell(database, CHECK))
            with _server(database) as address:
                self.assertIn('name="password"', _get(f"{address}/web/login"))
            said = run_odoo(
                "-d",
                database,
                "-i",
                "customer_archive",
                "--stop-after-init",
                "--no-http",
                "--log-level=warn",
            )
            self.assertFalse(TROUBLE.findall(said), said)
            self.assertIn("REOPENED", _shell(database, REOPEN))
