from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_access_table import (
    BROKEN_SEAL,
    DIGESTS_OF_DAY,
    SEAL_DAY,
    create_partitions,
    drop_partitions,
    guard_seals,
)

DIGEST_SIZE = 20


class CustomerAccessSeal(models.Model):
    """Seal on one day of the record of who looked (S2-43, S2-48).

    Its hash covers each line of the day and the seal before, so that no line and no
    seal can be changed, added or taken away without :meth:`_verify` finding the
    place. Whoever rules the database can write a whole new chain, or bring back an
    old one: against that, the last hash is kept outside of it and compared.
    """

    _name = "customer.access.seal"
    _inherit = ["customer.access.closed"]
    _description = "Seal on a Day of Access"
    _log_access = False
    _order = "id desc"
    _rec_name = "day"

    kind = fields.Selection(
        [("day", "Day Sealed"), ("drop", "Older Days Dropped")],
        required=True,
        readonly=True,
    )
    day = fields.Date(
        required=True, readonly=True, help="Of a drop: the first day that is kept."
    )
    row_count = fields.Integer(string="Lines", readonly=True)
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)
    sealed_date = fields.Datetime(string="Sealed On", required=True, readonly=True)

    _day_uniq = models.UniqueIndex("(day) WHERE kind = 'day'")

    def init(self):
        guard_seals(self.env.cr)

    # ------------------------------------------------------------------
    # Sealing and dropping, by night
    # ------------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Seal the days that are over, drop the months that are too old."""
        create_partitions(self.env.cr)
        for day in self._get_days_to_seal():
            self._seal("day", day)
        self._drop_old_months()

    @api.model
    def _get_days_to_seal(self):
        """Days after the last seal, or from the first line on, that are over.

        For two hours more than that: a slot lasts an hour at most.
        """
        ((last, first, end),) = self.env.execute_query(
            SQL(
                "SELECT (SELECT max(day) FROM customer_access_seal WHERE kind = 'day'),"
                " (SELECT min(slot)::date FROM customer_access_entry),"
                " (now() AT TIME ZONE 'UTC' - interval '2 hours')::date"
            )
        )
        day = last + timedelta(days=1) if last else first
        while day and day < end:
            yield day
            day += timedelta(days=1)

    @api.model
    def _seal(self, kind, day):
        self.env.cr.execute(SEAL_DAY, {"kind": kind, "day": str(day)})

    @api.model
    def _drop_old_months(self):
        """Drop what is older than the setting says; the chain keeps that it was so."""
        # sudo: the longest time of all companies
        policies = self.env["customer.archive.policy"].sudo()
        months = max(
            policies.search([("access_keep_months", ">", 0)]).mapped(
                "access_keep_months"
            )
            or [policies._fields["access_keep_months"].default(policies)]
        )
        first_day = fields.Date.today().replace(day=1) - relativedelta(months=months)
        ((first,),) = self.env.execute_query(
            SQL("SELECT min(slot)::date FROM customer_access_entry")
        )
        if first and first < first_day:
            self._seal("drop", first_day)
        drop_partitions(self.env.cr, first_day)

    # ------------------------------------------------------------------
    # Verifying
    # ------------------------------------------------------------------

    @api.model
    def _verify(self, expected=None):
        """Look whether the record is what was sealed.

        :param str expected: hash of a seal that was kept outside of the database
        :return: dict with ``head`` (the last hash), ``days``, ``lines``, ``dropped``
            (the first day that is kept) and ``broken``: what isn't right, or None
        """
        self.env.flush_all()
        ((head, days, lines, dropped),) = self.env.execute_query(
            SQL(
                "SELECT (array_agg(hash ORDER BY id DESC))[1],"
                " count(*) FILTER (WHERE kind = 'day'),"
                " COALESCE(sum(row_count) FILTER (WHERE kind = 'day'), 0),"
                " max(day) FILTER (WHERE kind = 'drop')"
                " FROM customer_access_seal"
            )
        )
        broken = (
            self._find_broken_seal()
            or self._find_broken_line(dropped)
            or self._find_unsealed_line()
            or self._find_lost_hash(expected)
        )
        return {
            "head": head,
            "days": days,
            "lines": lines,
            "dropped": dropped,
            "broken": broken,
        }

    @api.model
    def _find_broken_seal(self):
        """The first seal that doesn't follow from itself and the one before."""
        rows = self.env.execute_query(SQL(BROKEN_SEAL))
        for seal_id, day in rows:
            return self.env._(
                "Seal %(seal)s of %(day)s was changed, or one before it is missing.",
                seal=seal_id,
                day=day,
            )
        return None

    @api.model
    def _find_broken_line(self, first_kept):
        """The first line that isn't what its day's seal covers."""
        seals = self.env.execute_query(
            SQL(
                "SELECT day, digests FROM customer_access_seal"
                " WHERE kind = 'day' AND day >= COALESCE(%s, day) ORDER BY day",
                first_kept,
            )
        )
        for day, sealed in seals:
            self.env.cr.execute(DIGESTS_OF_DAY, {"day": str(day)})
            _count, found = self.env.cr.fetchone()
            if bytes(found) == bytes(sealed):
                continue
            return self._tell_broken_line(day, _split(sealed), _split(found))
        return None

    @api.model
    def _tell_broken_line(self, day, sealed, found):
        line_id = min(
            id_ for id_ in sealed.keys() | found if sealed.get(id_) != found.get(id_)
        )
        if line_id not in found:
            return self.env._(
                "Line %(line)s of %(day)s is missing.", line=line_id, day=day
            )
        if line_id not in sealed:
            return self.env._(
                "Line %(line)s of %(day)s was added later.", line=line_id, day=day
            )
        return self.env._(
            "Line %(line)s of %(day)s was changed.", line=line_id, day=day
        )

    @api.model
    def _find_unsealed_line(self):
        """The first line before all sealed days, where nothing may be."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, slot::date FROM customer_access_entry WHERE slot <"
                " (SELECT min(day) FROM customer_access_seal WHERE kind = 'day')"
                " ORDER BY id LIMIT 1"
            )
        )
        for line_id, day in rows:
            return self.env._(
                "Line %(line)s of %(day)s was added later.", line=line_id, day=day
            )
        return None

    @api.model
    def _find_lost_hash(self, expected):
        """Whether a seal known outside is no longer here: an old backup came back."""
        # sudo: the caller may verify; hashes tell nothing
        known = self.sudo().search_count([("hash", "=", expected)], limit=1)
        if expected and not known:
            return self.env._(
                "The seal %(hash)s is not here: an older state of the database was "
                "restored, or the record was written anew.",
                hash=expected,
            )
        return None

    def action_verify(self):
        """Verify, and tell the auditor the last hash, to be kept outside."""
        self.check_access("read")
        result = self._verify()
        message = result["broken"] or self.env._(
            "%(lines)s lines of %(days)s days are as they were sealed. Keep this hash "
            "outside of the database: %(head)s",
            **result,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if result["broken"] else "success",
                "message": message,
                "sticky": True,
            },
        }


def _split(digests):
    """Digests of a day as ``{id: digest}``."""
    digests = bytes(digests)
    parts = (
        digests[place : place + DIGEST_SIZE]
        for place in range(0, len(digests), DIGEST_SIZE)
    )
    return {int.from_bytes(part[:4], signed=True): part[4:] for part in parts}
