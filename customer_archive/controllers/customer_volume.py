from odoo import http
from odoo.http import content_disposition, request


class CustomerVolumeController(http.Controller):
    @http.route(
        "/customer_archive/volume/<int:print_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def volume(self, print_id):
        """A volume that was printed in the background, for whoever asked for it."""
        printed = request.env["customer.volume.print"].browse(print_id).exists()
        if not printed or not printed.has_access("read") or printed.state != "ready":
            raise request.not_found()
        # opened here, where it goes on record; read one by one, as they are sent
        streams = [part._to_http_stream() for part in printed._get_parts()]
        return request.make_response(
            (stream.read() for stream in streams),
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", sum(stream.size for stream in streams)),
                (
                    "Content-Disposition",
                    content_disposition(f"{printed.display_name}.pdf"),
                ),
                ("Cache-Control", "no-store"),
            ],
        )
