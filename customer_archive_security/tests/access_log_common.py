"""Reading the record of who looked in a test, which never commits."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests.test_cursor import TestCursor

from ..models.customer_access_log import PENDING, write_notes
from .security_common import SecurityCase


class AccessLogCase(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["customer.access.log"]

    def setUp(self):
        super().setUp()
        self.forget()

    def forget(self):
        """Leave the past alone: ``noted`` tells what is looked at from now on."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.log._write_pending()
        self.counts = {line.id: line.count for line in self._read_lines()}

    def noted(self):
        """Lines that came or grew since ``forget``."""
        self.log._write_pending()
        return self._read_lines().filtered(
            lambda line: line.count > self.counts.get(line.id, 0)
        )

    def _read_lines(self):
        self.log.invalidate_model()
        user_ids = [user.id for user in self.users.values()]
        return self.log.search([("user_id", "in", user_ids)], order="id")

    def told(self):
        """The same as ``{(login, dossier number, what)}``."""
        return {
            (
                line.user_id.login.removeprefix("security_"),
                line.dossier_number,
                line.what,
            )
            for line in self.noted()
        }

    def as_role(self, role, records):
        self.env.invalidate_all()
        return records.with_user(self.users[role]).with_context(
            allowed_company_ids=self.env.company.ids
        )


@contextmanager
def committing():
    """Let the test cursors of requests write, at a commit, what a real one would.

    A test cursor runs no hooks after its commit.
    """
    commit = TestCursor.commit

    def commit_and_write(cursor):
        pending = cursor.postcommit.data.get(PENDING, set())
        commit(cursor)
        if pending:
            write_notes(cursor.transaction.registry, pending)

    with patch.object(TestCursor, "commit", commit_and_write):
        yield
