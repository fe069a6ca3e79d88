from dataclasses import replace

from odoo import api, models


class ReportCustomerDisclosure(models.AbstractModel):
    """The forms of an approved disclosure, for its recipient (S4-24, S2-44)."""

    _name = "report.customer_archive_security.customer_disclosure"
    _inherit = ["customer.archive.print"]
    _description = "Print of What Is Given Outside"

    _way_out = "disclosure"

    @api.model
    def _get_printable(self, record_ids):
        disclosure = (
            self.env["customer.disclosure"].sudo(False).browse(record_ids or ())
        )
        disclosure.ensure_one()
        disclosure._check_may_give()
        return disclosure

    @api.model
    def _get_printed_dossiers(self, disclosures):
        dossiers = disclosures._get_lines().dossier_id.sudo(False)
        # approved or not, nobody prints what he may not read himself
        dossiers.check_access("read")
        return dossiers

    @api.model
    def _draw(self, disclosures, dossiers):
        disclosures._count_copy()
        form = self.with_context(archive_disclosure_id=disclosures.id)
        return super(ReportCustomerDisclosure, form)._draw(disclosures, dossiers)

    @api.model
    def _get_copy_values(self):
        return {"disclosure_id": self.env.context["archive_disclosure_id"]}

    @api.model
    def _get_sheets(self, disclosures):
        dossiers = self._get_printed_dossiers(disclosures)
        # sudo: which forms were approved
        for form in disclosures.sudo().form_ids:
            drawn = self.env[f"report.{form.report_name}"]
            for sheet in drawn._get_sheets(dossiers):
                mark = f"{disclosures.number}  {sheet.mark}"
                yield replace(sheet, mark=mark)

    @api.model
    def _get_foot(self):
        return self._get_disclosure_line()

    @api.model
    def _get_watermark(self):
        return self._get_disclosure_line()

    @api.model
    def _get_disclosure_line(self):
        disclosure = self.env["customer.disclosure"].browse(
            self.env.context["archive_disclosure_id"]
        )
        return self.env._(
            "%(number)s for %(recipient)s, %(user)s, %(time)s",
            number=disclosure.number,
            recipient=disclosure._get_recipient_name(),
            user=self.env.user.name,
            time=self._format_now(),
        )
