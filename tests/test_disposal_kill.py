"""Destroying dossiers is killed again and again: nothing of them is left in the end."""

import contextlib
import random
import shutil
import unittest
from pathlib import Path
from unittest.mock import patch

from canaries import Canaries, digest, read_files, search
from killed_job import run_killed
from scratch_database import scratch_database

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

DOSSIERS = 1000
DESTROYED = 100
KILLS = 6
LONGEST = 1.5
GONE, KEPT = "zqgone", "zqkept"
CLOSED = "2010-06-30"

# Lets the scheduler of a process that is killed destroy, and that of the next one.
SCRIPT = """
from killed_job import KilledJob

job = KilledJob(
    env, "customer_archive.ir_cron_destroy", {state!r}, [{disposal_id}] * 4, {seed})
for number in range({kills}):
    job.kill(job.start(), {longest}, least=0.1)
for number in range(5):
    job.finish(job.start())
    if job.moments[-1][0] == "done":
        break
job.tell()
"""
# State of the list; dossiers it says are destroyed; those that are stubs; and of its
# dossiers those that have lost a document and are none.
STATE = """
    SELECT (SELECT state FROM customer_disposal WHERE id = %s),
           (SELECT count(*) FROM customer_disposal_line
             WHERE disposal_id = %s AND destroyed_date IS NOT NULL),
           (SELECT count(*) FROM customer_disposal_line l
              JOIN customer_dossier d ON d.id = l.dossier_id
             WHERE l.disposal_id = %s AND d.state = 'destroyed'
               AND NOT EXISTS (SELECT FROM customer_document
                                WHERE dossier_id = d.id)),
           (SELECT count(*) FROM customer_disposal_line l
              JOIN customer_dossier d ON d.id = l.dossier_id
             WHERE l.disposal_id = %s AND d.state <> 'destroyed'
               AND (SELECT count(*) FROM customer_document
                     WHERE dossier_id = d.id) <> 2)
"""


class TestDisposalKill(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("disposal_kill"))
        self.files = Path(config.filestore(self.database))
        self.addCleanup(shutil.rmtree, self.files, ignore_errors=True)
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        with self._get_env() as env:
            env["ir.config_parameter"].set_param("ir_attachment.location", "file")
            # the scheduler has this one job
            env["ir.cron"].search([]).active = False
            env.ref("customer_archive.ir_cron_destroy").active = True
            dossiers = self._create_dossiers(env)
            self._fill(env, dossiers)
            self.disposal_id = self._begin(env, dossiers[:DESTROYED]).id

    @contextlib.contextmanager
    def _get_env(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, api.SUPERUSER_ID, {})

    def _create_dossiers(self, env):
        partners = env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(DOSSIERS)]
        )
        dossiers = env["customer.dossier"].create(
            [{"partner_id": partner.id} for partner in partners]
        )
        dossiers.flush_recordset()
        env.cr.execute(
            "UPDATE customer_dossier SET state = 'closed', open_date = %(date)s,"
            " closed_date = %(date)s WHERE id = ANY(%(ids)s)",
            {"date": CLOSED, "ids": dossiers.ids},
        )
        dossiers.invalidate_recordset()
        env["customer.dossier"]._recompute_retention(dossiers[0].id, 10**9)
        return dossiers

    def _fill(self, env, dossiers):
        gone = set(dossiers[:DESTROYED].ids)
        words = {i: f"{GONE if i in gone else KEPT}{i}z" for i in dossiers.ids}
        canaries = Canaries(env, words)
        canaries.fill()
        canaries.fill_around()
        canaries.make_files()
        # no hold may keep them, and no deal makes them be kept longer
        env.cr.execute("UPDATE customer_legal_hold SET date_end = date_start")
        env.invalidate_all()

    def _begin(self, env, dossiers):
        """A list that two witnesses have signed, left to the scheduler."""
        disposal = env["customer.disposal"].create({"reason": "Term over"})
        disposal._add(dossiers)
        disposal.line_ids._check_may_be_destroyed()
        disposal.state = "running"
        return disposal

    def _kill(self):
        """Destroy, killed at random moments; what there was after each."""
        seed = random.randrange(10**6)
        script = SCRIPT.format(
            disposal_id=self.disposal_id,
            kills=KILLS,
            seed=seed,
            longest=LONGEST,
            state=STATE,
        )
        moments = run_killed(self.database, script)
        done = [moment[1] for moment in moments]
        with self.subTest(seed=seed, done=done):
            self.assertEqual(done, sorted(done))
            # killed underway, not before or after all of it
            self.assertGreater(len(set(done[: KILLS + 1])), 2)
            for _state, said, is_so, half in moments:
                self.assertEqual((said, half), (is_so, 0))
            self.assertEqual(moments[-1][:2], ["done", DESTROYED])

    def test_nothing_is_left_of_them_and_all_of_the_others(self):
        """A dossier is there or it is not; its number, hash and decision stay."""
        # S2-6 S2-13 S2-47: of who looked, in the database that has it
        with self._get_env() as env:
            before = search(env, GONE)
            self._check_filled(env, before)
            kept = digest(env, KEPT)
            files = read_files(self.files)
        self._kill()
        with self._get_env() as env:
            self.assertEqual(search(env, GONE), {})
            self._check_kept(env, kept)
            self._check_stubs(env)
        self._check_files(files)

    def _check_filled(self, env, found):
        """Else nobody would know whether something was destroyed."""
        names = {"customer.dossier", *env["customer.dossier"]._get_item_names()}
        for name in names:
            model = env[name]
            texts = any(
                field.store and field.type in ("char", "text")
                for field in model._fields.values()
            )
            if texts and not getattr(model, "_outlives_dossier", False):
                self.assertGreaterEqual(found.get(model._table, 0), DESTROYED, name)
        self.assertGreater(len(found), 35, found)

    def _check_kept(self, env, before):
        after = digest(env, KEPT)
        # what somebody was just typing goes, whomever it is about
        for name, model in env.registry.items():
            if model._transient:
                before.pop(env[name]._table, None)
        self.assertEqual(set(after), set(before))
        for table, value in before.items():
            self.assertEqual(after[table], value, table)

    def _check_stubs(self, env):
        lines = env["customer.disposal"].browse(self.disposal_id).line_ids
        self.assertEqual(len(lines), DESTROYED)
        for line in lines:
            self.assertTrue(line.number)
            self.assertEqual(len(line.content_hash), 64)
            self.assertEqual(line.decision, "destroy")
            self.assertEqual(line.document_count, 2)
        self.assertEqual(len(set(lines.mapped("content_hash"))), DESTROYED)

    def _check_files(self, before):
        after = read_files(self.files)
        gone = [name for name, data in after.items() if GONE.encode() in data]
        self.assertEqual(gone, [])
        kept = {name: data for name, data in before.items() if KEPT.encode() in data}
        self.assertGreaterEqual(len(kept), 4 * (DOSSIERS - DESTROYED))
        for name, data in kept.items():
            self.assertEqual(after.get(name), data, name)
