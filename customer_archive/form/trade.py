"""The tables of the form: years and transactions (S0-13, S0-14)."""

from . import layout
from .cells import to_key

MAX_LINES = 500


class TablePlan:
    """Rows of a table of the form, matched with the lines on file."""

    section_key = None

    def __init__(self, plan):
        self.plan, self.env = plan, plan.env
        [self.section] = [one for one in layout.SECTIONS if one.key == self.section_key]
        self.model = self.env[self.section.columns[0].model]
        self.lines = self._get_lines()
        self.matched = self.model.browse()
        self.changed, self.new = [], []

    def _get_lines(self):
        if not self.plan.dossier:
            return self.model.browse()
        return self.model.search([("dossier_id", "=", self.plan.dossier.id)])

    def propose(self):
        rows = self.plan.content.rows.get(self.section_key, [])
        if len(rows) > MAX_LINES:
            message = self.env._(
                "The table has more than %(count)s lines.", count=MAX_LINES
            )
            self.plan.add_problem(next(iter(rows[MAX_LINES].values())), None, message)
            return
        for row in rows:
            self._propose_row(row)

    def _propose_row(self, row):
        line = self._find_line(row)
        self.matched |= line
        vals = {}
        title = self._get_row_title(row)
        for column in self.section.columns:
            self.plan.propose(title, column, row.get(column.name), line, vals)
        if not line:
            self._check_required(row, vals)
            self.new.append(vals)
        elif vals:
            self.changed.append((line, vals))

    def _get_row_title(self, row):
        number = min(cell.row for cell in row.values())
        title = self.section.title.to(self.plan.content.lang)
        return self.env._("%(title)s, row %(row)s", title=title, row=number)

    def _find_line(self, row):
        raise NotImplementedError

    def _read(self, row, name):
        column = next(one for one in self.section.columns if one.name == name)
        return self.plan.get_value(column, row.get(name))

    def _check_required(self, row, vals):
        for column in self.section.columns:
            field = self.model._fields[column.name]
            if field.required and column.name not in row:
                first = next(iter(row.values()))
                message = self.env._("Something is missing in this row.")
                self.plan.add_problem(first, column, message)
            elif field.required:
                # a zero is a value too
                vals.setdefault(column.name, self._read(row, column.name))

    def apply(self):
        for line, vals in self.changed:
            line.write(vals)
        dossier_id = self.plan.dossier.id
        self.model.create(
            [
                {**self._get_defaults(), **vals, "dossier_id": dossier_id}
                for vals in self.new
            ]
        )

    def _get_defaults(self):
        return {}


class YearsPlan(TablePlan):
    """Sales of the last years: one line a year."""

    section_key = "years"

    def __init__(self, plan):
        super().__init__(plan)
        self.years = set()

    def _find_line(self, row):
        year = self._read(row, "year")
        column = self.section.columns[0]
        if year is None:
            return self.lines.browse()
        if not 1900 <= year <= 2200:
            message = self.env._("Write the year with four digits.")
            self.plan.add_problem(row["year"], column, message)
        if year in self.years:
            message = self.env._("The year stands twice.")
            self.plan.add_problem(row["year"], column, message)
        self.years.add(year)
        return self.lines.filtered(lambda line: line.year == year)


class TradePlan(TablePlan):
    """Transactions: by the hidden mark of a filled-in form, by number, by content."""

    section_key = "trade"

    def _get_lines(self):
        if not self.plan.dossier:
            return self.model.browse()
        # those struck out are known too, lest an old form put them back
        return self.model.with_context(active_test=False).search(
            [("dossier_id", "=", self.plan.dossier.id)]
        )

    def _find_line(self, row):
        line = (
            self._find_marked(row) or self._find_numbered(row) or self._find_alike(row)
        )
        if line and not line.active:
            first = next(iter(row.values()))
            message = self.env._("This transaction was struck out on file.")
            self.plan.add_problem(first, None, message)
        return line

    def _find_marked(self, row):
        mark = row.get("id")
        text = str(mark.value) if mark else ""
        return (self.lines - self.matched).filtered(lambda line: str(line.id) == text)

    def _find_numbered(self, row):
        number = self._read(row, "name")
        lines = self.lines - self.matched
        found = lines.filtered(
            lambda line: number and to_key(line.name or "") == to_key(number)
        )
        return found.filtered("active")[:1] or found[:1]

    def _find_alike(self, row):
        """A line without a number, but of the same day and amount."""
        if row.get("name") or not (row.get("date") and row.get("amount")):
            return self.lines.browse()
        date, amount = self._read(row, "date"), self._read(row, "amount")
        lines = (self.lines - self.matched).filtered("active")
        return lines.filtered(
            lambda line: (
                amount is not None
                and line.date == date
                and line.currency_id.compare_amounts(line.amount, amount) == 0
            )
        )[:1]

    def _get_defaults(self):
        # nobody is put in charge just because he read the form in
        return {"user_id": False}
