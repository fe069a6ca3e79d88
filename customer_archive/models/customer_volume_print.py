import io
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL

from ..report.volume_pdf import VolumePdf

_logger = logging.getLogger(__name__)

ACTIVITY = "customer_archive.mail_activity_type_volume"
STATES = [("waiting", "Under Way"), ("ready", "Ready"), ("failed", "Not Possible")]
# A slice ends with the document that fills it: sides, or bytes.
SLICE_PAGES, SLICE_BYTES = 500, 16 * 2**20


class CustomerVolumePrint(models.Model):
    """A large volume on its way to one PDF (S0-8): somebody's copy, drawn in slices.

    What a slice drew is kept in one transaction with the place to go on from. Killed
    at any moment, the next run goes on there; nothing of it is given out before all is
    there.
    """

    _name = "customer.volume.print"
    _inherit = ["customer.dossier.item", "customer.archive.activity"]
    _description = "Volume Printed in the Background"
    _order = "id desc"
    _history = False

    volume_id = fields.Many2one(
        "customer.volume", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, default="waiting")
    document_count = fields.Integer(string="Documents to Bind")
    done_count = fields.Integer(string="Documents Bound")
    ready_date = fields.Datetime(string="Ready Since")
    error = fields.Text(string="Why Not")
    # the documents as they were when it was begun, and where to go on
    plan = fields.Json(prefetch=False)
    progress = fields.Json(prefetch=False)

    _one_each = models.Constraint(
        "UNIQUE(volume_id, user_id)", "This volume is being printed for you already."
    )

    def _get_item_name(self):
        return self.volume_id._get_item_name()

    def _move_to_dossier(self, dossier):
        """Fall away: the copy bears the number of another dossier."""
        # sudo: what is left of a print, of whomever
        return self.sudo().unlink()

    def unlink(self):
        self._get_parts().unlink()
        return super().unlink()

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _ask(self, volume):
        """Have the volume printed for the user.

        :raises UserError: when he may not print it
        """
        form = self.env["report.customer_archive.volume"].sudo(False)
        form._get_printable(volume.ids).dossier_id._check_taken_out(form._way_out)
        # sudo: a request of the user's own, who was asked for his rights above
        prints = self.sudo()
        prints._get_own(volume).unlink()
        prints.create(
            {
                "dossier_id": volume.dossier_id.id,
                "volume_id": volume.id,
                "user_id": self.env.uid,
                "document_count": volume.document_count,
            }
        )
        # sudo: starts a job of the archive, whatever the user's rights
        self.env.ref("customer_archive.ir_cron_volume_print").sudo()._trigger()

    @api.model
    def _get_own(self, volumes):
        """What the user asked for of these volumes."""
        return self.search(
            [("volume_id", "in", volumes.ids), ("user_id", "=", self.env.uid)]
        )

    def action_discard(self):
        """Give it up."""
        self.check_access("read")
        # sudo: the user's own request, which he reads
        self.sudo().unlink()

    def action_download(self):
        """The PDF, once it is there."""
        self.ensure_one()
        self.check_access("read")
        # sudo: takes back what the archive put on the user's own desk
        self.sudo().activity_unlink([ACTIVITY])
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_archive/volume/{self.id}",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------------

    @api.model
    def _cron_print(self):
        """Go on with what was asked for, the oldest first."""
        waiting = self.search([("state", "=", "waiting")], order="id")
        left = sum(p.document_count - p.done_count + 1 for p in waiting)
        self.env["ir.cron"]._commit_progress(remaining=left)
        for printed in waiting:
            while drawn := printed._go_on():
                if not self.env["ir.cron"]._commit_progress(drawn):
                    return

    def _go_on(self):
        """Draw the next slice, and tell who asked when it was the last.

        :return: number of documents drawn; 0: there is nothing left to do
        """
        try:
            return retrying(self._draw_slice, self.env)
        except UserError as error:
            message = str(error)
        except Exception:
            _logger.exception("Volume print %s", self.id)
            message = ""
        self.env.cr.rollback()
        self._fail(message)
        return 1

    def _draw_slice(self):
        # deleted meanwhile, or another worker's
        if not self.try_lock_for_update(allow_referencing=True):
            return 0
        self.invalidate_recordset()
        if self.state != "waiting":
            return 0
        form = self._get_form()
        volume = form._get_printable(self.volume_id.ids)
        documents = form._get_documents(volume)
        if self.plan != (plan := documents._get_print_plan()):
            self._begin(form, volume, plan)
        first = self.done_count
        output = io.BytesIO()
        pdf = VolumePdf(output, volume.display_name, form._get_mark(), self.progress)
        if not first:
            form._add_front(volume, pdf)
        start = pdf.page_count
        done = first
        for document in documents[first:]:
            form._add_document(pdf, document)
            done += 1
            if pdf.page_count - start >= SLICE_PAGES or output.tell() >= SLICE_BYTES:
                break
        if is_last := done == len(documents):
            pdf.close()
        self._keep(output.getvalue(), pdf.get_state(), done)
        if is_last:
            self._finish(form, volume, pdf)
        return done - first + is_last

    def _begin(self, form, volume, plan):
        """Begin, or begin anew where documents came or changed meanwhile."""
        volume.dossier_id._on_taken_out(form._way_out)
        self._get_parts().unlink()
        self.write(
            {
                "plan": plan,
                "progress": False,
                "document_count": len(plan),
                "done_count": 0,
            }
        )

    def _keep(self, part, progress, done_count):
        self.env["ir.attachment"].create(
            {
                "name": f"{done_count:06}",
                "res_model": self._name,
                "res_id": self.id,
                "mimetype": "application/octet-stream",
                "raw": part,
            }
        )
        self.write({"progress": progress, "done_count": done_count})

    def _finish(self, form, volume, pdf):
        """Hook: all of it is there."""
        self.write(
            {
                "state": "ready",
                "ready_date": fields.Datetime.now(),
                "plan": False,
                "progress": False,
            }
        )
        self._tell()

    def _fail(self, message):
        """Keep nothing of it but why."""
        if not self.exists():
            return
        to_user = self.with_context(lang=self.user_id.lang).env
        message = message or to_user._(
            "Something went wrong. Tell your administrator: print %(number)s.",
            number=self.id,
        )
        self._get_parts().unlink()
        self.write(
            {
                "state": "failed",
                "error": message,
                "plan": False,
                "progress": False,
            }
        )
        self._tell()

    def _tell(self):
        """Put a line on the desk of who asked, which says no more than its type."""
        self.flush_recordset()
        self._put_on_desks(
            self.env.ref(ACTIVITY),
            SQL(
                "SELECT id, %s AS name, user_id, %s::date AS date"
                " FROM customer_volume_print WHERE id = %s",
                self._get_item_name(),
                fields.Date.context_today(self),
                self.id,
            ),
        )

    def _get_form(self):
        """The form as who asked prints it: with his rights, in his language.

        :raises UserError: when he has left
        """
        user = self.user_id
        if not user.active:
            raise UserError(self.env._("Who asked for it has left."))
        # the rules are asked as he would be, in the dossier's company
        companies = self.company_id & user.company_ids | user.company_ids
        return (
            self.env["report.customer_archive.volume"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids, lang=user.lang, tz=user.tz)
        )

    # ------------------------------------------------------------------
    # What is there
    # ------------------------------------------------------------------

    def _get_parts(self):
        """The slices of the PDF, in their order."""
        # sudo: parts of a print the user was found to read
        attachments = self.env["ir.attachment"].sudo()
        return attachments.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )

    @api.autovacuum
    def _gc_prints(self):
        """Keep no copies that lie about: so long, and no longer (S2-50)."""
        policies = self.env["customer.archive.policy"]
        found = self.search([("id", "!=", False)])
        for company, prints in found.grouped("company_id").items():
            days = policies._get_policy(company).volume_keep_days
            limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            prints.filtered(lambda p, limit=limit: p.write_date < limit).unlink()
