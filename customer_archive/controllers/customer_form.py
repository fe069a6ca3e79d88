from odoo import http
from odoo.http import content_disposition, request

from ..form import layout
from ..form.writer import FormWriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = (
    "customer_archive.group_archive_reader,customer_archive.group_archive_user,"
    "customer_archive.group_archive_keeper"
)


class CustomerForm(http.Controller):
    """Downloads of the 客户档案表, written at the moment and kept nowhere."""

    @http.route(
        [
            "/customer_archive/form/<string:lang>",
            "/customer_archive/form/<string:lang>/<int:dossier_id>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, lang, dossier_id=None):
        """The form in ``lang``: blank, or with the values of a dossier."""
        if lang not in layout.LANGUAGES or not request.env.user.has_groups(GROUPS):
            raise request.not_found()
        dossier = request.env["customer.dossier"].browse(dossier_id or ())
        content = FormWriter(request.env, lang, dossier).get_content()
        title = layout.TITLE.to(lang)
        name = f"{title} {dossier.number}" if dossier else title
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("Content-Length", len(content)),
                # what was read under the lock is not left in the browser's store
                ("Cache-Control", "no-store"),
            ],
        )
