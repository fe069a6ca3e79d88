from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..tools import join_texts
from . import fonts
from .grid import LIST_SIZE, Band, Cell, Row
from .paper import Paper, Sheet

PREFIX = "report."
GAP = "\N{NO-BREAK SPACE}"


class CustomerArchivePrint(models.AbstractModel):
    """A form that is drawn, not rendered from a web page.

    A form is a model named ``report.<report_name>`` as Odoo asks for, which gives
    its sheets. Drawing needs no other program on the server, takes seconds for
    hundreds of dossiers, and leaves no page of a dossier in a temporary file.
    """

    _name = "customer.archive.print"
    _description = "Printed Form of the Customer Archive"

    # How content leaves the archive with this form.
    _way_out = "print"

    @api.model
    def _render_pdf(self, record_ids):
        """Draw the form for the records with these ids: dossiers, plans, visits.

        :return: bytes
        :raises AccessError: when one of them is closed to the user
        """
        # whoever asks for a print through other code prints what he may see himself
        form = self.sudo(False)
        records = form._get_printable(record_ids)
        dossiers = form._get_printed_dossiers(records)
        dossiers._on_taken_out(self._way_out)
        return form._draw(records, dossiers).get_content()

    @api.model
    def _draw(self, records, dossiers):
        """The sheets on paper; ``dossiers`` are those whose content they show.

        :return: paper.Paper
        """
        paper = self._open_paper()
        for sheet in self._get_sheets(records):
            paper.add(sheet)
        return paper

    @api.model
    def _get_printed_dossiers(self, records):
        """Hook: the dossiers whose content a print of ``records`` shows."""
        return records._get_history_dossier()

    @api.model
    def _get_printable(self, dossier_ids):
        """The dossiers chosen, if all of them are open to the user.

        The whole print is refused otherwise: nobody shall file one with a customer
        missing, and not know it.
        """
        dossiers = self.env["customer.dossier"]._as_user()
        wanted = dossiers.browse(dict.fromkeys(dossier_ids or ()))
        if not dossiers.has_access("read"):
            wanted.check_access("read")  # is refused, and tells for which dossiers
        if not wanted:
            raise UserError(self.env._("Choose the dossiers to print."))
        closed = wanted - dossiers.search([("id", "in", wanted.ids)])
        if closed:
            closed._on_denied("print")
            raise AccessError(
                self.env._(
                    "Dossiers chosen: %(total)s. Not open to you: %(closed)s. "
                    "Nothing was printed; leave those out, or ask their keepers.",
                    total=len(wanted),
                    closed=len(closed),
                )
            )
        # what was struck out is not printed, whatever the list shows
        return wanted.with_context(active_test=True)

    @api.model
    def _open_paper(self):
        return Paper(
            title=self._get_report().name,
            author=self.env.company.name,
            foot=self._get_foot(),
            format_page=lambda page, count: self.env._(
                "Page %(page)s of %(count)s", page=page, count=count
            ),
            watermark=self._get_watermark(),
        )

    @api.model
    def _get_report(self):
        name = self._name.removeprefix(PREFIX)
        return self.env["ir.actions.report"]._get_report_from_name(name)

    @api.model
    def _get_foot(self):
        """What stands at the foot of each page: who printed it, and when."""
        return self.env._(
            "Printed on %(date)s by %(user)s",
            date=self._format_date(Date.context_today(self)),
            user=self.env.user.name,
        )

    @api.model
    def _get_watermark(self):
        """Hook: a text in pale letters across each page."""
        return ""

    @api.model
    def _get_sheets(self, dossiers):
        """Hook: the sheets of the form, as an iterable of ``paper.Sheet``."""
        raise NotImplementedError

    @api.model
    def _get_sheet(self, dossiers, title, *tables):
        """A sheet of one dossier, or of a list of dossiers."""
        if len(dossiers) == 1:
            mark = dossiers.number
        else:
            mark = self.env._("Customers: %(count)s", count=len(dossiers))
        company = join_texts(self.env, self._get_names(dossiers.company_id))
        return Sheet(title, tables, company=company, mark=mark or "")

    # ------------------------------------------------------------------
    # Labels and values, in the reader's language
    # ------------------------------------------------------------------

    @api.model
    def _get_label(self, model_name, field_name):
        """What the screen calls the field."""
        field = self.env[model_name]._fields[field_name]
        return field._description_string(self.env)

    @api.model
    def _get_choices(self, model_name, field_name):
        """Codes of a list with their words."""
        field = self.env[model_name]._fields[field_name]
        return field._description_selection(self.env)

    @api.model
    def _format(self, record, field_name):
        """A value as text; empty where nothing is known."""
        value = record[field_name]
        field = record._fields[field_name]
        if field.type in ("date", "datetime"):
            return self._format_date(value)
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            return self._format_amount(value, currency)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.relational:
            return join_texts(self.env, self._get_names(value))
        return str(value) if value else ""

    @api.model
    def _format_date(self, date):
        return format_date(self.env, date)

    @api.model
    def _format_amount(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency) if amount else ""

    @api.model
    def _get_names(self, records):
        # sudo: Odoo names what a record points at to whoever reads the record
        return [name for name in records.sudo().mapped("display_name") if name]

    @api.model
    def _format_boxes(self, record, field_name):
        """All choices of a list, the one that holds with a tick."""
        return "   ".join(
            (fonts.TICKED_BOX if code == record[field_name] else fonts.BOX)
            + GAP
            + label.replace(" ", GAP)
            for code, label in self._get_choices(record._name, field_name)
        )

    # ------------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------------

    @api.model
    def _label_cell(self, text, span):
        return Cell(text, span, kind="label", align="center")

    @api.model
    def _title_band(self, text):
        """A line over the whole form that opens a block."""
        cell = Cell(text, 60, kind="head", align="center")
        return Band((Row((cell,)),), keeps_next=True)

    @api.model
    def _head_band(self, *columns):
        """The head of a table: pairs of text and span."""
        cells = [Cell(text, span, "label", "center") for text, span in columns]
        return Band((Row(tuple(cells)),))

    @api.model
    def _label_band(self, model_name, columns):
        """Head of a table: the labels of fields, of pairs of a name and a width."""
        return self._head_band(
            *((self._get_label(model_name, name), span) for name, span in columns)
        )

    @api.model
    def _value_band(self, record, columns):
        """A line of that table."""
        cells = (
            Cell(self._format(record, name), span, size=LIST_SIZE)
            for name, span in columns
        )
        return Band((Row(tuple(cells)),))

    @api.model
    def _pair_cells(self, record, field_name, label_span, value_span):
        """Label and value of a field."""
        return (
            self._label_cell(self._get_label(record._name, field_name), label_span),
            Cell(self._format(record, field_name), value_span),
        )

    @api.model
    def _unit_band(self, dossier):
        """The line 单位名称 on top of each annex."""
        cells = (
            self._label_cell(self.env._("Name of Organisation"), 10),
            Cell(dossier.partner_id.name, 30),
            *self._pair_cells(dossier, "number", 10, 10),
        )
        return Band((Row(cells),))
