"""A large volume whose print is killed again and again while it is made."""

import base64
import contextlib
import io
import random
import re
import unittest
from unittest.mock import patch

from killed_job import run_killed
from PyPDF2 import PdfReader
from reportlab.pdfgen.canvas import Canvas
from scratch_database import scratch_database

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests import new_test_user
from odoo.tools import config

DOCUMENTS, PAGES, KILLS = 40, 4, 5
# Small, so that there are many of them to be killed in.
SLICE_PAGES = 4
# Runs the scheduler in processes that are killed, and in others until it is done.
SCRIPT = """
from killed_job import KilledJob
from odoo.addons.customer_archive.models import customer_volume_print

customer_volume_print.SLICE_PAGES = {slice_pages}
job = KilledJob(
    env, "customer_archive.ir_cron_volume_print", {state!r}, [{print_id}], {seed})

def see_done():
    return job.see()[1]

while len(job.moments) <= {kills} and job.see()[0] == "waiting":
    worker = job.start()
    # the job may still be locked by the one that was killed before
    if slice_time := job.wait_for_change(worker, see_done):
        job.kill(worker, slice_time)
job.note()
while job.moments[-1][0] == "waiting":
    job.finish(job.start())
job.tell()
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
        moments = run_killed(self.database, script)
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
