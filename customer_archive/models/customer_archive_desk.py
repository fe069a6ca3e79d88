from odoo import api, models
from odoo.tools import SQL

SLICE_SIZE = 5000


class CustomerArchiveActivity(models.AbstractModel):
    """What the archive itself puts on desks: one statement a slice.

    What is raised already is not raised again, so a run that was cut off is simply
    continued by the next.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.activity"

    @api.model
    def _raise_in_slices(self, raise_slice, size=SLICE_SIZE):
        """Call ``raise_slice`` with the number it may raise, until less is left.

        Each slice is kept, whatever becomes of the next.

        :return: whether the job may go on with something else
        """
        while True:
            raised = raise_slice(size)
            if not self.env["ir.cron"]._commit_progress(raised):
                return False
            if raised < size:
                return True

    @api.model
    def _put_on_desks(self, activity_type, due, limit=None, then=None):
        """Make an activity on each record that ``due`` yields.

        It says no more than its type, whose name each reads in his language.

        :param SQL due: a query of ``id`` and ``name`` of the record, ``user_id`` on
            whose desk it is put, ``date`` until when; and what ``then`` needs
        :param SQL then: a statement that writes down which it is: the rows of ``made``
            are those of ``due`` with their ``activity_id``
        :return: number of activities made
        """
        activities = self.env["mail.activity"]
        activities.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (%(due)s LIMIT %(limit)s), made AS (
                    SELECT due.*, nextval(
                           pg_get_serial_sequence('mail_activity', 'id')) AS activity_id
                      FROM due
                ), activities AS (
                    INSERT INTO mail_activity (
                        id, res_model_id, res_model, res_id, res_name,
                        activity_type_id, user_id, user_tz, date_deadline, automated,
                        active, create_uid, create_date, write_uid, write_date)
                    SELECT made.activity_id, %(model)s, %(model_name)s, made.id,
                           made.name, %(type)s, u.id, p.tz, made.date, true,
                           true, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                           now() AT TIME ZONE 'UTC'
                      FROM made
                      JOIN res_users u ON u.id = made.user_id
                      JOIN res_partner p ON p.id = u.partner_id
                )
                %(then)s
                """,
                due=due,
                limit=limit,
                then=then or SQL("SELECT activity_id FROM made"),
                model=self.env["ir.model"]._get_id(self._name),
                model_name=self._name,
                type=activity_type.id,
                uid=self.env.uid,
            )
        )
        if limit and len(rows) == limit:
            # or the next slice is planned as though nothing had been raised yet, and
            # compares all with all
            self.env.cr.execute("ANALYZE mail_activity")
        activities.invalidate_model()
        self.invalidate_model(["activity_ids"])
        return len(rows)
