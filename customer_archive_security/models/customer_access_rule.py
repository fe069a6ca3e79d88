from odoo import api, fields, models
from odoo.tools import SQL

# What of the record counts for a kind of rule, and in which lines.
DOSSIERS = SQL("count(DISTINCT entry.dossier_res_id)")
TIMES = SQL("sum(entry.count)")
IS_READ = SQL("entry.what <> 'denied' AND entry.dossier_res_id <> 0")
IS_TAKEN_OUT = SQL("entry.what IN ('export', 'print', 'disclosure')")
# By the clock of the person; from 22 to 6 goes over midnight.
IS_NIGHT = SQL(
    """
    CASE WHEN rule.hour_from < rule.hour_to
         THEN local.hour >= rule.hour_from AND local.hour < rule.hour_to
         ELSE local.hour >= rule.hour_from OR local.hour < rule.hour_to
     END
    """
)
MEASURES = {
    "volume": (DOSSIERS, IS_READ),
    "night": (DOSSIERS, SQL("%s AND %s", IS_READ, IS_NIGHT)),
    "denied": (TIMES, SQL("entry.what = 'denied'")),
    "export": (DOSSIERS, IS_TAKEN_OUT),
    "leaving": (DOSSIERS, IS_READ),
}


class CustomerAccessRule(models.Model):
    """What is unusual reading: a limit for each kind, in a moving window (S2-43)."""

    _name = "customer.access.rule"
    _description = "Rule for Unusual Reading"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("volume", "Many Dossiers"),
            ("night", "Dossiers at Night"),
            ("denied", "Many Refusals"),
            ("export", "Prints and Exports"),
            ("leaving", "Before Leaving"),
        ],
        required=True,
        help="Before leaving: of people with a handover under way, or deactivated "
        "within the window.",
    )
    number = fields.Integer(
        string="More Than",
        required=True,
        help="Dossiers read or taken out; of refusals, how often.",
    )
    window_hours = fields.Integer(string="Within Hours", required=True, default=24)
    hour_from = fields.Integer(string="Night From", default=22)
    hour_to = fields.Integer(string="Night To", default=6)
    group_id = fields.Many2one(
        "res.groups",
        string="Looked Into By",
        required=True,
        default=lambda self: self.env.ref(
            "customer_archive_security.group_archive_auditor", False
        ),
        help="Members of this group find the alert among their activities. Only "
        "auditors and archivists can open it.",
    )
    active = fields.Boolean(default=True)

    _numbers_positive = models.Constraint(
        "CHECK(number >= 0 AND window_hours > 0)",
        "A limit is not negative, and a window lasts an hour at least.",
    )
    _hours_range = models.Constraint(
        "CHECK(hour_from BETWEEN 0 AND 23 AND hour_to BETWEEN 0 AND 23)",
        "Hours of the night are between 0 and 23.",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = kinds.get(rule.kind)

    @api.model
    def _cron_alert(self):
        """Raise alerts by all rules: one statement for each kind."""
        self.env.flush_all()
        alert_ids = []
        for kind in MEASURES:
            alert_ids += self._raise_alerts(kind)
        self.env["customer.access.alert"].browse(alert_ids)._raise_activities()

    @api.model
    def _raise_alerts(self, kind):
        """Make the alerts of a kind of rule, or count further in today's.

        :return: ids of the new ones
        """
        measure, condition = MEASURES[kind]
        if kind == "leaving":
            leaving = self._get_leaving_users().ids
            condition = SQL("%s AND entry.user_id = ANY(%s)", condition, leaving)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO customer_access_alert AS alert
                       (rule_id, user_id, company_id, date, number, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT rule.id, entry.user_id, who.company_id, clock.time::date,
                       %(measure)s, 'new', %(uid)s, clock.time, %(uid)s, clock.time
                  FROM (SELECT now() AT TIME ZONE 'UTC' AS time) AS clock
                  JOIN customer_access_rule AS rule
                    ON rule.active AND rule.kind = %(kind)s
                  JOIN customer_access_entry AS entry
                    ON entry.slot > clock.time - rule.window_hours * interval '1 hour'
                  JOIN res_users AS who ON who.id = entry.user_id
                  JOIN res_partner AS person ON person.id = who.partner_id
                 CROSS JOIN LATERAL (
                       SELECT extract(hour FROM entry.slot AT TIME ZONE 'UTC'
                              AT TIME ZONE COALESCE(person.tz, 'UTC')) AS hour
                       ) AS local
                 WHERE %(condition)s
                 GROUP BY rule.id, entry.user_id, who.company_id, clock.time
                HAVING %(measure)s > rule.number
                    ON CONFLICT (rule_id, user_id, date)
                    DO UPDATE SET number = greatest(alert.number, excluded.number)
                RETURNING id, xmax = 0
                """,
                measure=measure,
                condition=condition,
                kind=kind,
                uid=self.env.uid,
            )
        )
        self.env["customer.access.alert"].invalidate_model()
        return [alert_id for alert_id, is_new in rows if is_new]

    @api.model
    def _get_leaving_users(self):
        """Hook: who is about to leave, or has just left."""
        # sudo: of all companies, by the night's job
        handovers = self.env["customer.handover"].sudo()
        rules = self.sudo().search([("kind", "=", "leaving")])
        hours = max(rules.mapped("window_hours"), default=0)
        users = self.env["res.users"].sudo().with_context(active_test=False)
        left = users.search(
            [("active", "=", False), ("write_date", ">=", f"now -{hours}H")]
        )
        under_way = handovers.search([("state", "in", ("draft", "review"))])
        return left | under_way.user_id
