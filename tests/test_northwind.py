"""The tables of Northwind on file, held against sums of the files alone."""

import json
import os
import tempfile
import unittest
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from northwind import ARCHIVIST, Loader, LoadError, Northwind, get_rank, read_table

from odoo.tests import HttpCase, TransactionCase, tagged

FOLDER = Path(
    os.environ.get("NORTHWIND_DIR")
    or Path(__file__).resolve().parents[2] / "shared" / "data" / "northwind"
)
needs_tables = unittest.skipUnless(
    FOLDER.is_dir(), f"no tables in {FOLDER}; NORTHWIND_DIR names another folder"
)


class Expected:
    """What the files say, computed without the loader.

    The cells used stand before the addresses, whose commas shift the rest.
    """

    def __init__(self):
        amounts = defaultdict(Decimal)
        for order, _product, price, quantity, discount in self._rows("order-details"):
            amounts[order] += Decimal(price) * int(quantity) * (1 - Decimal(discount))
        self.orders = [
            (
                number,
                customer,
                employee,
                int(day[:4]),
                amounts[number].quantize(Decimal("0.01"), ROUND_HALF_UP),
            )
            for number, customer, employee, day, *_rest in self._rows("orders")
        ]
        self.names = {row[0]: row[1] for row in self._rows("customers")}
        self.titles = {row[0]: row[3] for row in self._rows("customers")}
        self.logins = {row[0]: row[2].lower() for row in self._rows("employees")}
        self.superiors = {row[0]: row[-1] for row in self._rows("employees")}

    def _rows(self, name):
        lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        return [line.split(",") for line in lines[1:]]

    def sum_by(self, *positions):
        sums = defaultdict(Decimal)
        for order in self.orders:
            sums[tuple(order[position] for position in positions)] += order[4]
        return dict(sums)

    def get_owner(self, customer):
        sold = self.sum_by(1, 2)
        sellers = [key for key in sold if key[0] == customer]
        return max(sellers, key=sold.get)[1] if sellers else None

    def get_customers_of(self, employees):
        return {
            self.names[key] for key in self.names if self.get_owner(key) in employees
        }


class NorthwindCommon:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = Expected()
        cls.query_counts = {}
        cls.loader = Loader(
            cls.env,
            Northwind(FOLDER),
            password=lambda login: login,
            say=cls._note_query_count,
        )
        cls.counts = cls.loader.run()
        cls.env.invalidate_all()
        archivist = cls.env["res.users"].search([("login", "=", ARCHIVIST)])
        cls.dossiers = cls.env["customer.dossier"].with_user(archivist)
        cls.loaded = cls.dossiers.search(
            [("partner_id.ref", "in", list(cls.expected.names))]
        )

    @classmethod
    def _note_query_count(cls, line):
        """How many queries had been made when each kind was loaded."""
        cls.env.flush_all()
        cls.query_counts[line[:14].strip()] = cls.env.cr.sql_log_count

    def _get_user(self, employee):
        login = self.expected.logins[employee]
        return self.env["res.users"].search([("login", "=", login)])


@needs_tables
@tagged("post_install", "-at_install")
class TestNorthwind(NorthwindCommon, TransactionCase):
    def _to_cents(self, amount):
        return Decimal(str(amount)).quantize(Decimal("0.01"))

    def test_counts(self):
        self.assertEqual(len(self.loaded), 91)
        self.assertEqual(len(self.loaded.person_ids), 91)
        self.assertEqual(len(self.loaded.transaction_ids), 830)
        self.assertEqual(len(self.loaded.transaction_ids), len(self.expected.orders))
        self.assertEqual(
            len(self.loaded.yearly_figure_ids), len(self.expected.sum_by(1, 3))
        )
        self.assertEqual(len(self.expected.logins), 9)

    def test_amount_of_each_customer_to_the_cent(self):
        """S0-14, S2-4: what each customer bought, after discount."""
        expected = self.expected.sum_by(1)
        for dossier in self.loaded:
            with self.subTest(customer=dossier.partner_id.name):
                amount = expected.get((dossier.partner_id.ref,), 0)
                self.assertEqual(self._to_cents(dossier.trade_amount), amount)
                self.assertEqual(
                    sum(map(self._to_cents, dossier.transaction_ids.mapped("amount"))),
                    amount,
                )
        self.assertEqual(self.loaded.transaction_ids.currency_id.name, "USD")
        self.assertEqual(self.loaded.company_id.name, "Northwind Traders")

    def test_amount_of_each_customer_and_year(self):
        """S0-13: the yearly figures sum up the transactions of their year."""
        found = {
            (figure.dossier_id.partner_id.ref, figure.year): self._to_cents(
                figure.trade_amount
            )
            for figure in self.loaded.yearly_figure_ids
        }
        self.assertEqual(found, self.expected.sum_by(1, 3))

    def test_owner_sold_the_customer_most(self):
        for dossier in self.loaded:
            owner = self.expected.get_owner(dossier.partner_id.ref)
            with self.subTest(customer=dossier.partner_id.name):
                self.assertEqual(
                    dossier.user_id.login or None, self.expected.logins.get(owner)
                )
                self.assertEqual(dossier.state, "filed" if owner else "draft")

    def test_transactions_of_each_employee(self):
        """S0-14: each transaction names who was responsible."""
        found = Counter(t.user_id.login for t in self.loaded.transaction_ids)
        self.assertEqual(
            found, Counter(self.expected.logins[o[2]] for o in self.expected.orders)
        )
        order = self.loaded.transaction_ids.filtered(lambda t: t.name == "10250")
        self.assertEqual(str(order.date), "1996-07-08")
        self.assertEqual(order.place, "Rio de Janeiro")

    def test_superiors_lead_the_teams(self):
        for employee, superior in self.expected.superiors.items():
            user = self._get_user(employee)
            with self.subTest(login=user.login):
                leads = employee in self.expected.superiors.values()
                leader = employee if leads else superior
                self.assertEqual(user.sale_team_id.user_id, self._get_user(leader))
                self.assertEqual(
                    user.has_group("customer_archive.group_archive_supervisor"), leads
                )

    def test_each_employee_sees_own_customers_or_the_teams(self):
        for employee, superior in self.expected.superiors.items():
            team = {e for e, s in self.expected.superiors.items() if s == employee}
            names = self.expected.get_customers_of({employee} | team)
            if superior == "NULL":
                names = set(self.expected.names.values())
            user = self._get_user(employee)
            with self.subTest(login=user.login):
                seen = self.dossiers.with_user(user).search(
                    [("id", "in", self.loaded.ids)]
                )
                self.assertEqual(set(seen.mapped("partner_id.name")), names)

    def test_key_persons_have_the_rank_of_their_title(self):
        """S0-11: post, capacity and rank of the person we deal with."""
        ranks = Counter()
        for title in self.expected.titles.values():
            if "Owner" in title:
                ranks["executive", "principal"] += 1
            elif title.endswith("Manager"):
                ranks["manager", "main_contact"] += 1
            else:
                ranks["staff", "main_contact"] += 1
        persons = self.loaded.person_ids
        self.assertEqual(Counter((p.rank, p.capacity) for p in persons), ranks)
        for person in persons:
            self.assertEqual(
                person.function,
                self.expected.titles[person.dossier_id.partner_id.ref],
            )

    def test_wrinkles_of_the_files(self):
        partners = self.loaded.partner_id.grouped("ref")
        self.assertEqual(
            {ref: p.name for ref, p in partners.items()}, self.expected.names
        )
        hanar = partners["HANAR"]
        self.assertEqual(hanar.street, "Rua do Paço, 67")
        self.assertEqual(hanar.city, "Rio de Janeiro")
        self.assertEqual(hanar.state_id.code, "RJ")
        self.assertEqual(hanar.country_id.code, "BR")
        self.assertEqual(partners["BSBEV"].country_id.code, "GB")
        self.assertEqual(partners["HILAA"].street2, "Táchira")
        self.assertFalse(partners["ALFKI"].state_id or partners["ALFKI"].street2)
        texts = [self.loaded.mapped("fax"), *self.loaded.partner_id.read(["phone"])]
        self.assertNotIn("NULL", str(texts))

    def test_archivist_put_it_on_file(self):
        self.assertEqual(set(self.loaded.create_uid.mapped("login")), {ARCHIVIST})
        self.assertEqual(set(self.loaded.keeper_id.mapped("login")), {ARCHIVIST})

    def test_second_run_adds_nothing(self):
        counts = Loader(self.env, Northwind(FOLDER)).run()
        self.assertEqual({new for new, _there in counts.values()}, {0})
        self.assertEqual(
            [there for _new, there in counts.values()],
            [new for new, _there in self.counts.values()],
        )

    def test_second_run_adds_what_is_missing(self):
        dossier = self.loaded[0]
        gone = dossier.transaction_ids[0]
        name = gone.name
        gone.name = "Not of Northwind"
        counts = Loader(self.env, Northwind(FOLDER)).run()
        self.assertEqual(counts["transactions"][0], 1)
        self.assertIn(name, dossier.transaction_ids.mapped("name"))

    def test_batches(self):
        """1,246 records of the archive cost hundreds of queries, not thousands."""
        kinds = ["dossiers", "key persons", "transactions", "yearly figures"]
        self.assertEqual(sum(self.counts[kind][0] for kind in kinds), 1246)
        spent = self.query_counts["yearly figures"] - self.query_counts["contacts"]
        self.assertLess(spent, 400)

    def test_login_of_somebody_else_is_not_taken_over(self):
        self._get_user("1").name = "Nancy Drew"
        with self.assertRaisesRegex(LoadError, "nancy belongs to Nancy Drew"):
            Loader(self.env, Northwind(FOLDER)).run()


@needs_tables
@tagged("post_install", "-at_install")
class TestNorthwindLogin(NorthwindCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.names = self.expected.get_customers_of({"1"})
        self.assertTrue(0 < len(self.names) < 80)

    def test_salesperson_reads_own_customers_over_http(self):
        self.authenticate("nancy", "nancy")
        found = self.make_jsonrpc_request(
            "/web/dataset/call_kw/customer.dossier/web_search_read",
            {
                "model": "customer.dossier",
                "method": "web_search_read",
                "args": [[]],
                "kwargs": {"specification": {"partner_id": {"fields": {"name": {}}}}},
            },
        )
        names = {record["partner_id"]["name"] for record in found["records"]}
        self.assertEqual(names, self.names)
        self.assertEqual(found["length"], len(self.names))

    def test_salesperson_sees_own_customers_in_the_browser(self):
        self.browser_js(
            "/odoo/action-customer_archive.customer_dossier_action_mine?view_type=list",
            "const cells = [...document.querySelectorAll('td[name=partner_id]')];"
            f"const names = {json.dumps(sorted(self.names))};"
            "const shown = cells.map((cell) => cell.textContent.trim()).sort();"
            "if (shown.join() === names.sort().join()) console.log('test successful');"
            "else console.error(shown.join('; '));",
            ready="document.querySelectorAll('td[name=partner_id]').length > 0",
            login="nancy",
        )


@tagged("post_install", "-at_install")
class TestNorthwindReading(unittest.TestCase):
    HEADER = "orderID,customerID,employeeID,orderDate,shipAddress,shipCity"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def _write(self, name, *lines, encoding="utf-8"):
        (self.folder / f"{name}.csv").write_text("\n".join(lines), encoding=encoding)

    def _read_orders(self, *lines, **kwargs):
        self._write("orders", self.HEADER, *lines, **kwargs)
        return read_table(self.folder, "orders")

    def test_unquoted_commas_stay_in_the_address(self):
        (row,) = self._read_orders("1,A,2,1996-07-08,Rua do Paço, 67, fundos,Rio")
        self.assertEqual(row["shipAddress"], "Rua do Paço, 67, fundos")
        self.assertEqual(row["shipCity"], "Rio")

    def test_quoted_commas_and_line_breaks(self):
        (row,) = self._read_orders('1,A,2,1996-07-08,"Paço, 67\nfundos",Rio')
        self.assertEqual(row["shipAddress"], "Paço, 67\nfundos")

    def test_null_and_empty_cells_are_nothing(self):
        (row,) = self._read_orders("1,A,2,1996-07-08,NULL, ")
        self.assertIsNone(row["shipAddress"])
        self.assertIsNone(row["shipCity"])

    def test_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            with self.subTest(encoding=encoding):
                (row,) = self._read_orders(
                    "1,A,2,1996-07-08,Paço,México", encoding=encoding
                )
                self.assertEqual(row["orderID"], "1")
                self.assertEqual(row["shipCity"], "México")

    def test_faults_are_named(self):
        with self.assertRaisesRegex(LoadError, "no folder .*nowhere"):
            Northwind(self.folder / "nowhere")
        with self.assertRaisesRegex(LoadError, "no file .*employees.csv"):
            Northwind(self.folder)
        self._write("customers", "customerID,companyName", "A,Alfreds")
        with self.assertRaisesRegex(LoadError, "no column contactName, contactTitle"):
            read_table(self.folder, "customers")
        with self.assertRaisesRegex(LoadError, "line 3: 5 cells, .* has 6"):
            self._read_orders("1,A,2,1996-07-08,Paço,Rio", "2,A,2,1996-07-08,Rio")

    def test_orders_of_unknown_customers_and_bad_numbers_are_named(self):
        self._write("employees", "employeeID,lastName,firstName,title,reportsTo")
        self._write(
            "customers",
            "customerID,companyName,contactName,contactTitle,address,city,region,"
            "postalCode,country,phone,fax",
        )
        self._write("order-details", "orderID,unitPrice,quantity,discount", "1,2.5,4,0")
        self._read_orders("1,A,2,1996-07-08,Paço,Rio")
        with self.assertRaisesRegex(LoadError, "Order 1 names customer A: unknown"):
            Northwind(self.folder)
        self._read_orders("1,A,2,July,Paço,Rio")
        with self.assertRaisesRegex(LoadError, "July"):
            Northwind(self.folder)

    def test_ranks(self):
        ranks = {
            "Owner/Marketing Assistant": "executive",
            "Vice President": "executive",
            "Marketing Director": "director",
            "Accounting Manager": "manager",
            "Sales Agent": "staff",
            None: None,
        }
        for title, rank in ranks.items():
            with self.subTest(title=title):
                self.assertEqual(get_rank(title), rank)
