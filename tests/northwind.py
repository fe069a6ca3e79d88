"""Northwind, a trading company of 1996 to 1998, as input of the customer archive.

Reads the tables customers, employees, orders and order-details, and puts them on file
through the public methods of the models, as an archivist, in batches. What is on file
already stays as it is, so a second run adds only what is new in the tables.

What becomes of the tables:

company     a company of its own, Northwind Traders, keeping books in US dollars: what
            others have on file in the same database stays apart.
employees   users, login = first name in lower case. Whoever others report to leads a
            team of those and supervises it; who reports to nobody is a manager.
customers   contacts (companies, reference = customerID), each with a dossier. It
            belongs to the employee who sold the customer most after discount. One who
            never ordered has a dossier still being collected, and no owner: nobody has
            earned it; a manager or an archivist gives it to somebody.
contacts    key persons, rank and capacity by title: see RANKS and CAPACITIES.
orders      transactions, amount after discount, rounded to cents once for each order.
years       a yearly figure for each customer and year with an order.
"""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from odoo.fields import Command

# The first word found in a title decides; anybody else with a title is staff
# (Sales Representative, Sales Agent, Marketing Assistant, Order Administrator ...).
RANKS = {
    "Owner": "executive",
    "President": "executive",
    "Director": "director",
    "Manager": "manager",
}
# Who runs the business is its principal; anybody else is the one we talk to.
CAPACITIES = {"executive": "principal"}

# As the files write them, where Odoo's English name is another.
COUNTRY_CODES = {"UK": "GB", "USA": "US"}

COLUMNS = {
    "employees": "employeeID lastName firstName title reportsTo",
    "customers": (
        "customerID companyName contactName contactTitle address city region"
        " postalCode country phone fax"
    ),
    "orders": "orderID customerID employeeID orderDate shipCity",
    "order-details": "orderID unitPrice quantity discount",
}
# Addresses contain commas that nobody quoted; the cells after them shift.
FREE_TEXT = {"customers": "address", "orders": "shipAddress"}

COMPANY = "Northwind Traders"
ARCHIVIST = "northwind_archivist"
CENT = Decimal("0.01")


class LoadError(Exception):
    """What is wrong with the input, in words for the person who gave it."""


# ---------------------------------------------------------------- reading


def get_rank(title):
    """Rank of a key person with this title; None without a title."""
    if not title:
        return None
    ranks = (rank for word, rank in RANKS.items() if word in title)
    return next(ranks, "staff")


def read_table(folder, name):
    """The rows of a table as dictionaries, ``NULL`` and empty cells as None."""
    path = Path(folder) / f"{name}.csv"
    if not path.is_file():
        raise LoadError(f"There is no file {path}.")
    lines = csv.reader(io.StringIO(decode(path.read_bytes()), newline=""))
    header = next(lines, [])
    if missing := [col for col in COLUMNS[name].split() if col not in header]:
        raise LoadError(f"{path} has no column {', '.join(missing)}.")
    rows = []
    for cells in filter(None, lines):
        cells = join_free_text(cells, header, FREE_TEXT.get(name))
        if len(cells) != len(header):
            raise LoadError(
                f"{path}, line {lines.line_num}: {len(cells)} cells, but the header "
                f"has {len(header)}."
            )
        rows.append(dict(zip(header, map(clean, cells), strict=True)))
    return rows


def decode(content):
    """Text of a file in UTF-8, or in the encoding of an older export."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def join_free_text(cells, header, column):
    """Put together what unquoted commas tore apart, counting from both ends."""
    extra = len(cells) - len(header)
    if extra <= 0 or column not in header:
        return cells
    start = header.index(column)
    end = start + extra + 1
    return [*cells[:start], ",".join(cells[start:end]), *cells[end:]]


def clean(cell):
    cell = cell.strip()
    return None if cell in ("", "NULL") else cell


@dataclass(frozen=True)
class Order:
    number: str
    customer: str
    employee: str
    date: date
    place: str | None
    amount: Decimal


class Northwind:
    """The tables, with what follows from them."""

    def __init__(self, folder):
        if not Path(folder).is_dir():
            raise LoadError(f"There is no folder {folder}.")
        try:
            employees = read_table(folder, "employees")
            customers = read_table(folder, "customers")
            self.employees = {row["employeeID"]: row for row in employees}
            self.customers = {row["customerID"]: row for row in customers}
            self.orders = self._read_orders(folder)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise LoadError(f"A number or date in {folder} is none: {error}") from error
        self._check()

    def _read_orders(self, folder):
        amounts = defaultdict(Decimal)
        for row in read_table(folder, "order-details"):
            price, quantity, discount = (
                Decimal(row[name]) for name in ("unitPrice", "quantity", "discount")
            )
            amounts[row["orderID"]] += price * quantity * (1 - discount)
        return [
            Order(
                number=row["orderID"],
                customer=row["customerID"],
                employee=row["employeeID"],
                date=date.fromisoformat(row["orderDate"][:10]),
                place=row["shipCity"],
                amount=amounts[row["orderID"]].quantize(CENT, ROUND_HALF_UP),
            )
            for row in read_table(folder, "orders")
        ]

    def _check(self):
        for order in self.orders:
            for kind, key in (
                ("customer", order.customer),
                ("employee", order.employee),
            ):
                if key not in getattr(self, f"{kind}s"):
                    raise LoadError(
                        f"Order {order.number} names {kind} {key}: unknown."
                    )
        for row in self.employees.values():
            if row["reportsTo"] and row["reportsTo"] not in self.employees:
                raise LoadError(f"{row['lastName']} reports to nobody known.")

    def get_leaders(self):
        """Ids of the employees to whom others report."""
        return {row["reportsTo"] for row in self.employees.values()} - {None}

    def get_team(self, leader):
        """Ids of those who report to ``leader``; a leader belongs to the own team."""
        members = {
            key for key, row in self.employees.items() if row["reportsTo"] == leader
        }
        return (members - self.get_leaders()) | {leader}

    def get_owners(self):
        """customerID -> id of the employee who sold the customer most."""
        sold = defaultdict(Decimal)
        for order in self.orders:
            sold[order.customer, order.employee] += order.amount
        owners = {}
        # the smaller id wins where two sold the same
        for (customer, employee), _amount in sorted(
            sold.items(), key=lambda item: (-item[1], item[0])
        ):
            owners.setdefault(customer, employee)
        return owners

    def get_first_dates(self):
        """customerID -> date of the first order."""
        dates = {}
        for order in self.orders:
            dates[order.customer] = min(
                dates.get(order.customer, order.date), order.date
            )
        return dates


# ---------------------------------------------------------------- putting on file


class Loader:
    """Puts the tables on file.

    Company, users and teams are made in ``env`` itself, as whoever installs the system
    would; all the rest as the archivist, under the record rules.

    :param password: function login -> password of a new user; no password without
    :param say: function that shows a line of progress
    """

    def __init__(self, env, data, password=None, say=lambda line: None):
        self.admin = env(context={**env.context, "no_reset_password": True})
        self.data = data
        self.password = password
        self.say = say
        self.counts = {}

    def run(self):
        """Load all tables; returns {kind: (how many are new, how many were there)}."""
        self.company = self._get_company()
        self.users = self._load_users()
        self._load_teams()
        self.env = self.admin(user=self._get_archivist())
        self.customers = self._load_customers()
        self.contacts = self._load_contacts()
        self.dossiers = self._load_dossiers()
        self._load_persons()
        self._load_transactions()
        self._load_years()
        return self.counts

    def _add_missing(self, kind, model, wanted, existing):
        """Create in one batch what ``wanted`` has beyond ``existing``.

        :param wanted: {key: values}
        :param existing: {key: record}
        :return: {key: record} of all wanted
        """
        missing = {key: vals for key, vals in wanted.items() if key not in existing}
        created = model.create(list(missing.values()))
        self.counts[kind] = (len(missing), len(wanted) - len(missing))
        self.say(f"{kind:14}{len(missing):5} new{len(wanted) - len(missing):8} there")
        return existing | dict(zip(missing, created, strict=True))

    # As the administrator ------------------------------------------------

    def _get_company(self):
        companies = self.admin["res.company"]
        found = companies.search([("name", "=", COMPANY)], limit=1)
        currency = self.admin.ref("base.USD")
        if not currency.active:
            currency.active = True
        return found or companies.create({"name": COMPANY, "currency_id": currency.id})

    def _prepare_user(self, login, name, groups, **values):
        refs = ("base.group_user", "base.group_partner_manager", *groups)
        groups = [self.admin.ref(ref).id for ref in refs]
        vals = {
            "name": name,
            "login": login,
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
            "group_ids": [Command.set(groups)],
            **values,
        }
        if self.password:
            vals["password"] = self.password(login)
        return vals

    def _find_users(self, logins):
        users = self.admin["res.users"].with_context(active_test=False)
        return {user.login: user for user in users.search([("login", "in", logins)])}

    def _load_users(self):
        """Employees as users: {employeeID: user}."""
        logins = {
            key: row["firstName"].lower() for key, row in self.data.employees.items()
        }
        leaders = self.data.get_leaders()
        wanted = {}
        for key, row in self.data.employees.items():
            group = "user"
            if key in leaders:
                group = "supervisor" if row["reportsTo"] else "manager"
            wanted[logins[key]] = self._prepare_user(
                logins[key],
                f"{row['firstName']} {row['lastName']}",
                [f"customer_archive.group_archive_{group}"],
                function=row["title"],
            )
        existing = self._find_users(list(wanted))
        for login, user in existing.items():
            if user.name != wanted[login]["name"]:
                raise LoadError(f"The login {login} belongs to {user.name} already.")
        users = self._add_missing(
            "employees", self.admin["res.users"], wanted, existing
        )
        return {key: users[login] for key, login in logins.items()}

    def _load_teams(self):
        """The superiors: a team for each, led by him or her."""
        wanted = {}
        for leader in sorted(self.data.get_leaders()):
            members = [self.users[key].id for key in self.data.get_team(leader)]
            wanted[self.users[leader].id] = {
                "name": f"Team {self.data.employees[leader]['lastName']}",
                "company_id": self.company.id,
                "user_id": self.users[leader].id,
                "member_ids": [Command.set(members)],
            }
        teams = self.admin["crm.team"]
        found = teams.search([("user_id", "in", list(wanted))])
        self._add_missing("teams", teams, wanted, {t.user_id.id: t for t in found})

    def _get_archivist(self):
        user = self._find_users([ARCHIVIST]).get(ARCHIVIST)
        groups = ["customer_archive.group_archive_keeper"]
        return user or self.admin["res.users"].create(
            self._prepare_user(ARCHIVIST, "Northwind Archivist", groups)
        )

    # As the archivist ----------------------------------------------------

    def _load_customers(self):
        """Customers as companies: {customerID: partner}."""
        countries = self._find_countries()
        states = self._find_states(countries)
        wanted = {
            key: self._prepare_customer(
                row,
                countries[row["country"]],
                states.get((row["country"], row["region"])),
            )
            for key, row in self.data.customers.items()
        }
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search(
            [("ref", "in", list(wanted)), ("parent_id", "=", False)]
        )
        return self._add_missing(
            "customers", partners, wanted, {partner.ref: partner for partner in found}
        )

    def _prepare_customer(self, row, country, state):
        return {
            "name": row["companyName"],
            "ref": row["customerID"],
            "company_id": self.company.id,
            "is_company": True,
            "street": row["address"],
            # a region that Odoo has no state for still belongs to the address
            "street2": row["region"] if not state else False,
            "city": row["city"],
            "zip": row["postalCode"],
            "state_id": state and state.id,
            "country_id": country.id,
            "phone": row["phone"],
        }

    def _find_countries(self):
        """{name in the file: country}, for all of them."""
        names = {row["country"] for row in self.data.customers.values()}
        countries = self.env["res.country"].with_context(lang="en_US").search([])
        by_name = {country.name: country for country in countries}
        by_code = {country.code: country for country in countries}
        none = countries.browse()
        found = {
            name: by_code.get(COUNTRY_CODES.get(name)) or by_name.get(name) or none
            for name in names
        }
        if unknown := [name for name, country in found.items() if name and not country]:
            raise LoadError(f"No such country: {', '.join(sorted(unknown))}.")
        return found

    def _find_states(self, countries):
        """{(country, region) in the file: state}, by code or by name."""
        ids = [country.id for country in countries.values()]
        states = self.env["res.country.state"].search([("country_id", "in", ids)])
        names = {country.id: name for name, country in countries.items()}
        return {
            (names[state.country_id.id], label): state
            for state in states
            for label in (state.name, state.code)
        }

    def _load_contacts(self):
        """The contacts below their company: {customerID: partner}."""
        wanted = {
            key: {
                "name": row["contactName"],
                "function": row["contactTitle"],
                "parent_id": self.customers[key].id,
                "company_id": self.company.id,
            }
            for key, row in self.data.customers.items()
            if row["contactName"]
        }
        partners = self.env["res.partner"].with_context(active_test=False)
        parents = [customer.id for customer in self.customers.values()]
        keys = {(vals["parent_id"], vals["name"]): key for key, vals in wanted.items()}
        existing = {}
        for partner in partners.search([("parent_id", "in", parents)]):
            if key := keys.get((partner.parent_id.id, partner.name)):
                existing[key] = partner
        return self._add_missing("contacts", partners, wanted, existing)

    def _load_dossiers(self):
        """One for each customer: {customerID: dossier}."""
        owners = self.data.get_owners()
        first_dates = self.data.get_first_dates()
        wanted = {}
        for key, row in self.data.customers.items():
            vals = {
                "partner_id": self.customers[key].id,
                "fax": row["fax"],
                "user_id": False,
            }
            if first := first_dates.get(key):
                vals |= {
                    "user_id": self.users[owners[key]].id,
                    "state": "filed",
                    "open_date": first,
                    "first_contact_date": first,
                    "first_deal_date": first,
                }
            wanted[key] = vals
        dossiers = self.env["customer.dossier"].with_context(active_test=False)
        keys = {partner.id: key for key, partner in self.customers.items()}
        found = dossiers.search(
            [
                ("partner_id", "in", list(keys)),
                ("company_id", "=", self.company.id),
                ("merged_into_id", "=", False),
            ]
        )
        existing = {keys[dossier.partner_id.id]: dossier for dossier in found}
        return self._add_missing("dossiers", dossiers, wanted, existing)

    def _load_items(self, kind, model_name, wanted, key_field):
        """Add items that a dossier has not: ``wanted`` is {(dossier id, key): vals}."""
        items = self.env[model_name]
        found = items.search(
            [("dossier_id", "in", [dossier.id for dossier in self.dossiers.values()])]
        )
        existing = {
            key: item
            for item in found
            if (key := (item.dossier_id.id, item[key_field])) in wanted
        }
        self._add_missing(kind, items, wanted, existing)

    def _load_persons(self):
        wanted = {}
        for key, contact in self.contacts.items():
            rank = get_rank(self.data.customers[key]["contactTitle"])
            dossier = self.dossiers[key]
            wanted[dossier.id, contact] = {
                "dossier_id": dossier.id,
                "partner_id": contact.id,
                "rank": rank,
                "capacity": CAPACITIES.get(rank, "main_contact"),
            }
        self._load_items("key persons", "customer.key.person", wanted, "partner_id")

    def _load_transactions(self):
        wanted = {}
        for order in self.data.orders:
            dossier = self.dossiers[order.customer]
            wanted[dossier.id, order.number] = {
                "dossier_id": dossier.id,
                "name": order.number,
                "date": order.date,
                "place": order.place,
                "amount": float(order.amount),
                "user_id": self.users[order.employee].id,
            }
        self._load_items("transactions", "customer.transaction", wanted, "name")

    def _load_years(self):
        wanted = {}
        for order in self.data.orders:
            dossier = self.dossiers[order.customer]
            wanted[dossier.id, order.date.year] = {
                "dossier_id": dossier.id,
                "year": order.date.year,
            }
        self._load_items("yearly figures", "customer.yearly.figure", wanted, "year")


def load(env, folder):
    """Load the tables of ``folder`` for good, and tell what happened.

    Each new user's password is the login: meant for a database to try things out in.
    """
    data = Northwind(folder)
    print(
        f"{len(data.employees)} employees, {len(data.customers)} customers, "
        f"{len(data.orders)} orders in {folder}",
        flush=True,
    )
    loader = Loader(
        env,
        data,
        password=lambda login: login,
        say=lambda line: print(line, flush=True),
    )
    counts = loader.run()
    env.cr.commit()
    if not any(new for new, _there in counts.values()):
        print("All of it was on file already; nothing was added.")
    logins = " ".join(user.login for user in loader.users.values())
    print(f"Log in as one of {logins}, or as {ARCHIVIST} (password = login)")
