from odoo import api, fields, models
from odoo.tools import SQL

# What a figure counts, and the list it opens.
FIGURES = {
    "filed": (
        "customer.dossier",
        [("state", "=", "filed")],
        "customer_dossier_action",
    ),
    "incomplete": (
        "customer.dossier",
        [("state", "=", "filed"), ("is_incomplete", "=", True)],
        "customer_dossier_action",
    ),
    "update_overdue": (
        "customer.dossier",
        [("state", "=", "filed"), ("update_due_date", "<", "today")],
        "customer_dossier_action",
    ),
    "opening_late": (
        "customer.dossier",
        [("is_opening_late", "=", True)],
        "customer_dossier_action",
    ),
    "dormant": (
        "customer.dossier",
        [("is_dormant", "=", True)],
        "customer_dossier_action_dormant",
    ),
    "expired": (
        "customer.dossier",
        [("is_expired", "=", True)],
        "customer_dossier_action_expired",
    ),
    "original": (
        "customer.document",
        [("original_state", "=", "overdue")],
        "customer_document_action_originals",
    ),
    "finding": (
        "customer.review.finding",
        [("state", "!=", "closed")],
        "customer_review_finding_action",
    ),
    "complaint": (
        "customer.feedback",
        [("kind", "=", "complaint"), ("state", "=", "open")],
        "customer_feedback_action",
    ),
    "approval": (
        "customer.approval",
        [("is_my_turn", "=", True)],
        "customer_approval_action",
    ),
}


class CustomerArchiveFigure(models.Model):
    """Live figures of the archive for managers, each with the list behind it (S3-7).

    Nothing is kept here: each is counted as it is read, under the rights of the reader.
    """

    _name = "customer.archive.figure"
    _description = "Figure of the Archive"
    _auto = False
    _order = "id"
    _rec_name = "kind"
    _depends = {
        "customer.dossier": [
            "state",
            "completeness",
            "update_due_date",
            "opening_due_date",
            "open_date",
            "last_contact_date",
            "keep_until",
        ],
        "customer.document": ["kind_id", "date", "has_original", "received_date"],
        "customer.document.kind": ["is_original_collected", "original_days"],
        "customer.legal.hold": ["date_end"],
        "customer.review.finding": ["state"],
        "customer.feedback": ["kind", "state"],
        "customer.approval": ["state", "step_id"],
    }

    kind = fields.Selection(
        [
            ("filed", "Dossiers on File"),
            ("incomplete", "On File, Incomplete"),
            ("update_overdue", "Updates Overdue"),
            ("opening_late", "Opened Too Late"),
            ("dormant", "Dormant Customers"),
            ("expired", "Term Over"),
            ("original", "Originals Overdue"),
            ("finding", "Open Findings"),
            ("complaint", "Complaints to Answer"),
            ("approval", "Waiting for Me"),
        ],
        readonly=True,
    )
    number = fields.Integer(readonly=True, aggregator=None)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            self._select_figure(number, kind) for number, kind in enumerate(FIGURES)
        )

    def _select_figure(self, number, kind):
        model, domain, _action = FIGURES[kind]
        # as the reader: what is closed to him is not counted for him
        counted = self.env[model].sudo(False)._search(domain)
        return SQL(
            "SELECT %s AS id, %s::varchar AS kind, count(*)::int AS number FROM (%s) r",
            # a number of the reader's own: what is cached for one is not another's
            self.env.uid * len(FIGURES) + number,
            kind,
            counted.select(),
        )

    @api.readonly
    def action_open(self):
        """What was counted."""
        self.ensure_one()
        self.check_access("read")
        _model, domain, action = FIGURES[self.kind]
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                f"customer_archive.{action}"
            ),
            "name": labels[self.kind],
            "domain": domain,
            "context": {},
        }
