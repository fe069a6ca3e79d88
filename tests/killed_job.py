"""A scheduled job that is killed again and again, and what there was each time."""

import json
import os
import random
import signal
import time

from scratch_database import run_odoo

from odoo import sql_db

MARK = "MOMENTS"


def run_killed(database, script):
    """What a ``script`` saw that ends with ``KilledJob.tell``; it runs in a shell.

    :return: a list of rows
    """
    out = run_odoo(
        "shell",
        "-d",
        database,
        "--no-http",
        "--log-level=critical",
        script=script,
    )
    return json.loads(out.split(MARK)[1].splitlines()[0])


class KilledJob:
    """The scheduler in a process that is killed, and in the next one.

    :param job: external id
    :param statement: selects one row, which is noted after each kill
    """

    def __init__(self, env, job, statement, params, seed):
        self.database, self.registry = env.cr.dbname, env.registry
        self.job_id = env.ref(job).id
        self.look = statement, params
        self.random = random.Random(seed)  # noqa: S311
        # no connection is shared with the processes to come
        env.cr.close()
        self.moments = []
        self.note()

    def start(self):
        """
        :return: id of the process in which the scheduler works
        """
        with self.registry.cursor() as cr:
            # the day after: a job that was killed too often in a row waits for it
            cr.execute(
                "UPDATE ir_cron SET nextcall = now() - interval '1 s' WHERE id = %s",
                [self.job_id],
            )
        sql_db.close_all()
        worker = os.fork()
        if not worker:
            try:
                self.registry["ir.cron"]._process_jobs(self.database)
            finally:
                os._exit(0)
        return worker

    def wait_for_change(self, worker, see):
        """Wait until the worker has changed what ``see`` returns.

        :return: seconds, however busy the machine is; None if it ended before
        """
        begin, before = time.monotonic(), see()
        while see() == before:
            if os.waitpid(worker, os.WNOHANG)[0]:
                return None
            time.sleep(0.002)
        return time.monotonic() - begin

    def kill(self, worker, longest, least=0):
        """Kill it at a random moment of the next seconds."""
        time.sleep(self.random.uniform(least, longest))
        os.kill(worker, signal.SIGKILL)
        self.finish(worker)

    def finish(self, worker):
        os.waitpid(worker, 0)
        self.note()

    def note(self):
        self.moments.append(self.see())

    def see(self):
        return self.ask(*self.look)

    def ask(self, statement, params):
        with self.registry.cursor() as cr:
            cr.execute(statement, params)
            return cr.fetchone()

    def tell(self):
        """Print what was seen, and leave; the shell's own connections are closed."""
        print(MARK + json.dumps(self.moments), flush=True)
        os._exit(0)
