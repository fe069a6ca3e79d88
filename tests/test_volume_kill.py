"""A large volume whose print is killed again and again while it is made."""

import base64
import contextlib
import io
import json
import random
import re
import unittest
from unittest.mock import patch

from PyPDF2 import PdfReader
from reportlab.pdfgen.canvas import Canvas
from scratch_database import run_odoo, scratch_database

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests import new_test_user
from odoo.tools import config

DOCUMENTS, PAGES, KILLS = 40, 4, 5
# Small, so that there are many of them to be killed in.
SLICE_PAGES = 4
# Runs the scheduler in processes that are killed, and in others until it is done.
SCRIPT = """
import json, os, random, signal, time
from odoo import sql_db
from odoo.addons.customer_archive.models import customer_volume_print
from odoo.modules.registry import Registry

customer_volume_print.SLICE_PAGES = {slice_pages}
database, registry, print_id = env.cr.dbname, env.registry, {print_id}
job_id = env.ref("customer_archive.ir_cron_volume_print").id
env.cr.close()
random = random.Random({seed})

def look():
    with registry.cursor() as cr:
        cr.execute({state!r}, [print_id])
        return cr.fetchone()

def start_worker():
    with registry.cursor() as cr:
        # the day after: a job that was killed too often in a row waits for it
        past = "now() - interval '1 s'"
        cr.execute(f"UPDATE ir_cron SET nextcall = {{past}} WHERE id = %s", [job_id])
    sql_db.close_all()
    worker = os.fork()
    if not worker:
        try:
            registry["ir.cron"]._process_jobs(database)
        finally:
            os._exit(0)
    return worker

def wait_for_a_slice(worker):
    begin, before = time.monotonic(), look()[1]
    while look()[1] == before:
        if os.waitpid(worker, os.WNOHANG)[0]:
            return None
        time.sleep(0.002)
    return time.monotonic() - begin

moments = [look()]
while len(moments) <= {kills} and look()[0] == "waiting":
    worker = start_worker()
    # the job may still be locked by the one that was killed before
    slice_time = wait_for_a_slice(worker)
    if slice_time is None:
        continue
    time.sleep(random.uniform(0, 1) * slice_time)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    moments.append(look())
while moments[-1][0] == "waiting":
    os.waitpid(start_worker(), 0)
    moments.append(look())
print("MOMENTS" + json.dumps(moments), flush=True)
os._exit(0)  # the connections of the shell itself are closed
"""
# State; documents bound; bytes that are there, and that it says are.
STATE = """
    SELECT state, COALESCE(done_count, 0),
           (SELECT COALESCE(sum(file_size), 0)::int FROM ir_attachment
             WHERE res_model = 'customer.volume.print' AND res_id = p.id),
           COALESCE((progress -> 2)::int, 0)
      FROM customer_volume_print p WHERE id = %s
"""


def make_pdf(text):
    output = io.BytesIO()
    canvas = Canvas(output)
    for _page in range(PAGES):
        canvas.drawString(100, 500, text)
        canvas.showPage()
    canvas.save()
    return base64.b64encode(output.getvalue())


class TestVolumeKill(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("volume_kill"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)

    @contextlib.contextmanager
    def _get_env(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, api.SUPERUSER_ID, {})

    def _ask(self, env):
        # files go with the database
        env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        # the scheduler has this one job
        env["ir.cron"].search([]).active = False
        env.ref("customer_archive.ir_cron_volume_print").active = True
        keeper = new_test_user(
            env, "kill_keeper", groups="customer_archive.group_archive_keeper"
        )
        customer = env["res.partner"].create({"name": "Customer"})
        dossier = env["customer.dossier"].create({"partner_id": customer.id})
        env["customer.document"].create(
            [
                {
                    "dossier_id": dossier.id,
                    "name": f"No. {number}",
                    "content": make_pdf(f"Text {number}."),
                }
                for number in range(DOCUMENTS)
            ]
        )
        policies = env["customer.archive.policy"]
        company = [("company_id", "=", env.company.id)]
        policy = policies.search(company) or policies.create({})
        policy.volume_pages_at_once = 0
        volume = dossier.volume_ids.with_user(keeper)
        volume.action_print()
        return volume.print_id.id

    def test_print_killed_at_random_moments(self):
        """S0-8: never half a slice; what was cut off goes on; all is there once."""
        with self._get_env() as env:
            print_id = self._ask(env)
        seed = random.randrange(10**6)
        script = SCRIPT.format(
            slice_pages=SLICE_PAGES,
            print_id=print_id,
            seed=seed,
            state=STATE,
            kills=KILLS,
        )
        out = run_odoo(
            "shell",
            "-d",
            self.database,
            "--no-http",
            "--log-level=critical",
            script=script,
        )
        moments = json.loads(out.split("MOMENTS")[1].splitlines()[0])
        done = [moment[1] for moment in moments]
        with self.subTest(seed=seed, done=done):
            self.assertEqual(done, sorted(done))
            # killed underway, not before or after all of it
            self.assertGreater(len({count for count in done if count < DOCUMENTS}), 3)
            for state, _count, there, said in moments:
                self.assertEqual(there if state == "waiting" else said, said)
            self.assertEqual((moments[-1][0], done[-1]), ("ready", DOCUMENTS))
        with self._get_env() as env:
            self._check_pdf(env["customer.volume.print"].browse(print_id))

    def _check_pdf(self, printed):
        """Each page of each document once, in their order, with its number."""
        content = b"".join(part.raw for part in printed._get_parts())
        pages = PdfReader(io.BytesIO(content)).pages[-DOCUMENTS * PAGES :]
        self.assertEqual(len(pages), DOCUMENTS * PAGES)
        for number, page in enumerate(pages):
            text = page.extract_text()
            self.assertIn(f"Text {number // PAGES}.", text)
            self.assertRegex(text, re.compile(rf"^{number + 1}$", re.M))
        self.assertEqual(len(printed.activity_ids), 1)
