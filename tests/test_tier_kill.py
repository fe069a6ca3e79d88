"""A run that is killed while it is applied, and two workers that apply the same one."""

import contextlib
import random
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from killed_job import run_killed
from scratch_database import scratch_database

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL, config, mute_logger

from odoo.addons.customer_archive.models import customer_tier_run_apply

CUSTOMERS = 1000
KILLS = 15
# Small, so that there are many of them to be killed in.
SLICE_SIZE = 10

# Applies the run by the scheduler of a process that is killed, and of the next one.
SCRIPT = """
from killed_job import KilledJob
from odoo.addons.customer_archive.models import customer_tier_run_apply

customer_tier_run_apply.SLICE_SIZE = {slice_size}
run_id = {run_id}
job = KilledJob(
    env, "customer_archive.ir_cron_tier_run", {state!r}, [run_id] * 4, {seed})

def see_done():
    return job.ask("SELECT done_line FROM customer_tier_run WHERE id = %s", [run_id])

def start_worker():
    # one at work: the job may still be locked by the one that was killed before
    while True:
        worker = job.start()
        if job.wait_for_change(worker, see_done):
            return worker

for number in range({kills}):
    worker = start_worker()
    if not number:
        slice_time = job.wait_for_change(worker, see_done)
    # in the midst of another one, or of the one after it
    job.kill(worker, 2 * slice_time)
for number in range(3):
    job.finish(job.start())
job.tell()
"""
# State of the run; lines it says are done, those that are, and changes beyond them.
STATE = """
    SELECT state,
           (SELECT count(*) FROM customer_tier_run_line l
             WHERE run_id = %s AND l.id <= r.done_line),
           (SELECT count(*) FROM customer_tier_run_line l
              JOIN customer_dossier d ON d.id = l.dossier_id
             WHERE l.run_id = %s AND l.id <= r.done_line
               AND d.computed_tier_id IS NOT DISTINCT FROM l.{tier}
               AND d.tier_id IS NOT DISTINCT FROM l.{tier}),
           (SELECT count(*) FROM customer_tier_run_line l
              JOIN customer_tier_history h USING (dossier_id, run_id)
             WHERE run_id = %s AND h.cause = '{cause}' AND l.id > r.done_line)
      FROM customer_tier_run r WHERE id = %s
"""


class TestTierKill(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("tier_kill"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        # the pause before a slice is tried again: its length proves nothing here
        self.enterContext(patch("odoo.service.model.random.uniform", return_value=0.01))
        with self._get_env() as env:
            # the scheduler has this one job
            env["ir.cron"].search([]).active = False
            env.ref("customer_archive.ir_cron_tier_run").active = True
            self._create_customers(env)
            self.run_id = self._begin(env).id

    @contextlib.contextmanager
    def _get_env(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, api.SUPERUSER_ID, {})

    def _create_customers(self, env):
        """Copies of one filed dossier, some in a tier already."""
        partners = env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        dossiers = env["customer.dossier"]
        first = dossiers.create({"partner_id": partners[0].id, "state": "filed"})
        env.flush_all()
        own = ("id", "partner_id", "number")
        columns = [
            SQL.identifier(name)
            for name, field in dossiers._fields.items()
            if field.store and field.column_type and name not in own
        ]
        env.cr.execute(
            SQL(
                "INSERT INTO customer_dossier (partner_id, number, %(columns)s)"
                " SELECT p, 'K' || p, %(columns)s FROM customer_dossier,"
                " unnest(%(partners)s) AS p WHERE id = %(first)s",
                columns=SQL(", ").join(columns),
                partners=partners[1:].ids,
                first=first.id,
            )
        )
        env.cr.execute("UPDATE customer_dossier SET employee_count = 1 + id % 900")
        env.cr.execute(
            "UPDATE customer_dossier d SET computed_tier_id = t.id, tier_id = t.id,"
            " tier_code = t.code FROM customer_tier t WHERE d.id % 60 = t.sequence"
        )
        env.invalidate_all()

    def _begin(self, env):
        """A run that is approved, and left to the scheduler."""
        employees = env["ir.model.fields"]._get("customer.dossier", "employee_count")
        scheme = env["customer.tier.scheme"].create(
            {
                "name": "By size",
                "criterion_ids": [
                    Command.create(
                        {"name": "Size", "source": "field", "field_id": employees.id}
                    )
                ],
            }
        )
        run = env["customer.tier.run"].create({"scheme_id": scheme.id})
        run._propose()
        self.assertEqual(run.line_count, CUSTOMERS)
        # as a run of a million customers is
        with patch.object(customer_tier_run_apply, "AT_ONCE", 0):
            run._on_decided("approved", "")
        self.assertEqual(run.state, "applying")
        return run

    def _check_end(self, env):
        """Each customer is in its final tier, each change is there exactly once."""
        run = env["customer.tier.run"].browse(self.run_id)
        self.assertEqual(run.state, "applied")
        lines = env["customer.tier.run.line"].search([("run_id", "=", run.id)])
        self.assertEqual(len(lines), CUSTOMERS)
        expected = set()
        for line in lines:
            dossier = line.dossier_id
            self.assertEqual(dossier.tier_id, line.final_tier_id)
            self.assertEqual(dossier.computed_tier_id, line.final_tier_id)
            self.assertEqual(dossier.tier_code, line.final_tier_id.code)
            self.assertEqual(line.computed_before_id, line.old_tier_id)
            if line.old_tier_id != line.final_tier_id:
                expected.add((dossier, line.old_tier_id, line.final_tier_id))
        history = env["customer.tier.history"].search([])
        found = [(line.dossier_id, line.old_tier_id, line.tier_id) for line in history]
        self.assertEqual(len(found), len(expected))
        self.assertEqual(set(found), expected)
        self.assertGreater(len(expected), CUSTOMERS / 2)
        self.assertEqual(history.run_id, run)

    def _kill(self, kills, state):
        """What there was after each of so many kills, and in the end."""
        seed = random.randrange(10**6)
        script = SCRIPT.format(
            slice_size=SLICE_SIZE,
            run_id=self.run_id,
            kills=kills,
            seed=seed,
            state=state,
        )
        moments = run_killed(self.database, script)
        done = [moment[1] for moment in moments]
        with self.subTest(seed=seed, done=done):
            self.assertEqual(done, sorted(done))
            # killed underway, not before or after all of it
            self.assertGreater(len(set(done[:kills])), 2)
            for _state, said, is_so, beyond in moments:
                self.assertEqual((said, beyond), (is_so, 0))
                self.assertTrue(said % SLICE_SIZE == 0 or said == CUSTOMERS)
            self.assertEqual(done[-1], CUSTOMERS)
        return [moment[0] for moment in moments]

    def test_killed_at_random_moments(self):
        """Never half a slice; what was cut off goes on; history without gaps."""
        state = STATE.format(tier="final_tier_id", cause="run")
        states = self._kill(KILLS, state)
        self.assertLessEqual(set(states), {"applying", "applied"})
        with self._get_env() as env:
            self._check_end(env)
            run = env["customer.tier.run"].browse(self.run_id)
            with patch.object(customer_tier_run_apply, "AT_ONCE", 0):
                run.action_undo()
        state = STATE.format(tier="computed_before_id", cause="undo")
        states = self._kill(KILLS // 3, state)
        self.assertEqual((states[0], states[-1]), ("undoing", "undone"))
        with self._get_env() as env:
            history = env["customer.tier.history"].search([], order="id")
            for changes in history.grouped("dossier_id").values():
                there, back = changes
                self.assertEqual(there.old_tier_id, back.tier_id)
                self.assertEqual(there.tier_id, back.old_tier_id)
                self.assertEqual(back.tier_id, back.dossier_id.tier_id)

    def _apply(self, start=None):
        with self._get_env() as env:
            if start:
                start.wait()
            env["customer.tier.run"]._cron_go_on()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_dossier_saved_in_the_middle_of_its_slice(self):
        """The slice waits for whoever saves, and is done anew."""
        with ThreadPoolExecutor(1) as pool, self._get_env() as env:
            dossier = env["customer.dossier"].search([], order="id desc", limit=1)
            dossier.write({"strategy": "Saved"})
            env.flush_all()
            job = pool.submit(self._apply)
            self._wait_for_the_lock()
            env.cr.commit()
            job.result(timeout=60)
        with self._get_env() as env:
            self._check_end(env)
            self.assertEqual(dossier.with_env(env).strategy, "Saved")

    def _wait_for_the_lock(self):
        """Until somebody waits for somebody else in this database."""
        for _second in range(300):
            with self.registry.cursor() as cursor:
                cursor.execute(
                    "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'"
                )
                if cursor.rowcount:
                    return
            time.sleep(0.1)
        self.fail("nobody waits")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_workers_and_people_who_go_on_working(self):
        """Each slice is done once; who saves a dossier meanwhile loses nothing."""
        start = threading.Barrier(3)

        def edit():
            with self._get_env() as env:
                dossiers = env["customer.dossier"].search([], order="id", limit=200)
                env.cr.commit()
                start.wait()
                for dossier in dossiers[::2]:
                    retrying(lambda d=dossier: d.write({"strategy": "Edited"}), env)
                return len(dossiers[::2])

        with (
            patch.object(customer_tier_run_apply, "SLICE_SIZE", SLICE_SIZE),
            ThreadPoolExecutor(3) as pool,
        ):
            jobs = [pool.submit(self._apply, start) for _worker in range(2)]
            jobs.append(pool.submit(edit))
            *_nothing, count = [job.result(timeout=60) for job in jobs]
        with self._get_env() as env:
            self._check_end(env)
            edited = env["customer.dossier"].search_count([("strategy", "=", "Edited")])
            self.assertEqual(edited, count)
