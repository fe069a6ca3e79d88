import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ..form import layout
from ..form.cells import to_key
from ..form.plan import FormPlan
from ..form.reader import FormReader

MAX_FILES = 20


class CustomerFormImport(models.TransientModel):
    """Reads filled-in forms (客户档案表): shows what they would change, then does it.

    Nothing of a dossier is kept here. What is shown is worked out anew each time,
    under the lock, and so is what is done.
    """

    _name = "customer.form.import"
    _description = "Import of Filled-In Forms"

    state = fields.Selection(
        [("upload", "Upload"), ("check", "Check")], default="upload", readonly=True
    )
    # no link to the dossier: links are walked along past its lock
    dossier_res_id = fields.Integer(
        string="For Dossier",
        readonly=True,
        help="The dossier whose form is expected, when opened from it.",
    )
    file_ids = fields.One2many("customer.form.import.file", "import_id", "Files")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    is_ready = fields.Boolean(compute="_compute_preview")
    digest = fields.Char(readonly=True)
    is_outdated = fields.Boolean(readonly=True)

    @api.depends("state", "file_ids.content", "file_ids.name", "dossier_res_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_preview(self):
        for wizard in self:
            # as the user, even where the field is read by code that is superuser
            forms = wizard.sudo(False)._read_forms() if wizard.state == "check" else []
            wizard.is_ready = _is_ready(forms)
            wizard.preview = self.env["ir.qweb"]._render(
                "customer_archive.customer_form_import_preview", {"forms": forms}
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def action_import_form(self, dossier_id=False):
        """Open the dialog, for any customer or for the one of ``dossier_id``."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Filled-In Form"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dossier_res_id": dossier_id},
        }

    def action_check(self):
        """Read the files, and show what they would create and change."""
        self.ensure_one()
        self._check_files()
        self.write(
            {
                "state": "check",
                "is_outdated": False,
                "digest": _get_digest(self._read_forms()),
            }
        )
        return self._reopen()

    def action_back(self):
        """Choose other files."""
        self.ensure_one()
        self.write({"state": "upload", "file_ids": [fields.Command.clear()]})
        return self._reopen()

    def action_apply(self):
        """Do what was shown, all of it or nothing.

        Where the dossiers changed since, the new list is shown instead.
        """
        self.ensure_one()
        self._check_files()
        forms = self._read_forms()
        if self.state != "check" or _get_digest(forms) != self.digest:
            result = self.action_check()
            self.is_outdated = True
            return result
        if not _is_ready(forms):
            raise UserError(
                self.env._("These forms can't be imported as they are. See the list.")
            )
        self._lock_new_customers([form["plan"].new_name for form in forms])
        dossiers = self.env["customer.dossier"]
        with self.env.cr.savepoint():
            for form in forms:
                dossiers |= form["plan"].apply()
        return self._open_dossiers(dossiers)

    def _lock_new_customers(self, names):
        """Have others wait who import one of the same new customers just now.

        :raises ConcurrencyError: when somebody was faster; Odoo then begins anew, and
            reads what he wrote
        """
        names = [name for name in names if name]
        if not names:
            return
        self.env.execute_query(
            SQL(
                """
                SELECT pg_advisory_xact_lock(hashtextextended(key, %s))
                  FROM (SELECT key FROM unnest(%s) key ORDER BY key OFFSET 0) keys
                """,
                self.env.company.id,
                list({to_key(name) for name in names}),
            )
        )
        customers = SQL(
            "SELECT id FROM res_partner WHERE parent_id IS NULL AND name = ANY(%s)",
            names,
        )
        known = self.env.execute_query(customers)
        # this transaction reads what there was when it began, another one what is
        # there now
        with self.env.registry.cursor() as cursor:
            cursor.execute(customers)
            if not set(cursor.fetchall()).issubset(known):
                raise ConcurrencyError("somebody else has just imported this customer")

    def action_download_chinese(self):
        """The blank form in Chinese."""
        return _get_download(layout.CHINESE)

    def action_download_english(self):
        """The blank form in English."""
        return _get_download(layout.ENGLISH)

    def _reopen(self):
        return {**self.action_import_form(), "res_id": self.id, "context": {}}

    def _open_dossiers(self, dossiers):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Dossiers"),
            "res_model": "customer.dossier",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", dossiers.ids)],
        }
        if len(dossiers) == 1:
            action.update(res_id=dossiers.id, views=[(False, "form")])
        return action

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _check_files(self):
        if not self.file_ids:
            raise UserError(self.env._("Choose a file first."))
        if len(self.file_ids) > MAX_FILES:
            raise UserError(
                self.env._("At most %(count)s files at a time.", count=MAX_FILES)
            )

    def _read_forms(self):
        """What each file proposes, or why it is refused.

        :return: list of dicts: ``name`` of the file, ``error`` or ``plan``
        """
        forms = [self._read_form(file) for file in self.file_ids]
        seen = set()
        for form in forms:
            plan = form["plan"]
            if plan and not plan.problems and plan.identity in seen:
                plan.add_problem(
                    None,
                    None,
                    self.env._("Another of these files is of this customer."),
                )
            elif plan:
                seen.add(plan.identity)
        return forms

    def _read_form(self, file):
        form = {"name": file.name, "error": None, "plan": None}
        try:
            content = FormReader(self.env).parse(self._get_content(file))
            form["plan"] = FormPlan(self.env, content, self._get_dossier())
        except UserError as error:
            form["error"] = str(error)
        return form

    def _get_content(self, file):
        # the web client asks for sizes instead of contents
        value = file.with_context(bin_size=False, bin_size_content=False).content
        try:
            return base64.b64decode(value or b"")
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The file did not arrive whole.")) from error

    def _get_dossier(self):
        dossier = self.env["customer.dossier"].browse(self.dossier_res_id or ())
        dossier.check_access("read")
        return dossier


def _is_ready(forms):
    """Whether there is something to do, and nothing wrong anywhere."""
    plans = [form["plan"] for form in forms]
    return bool(
        all(plan and not plan.problems for plan in plans)
        and any(not plan.is_empty for plan in plans)
    )


def _get_digest(forms):
    """A mark of all that is shown, by which a change since is noticed."""
    shown = [
        (form["name"], form["error"], plan and (plan.dossier.id, plan.changes))
        for form in forms
        for plan in [form["plan"]]
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _get_download(lang, dossier_id=None):
    path = f"/customer_archive/form/{lang}"
    return {
        "type": "ir.actions.act_url",
        "url": f"{path}/{dossier_id}" if dossier_id else path,
        "target": "download",
    }
