import importlib
import io
import json
import re
import time
import urllib.parse
from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from odoo.addons.base.tests.common import BaseCommon

from ..report import fonts, grid
from ..report.grid import Band, Cell, Row, Table
from ..report.paper import Paper, Sheet

FORMS = ("customer_record", "annex_1", "annex_2", "annex_3", "annex_5")
LISTS = ("contact_list", "customer_register")
# What PyPDF2 has not learned: these predefined tables take UTF-16.
UTF_16_TABLES = {"/UniGB-UTF16-H": "utf-16-be", "/UniKS-UTF16-H": "utf-16-be"}
CHINESE_TEXT = "数控机床与五轴联动加工中心的研发、制造和销售；兼营机床再制造。"


def squash(text):
    """A text without its spaces and breaks: those of a print are its own."""
    return re.sub(r"\s", "", text)


def read_pages(pdf):
    """Texts of the pages, as a program copies them out of the PDF."""
    package = PdfReader.__base__.__module__.partition(".")[0]
    cmap = importlib.import_module(f"{package}._cmap")
    cmap._predefined_cmap.update(UTF_16_TABLES)
    reader = PdfReader(io.BytesIO(pdf))
    return [squash(page.extract_text()) for page in reader.pages]


def clear_fonts():
    for function in (fonts.find_chinese, fonts.get_font, fonts.get_embedded):
        function.cache_clear()


@contextmanager
def without_chinese_font():
    """As on a server that has none."""
    with patch.object(fonts, "CHINESE_FILES", ()):
        clear_fonts()
        try:
            yield
        finally:
            clear_fonts()


@tagged("post_install", "-at_install")
class TestPaper(BaseCommon):
    def test_a_long_foot_leaves_the_page_number_alone(self):
        foot = (
            "提供给某某科学研究院计量研究所，由某某打印于二〇二六年十一月二十二日" * 2
        )
        paper = Paper("T", "A", foot, lambda number, count: f"{number}/{count}")
        paper.add(Sheet("Title", (), mark="KH0000001"))
        places = {}

        def note(text, _matrix, place, *_font):
            places.setdefault(text.strip()[:3], (place[4], place[5]))

        page = PdfReader(io.BytesIO(paper.get_content())).pages[0]
        page.extract_text(visitor_text=note)
        self.assertIn("1/1", places)
        right = max(x for x, _y in places.values())
        self.assertGreater(right, places["1/1"][0] + 20)


class PrintCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        archive = "customer_archive.group_archive_"
        cls.keeper = cls._create_user("keeper", f"{archive}keeper", "赵静")
        cls.seller = cls._create_user("seller", f"{archive}user", "王芳")
        cls.employee = cls._create_user("employee", "base.group_user", "Employee")
        cls.seller.partner_id.function = "销售代表"
        cls.grade = cls.env["customer.credit.grade"].search([], limit=1)
        cls.china = cls.env.ref("base.cn")

    @classmethod
    def _create_user(cls, name, groups, full_name):
        return new_test_user(
            cls.env, f"print_{name}", groups=groups, name=full_name, lang="en_US"
        )

    @classmethod
    def _create_dossiers(cls, count, owner=None):
        """Dossiers with something in every field of every form."""
        customers = cls.env["res.partner"].create(
            [cls._customer_vals(number) for number in range(count)]
        )
        contacts = cls.env["res.partner"].create(
            [
                {
                    "name": name + customer.name[-3:],
                    "parent_id": customer.id,
                    "function": post,
                    "phone": f"+86 25 5550 {customer.name[-3:]}-{place}",
                    "email": f"p{place}@c{customer.name[-3:]}.example.com",
                }
                for customer in customers
                for place, (name, post) in enumerate(
                    (("沈国梁", "董事长"), ("周国强", "总经理"), ("顾晓敏", "采购总监"))
                )
            ]
        )
        return cls.env["customer.dossier"].create(
            [
                cls._dossier_vals(
                    customer, contacts[3 * at : 3 * at + 3], owner or cls.seller
                )
                for at, customer in enumerate(customers)
            ]
        )

    @classmethod
    def _customer_vals(cls, number):
        return {
            "name": f"苏州金澜数控机床股份有限公司第{number:03}",
            "is_company": True,
            "street": f"工业园区星龙街 {number} 号",
            "city": "苏州",
            "zip": f"215{number:03}",
            "country_id": cls.china.id,
            "phone": f"+86 512 5550 {number:04}",
            "email": f"info@c{number:03}.example.com",
        }

    @classmethod
    def _dossier_vals(cls, customer, contacts, owner):
        mark = customer.name[-3:]
        return {
            "partner_id": customer.id,
            "user_id": owner.id,
            "keeper_id": cls.keeper.id,
            "tier_id": cls.env.ref("customer_archive.customer_tier_a").id,
            "customer_class": "important",
            "open_date": "2018-12-20",
            "fax": f"+86 512 5551 {mark}",
            "founding_date": "1996-08-18",
            "registered_capital": 286_000_000,
            "shareholders": f"金澜控股集团 41.2 %；员工持股平台 {mark}",
            "bank_name": f"中国工商银行苏州园区支行{mark}",
            "bank_account": f"1102 0201 0900 {mark}",
            "employee_count": 2680,
            "domestic_employee_count": 2655,
            "foreign_employee_count": 25,
            "company_nature": "listed",
            "industry_position": "leader",
            "main_business": CHINESE_TEXT + mark,
            "side_business": f"机床租赁{mark}",
            "credit_grade_id": cls.grade.id,
            "advantages": f"现场服务 4 小时内到达{mark}",
            "disadvantages": f"价格高于国产竞品约 12 %{mark}",
            "note": f"备注内容{mark}",
            "person_ids": [
                Command.create(cls._person_vals(contact, place, mark))
                for place, contact in enumerate(contacts)
            ],
            "transaction_ids": [
                Command.create(
                    {
                        "name": f"HT-{mark}-{place}",
                        "date": f"2025-0{place}-17",
                        "place": f"上海{mark}",
                        "amount": 1_000_000 * place + int(mark),
                        "user_id": cls.seller.id,
                        "is_breach": place == 1,
                        "note": f"分两批交货{place}",
                    }
                )
                for place in (1, 2)
            ],
            "yearly_figure_ids": [
                Command.create({"year": year, "revenue": year * 1000, "note": "投产"})
                for year in (2022, 2023, 2024, 2025)
            ],
            "fact_ids": [
                Command.create(
                    {
                        "topic": topic,
                        "information": f"{topic} 得知{mark}：计划新建车间。",
                        "implication": f"{topic} 含义{mark}：是今年最大的机会。",
                    }
                )
                for topic, _label in cls.env["customer.fact"]._fields["topic"].selection
            ],
        }

    @classmethod
    def _person_vals(cls, contact, place, mark):
        capacities = ("legal_representative", "principal", "main_contact")
        texts = (
            "home_phone birth_place native_place degree school education career family "
            "hobbies journals associations role_effect concerns"
        ).split()
        return {
            "partner_id": contact.id,
            "capacity": capacities[place],
            "buying_role": ("decision_maker", "user", "blocker")[place],
            "attitude": ("positive", "neutral", "none")[place],
            "liaison_ids": [Command.set(cls.seller.ids)],
            "birth_date": f"196{place}-03-22",
            "mobile_phone": f"139 5550 {mark}{place}",
            **{name: f"{name}内容{mark}-{place}" for name in texts},
        }

    def _print(self, name, dossiers, user=None, **context):
        user = user or self.keeper
        reports = self.env["ir.actions.report"].with_user(user)
        reports = reports.with_context(**{"lang": user.lang, **context})
        content, kind = reports._render(f"customer_archive.{name}", dossiers.ids)
        self.assertEqual(kind, "pdf")
        return read_pages(content)

    def assertPrinted(self, text, values):
        for value in values:
            with self.subTest(value=value):
                self.assertIn(squash(value), text)

    # What each form has to show of a dossier, said again in other words ---------

    def _get_record_values(self, dossier):
        partner = dossier.partner_id
        yield from (dossier.number, partner.name, partner.street, "12/20/2018")
        yield from (partner.zip, partner.phone, partner.email, dossier.fax)
        yield from ("08/18/1996", "286,000,000.00", dossier.shareholders)
        yield from (dossier.bank_name, dossier.bank_account, "2680", "2655", "25")
        yield from ("☑Listed Company", "□State-Owned", "☑Leader", "□Other")
        yield from (dossier.main_business, dossier.side_business, self.grade.name)
        yield from (dossier.advantages, dossier.disadvantages, dossier.note)
        for person in dossier.person_ids:
            yield from (person.partner_id.name, person.function, person.education)
            yield f"03/22/{person.birth_date.year}"
            yield from (person.hobbies, person.family)
        for deal in dossier.transaction_ids:
            yield from (deal.name, f"{deal.date:%m/%d/%Y}", deal.place, deal.note)
            yield f"{deal.amount:,.2f}"
            yield f"{self.seller.name}{'Yes' if deal.is_breach else 'No'}{deal.note}"
        for year in (2023, 2024, 2025):
            yield f"{year * 1000:,.2f}"

    def _get_annex_1_values(self, dossier):
        yield from (dossier.partner_id.name, dossier.partner_id.street)
        for person in dossier.person_ids:
            yield from (person.partner_id.name, person.function, person.phone)
            yield from (person.mobile_phone, person.home_phone)

    def _get_annex_2_values(self, dossier):
        for person in dossier.person_ids:
            yield from self._get_page_values(person)

    def _get_page_values(self, person):
        yield from (person.dossier_id.partner_id.name, person.partner_id.name)
        yield from (person.function, person.hobbies, person.birth_place)
        yield from (f"03/22/{person.birth_date.year}", person.journals)
        yield from (person.native_place, person.degree, person.family, person.school)
        yield from (person.associations, person.career)

    def _get_annex_3_values(self, dossier):
        yield dossier.partner_id.name
        yield from ("Decision Maker☑Positive", "User□Positive☑Neutral")
        for person in dossier.person_ids:
            yield from (person.partner_id.name, person.function)
            yield f"{person.partner_id.name}: {person.role_effect}"
            yield f"{person.partner_id.name}: {person.concerns}"
        yield f"{self.seller.name}, {self.seller.function}"
        yield "signs or vetoes"

    def _get_annex_5_values(self, dossier):
        yield dossier.partner_id.name
        for fact in dossier.fact_ids:
            yield from (fact.information, fact.implication)

    def _get_list_values(self, dossier):
        partner = dossier.partner_id
        yield from (dossier.number, partner.name, self.seller.name)

    def _get_values(self, name, dossier):
        if name in LISTS:
            return self._get_list_values(dossier)
        name = name.removeprefix("customer_")
        return getattr(self, f"_get_{name}_values")(dossier)


@tagged("post_install", "-at_install")
class TestPrints(PrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls._create_dossiers(1)

    # ------------------------------------------------------------------
    # What stands on each form
    # ------------------------------------------------------------------

    def test_each_form_holds_every_value(self):
        """S0-9 to S0-15, S0-24, S1-35 to S1-40, S3-5: as the policies have them."""
        for name in (*FORMS, *LISTS):
            with self.subTest(form=name):
                text = "".join(self._print(name, self.dossier))
                self.assertPrinted(text, self._get_values(name, self.dossier))

    def test_blocks_follow_the_paper(self):
        """S0-10 to S0-14: the four blocks, and the persons', in their order."""
        text = "".join(self._print("customer_record", self.dossier))
        person = self.dossier.person_ids
        order = (
            self.dossier.number,
            self.dossier.fax,
            self.dossier.bank_account,
            person[0].family,
            person[1].family,
            person[2].family,
            "2680",
            "☑ListedCompany",
            "☑Leader",
            self.dossier.side_business,
            "2025",
            "HT-000-2",
            "HT-000-1",
            self.dossier.disadvantages,
            self.dossier.note,
        )
        places = [text.index(squash(value)) for value in order]
        self.assertEqual(places, sorted(places))

    def test_evaluation_sheet(self):
        # S4-8: 成交客户分级评价表, for many customers at once
        others = self._create_dossiers(3)
        dossiers = self.dossier | others
        dossiers.state = "filed"
        dossiers.rating_demand = "4"
        manager = "customer_archive.group_archive_manager"
        first, second = (
            self._create_user(name, manager, full_name)
            for name, full_name in (("manager", "刘慧敏"), ("second", "周卫东"))
        )
        scheme = self.env["customer.tier.scheme"].create(
            {
                "name": "Yearly evaluation",
                "min_population": 0,
                "criterion_ids": [
                    Command.create(
                        {"name": "Turnover", "measure": "amount", "months": 0}
                    ),
                    Command.create(
                        {
                            "name": "Their demand",
                            "source": "rating",
                            "rating": "demand",
                            "weight": 3,
                        }
                    ),
                ],
            }
        )
        runs = self.env["customer.tier.run"].with_user(first)
        run = runs.create({"scheme_id": scheme.id, "date_to": "2025-12-31"})
        run.action_propose()
        lines = self.env["customer.tier.run.line"].with_user(first)
        lines = lines.search(
            [("run_id", "=", run.id), ("dossier_id", "in", dossiers.ids)]
        )
        tier = self.env.ref("customer_archive.customer_tier_b")
        lines[0].write({"final_tier_id": tier.id, "change_reason": "新线投产"})
        run.action_submit()
        run.with_user(second).action_approve()
        # one more, whom nobody has evaluated
        unknown = self._create_dossiers(1)
        pages = self._print("evaluation_sheet", dossiers | unknown)
        self.assertEqual(len(pages), 5)
        for page, dossier in zip(pages, dossiers | unknown, strict=True):
            self.assertPrinted(page, (dossier.number, dossier.partner_id.name))
            self.assertPrinted(page, ("Important", "Evaluated By (Signature)"))
        self.assertIn(squash("The customer was not evaluated yet."), pages[-1])
        for page, dossier in zip(pages, dossiers, strict=False):
            line = dossier.with_user(second).evaluation_id
            amount = 3_000_000 + 2 * int(dossier.partner_id.name[-3:])
            turnover, demand = line._get_sheet_rows()
            values = (
                *("Yearly evaluation", "12/31/2025", "周卫东"),
                "Turnover",
                f"{amount:,.2f}",
                f"{turnover['points']:.1f}25 %{turnover['part']:.1f}",
                f"Their demand480.075 %{0.75 * 80:.1f}",
                f"Sum{line.score:.1f}",
                f"{line.position} of {run.line_count}",
                f"Tier Before{line.old_tier_id.name}",
                f"Proposed Tier{line.proposed_tier_id.name}",
                f"Final Tier{line.final_tier_id.name}",
                line.with_context(lang="en_US").reason,
            )
            self.assertPrinted(page, values)
            self.assertAlmostEqual(turnover["part"] + demand["part"], line.score, 3)
        self.assertIn("新线投产", pages[dossiers.ids.index(lines[0].dossier_id.id)])

    def test_branches_have_lines_of_their_own(self):
        """S1-35: head office and branches, three contacts each."""
        branches = self.env["res.partner"].create(
            [
                {
                    "name": f"分支{number}",
                    "parent_id": self.dossier.partner_id.id,
                    "is_company": number == 1,
                    "type": "other",
                    "street": f"分支路 {number} 号",
                    "child_ids": [
                        Command.create(
                            {"name": f"分支人{number}{at}", "function": "经理"}
                        )
                        for at in range(3)
                    ],
                }
                for number in (1, 2)
            ]
        )
        person = self.env["customer.key.person"].create(
            {
                "dossier_id": self.dossier.id,
                "partner_id": branches[0].child_ids[2].id,
                "home_phone": "0512 5550 0999",
            }
        )
        text = "".join(self._print("annex_1", self.dossier))
        for number, branch in enumerate(branches, 1):
            part = text.partition(squash(f"Branch {number}分支{number}"))[2]
            part = part.partition("Branch2")[0]
            self.assertPrinted(part, branch.child_ids.mapped("name"))
            self.assertIn(squash(branch.street), part)
        # a key person stands first, with what the dossier knows
        part = text.partition("Branch1")[2]
        self.assertLess(part.index("分支人12"), part.index("分支人10"))
        self.assertIn(squash(person.home_phone), part)

    def test_page_for_each_person(self):
        """S1-36: annex 2 is one page a person; an empty one where nobody is known."""
        pages = self._print("annex_2", self.dossier)
        self.assertEqual(len(pages), 3)
        for page, person in zip(pages, self.dossier.person_ids, strict=True):
            self.assertPrinted(page, self._get_page_values(person))
            others = self.dossier.person_ids - person
            for other in others:
                self.assertNotIn(squash(other.career), page)
        self.dossier.person_ids.sudo()._strike_out("left")
        self.assertEqual(len(self._print("annex_2", self.dossier)), 1)

    def test_roles_stand_in_their_columns(self):
        """S1-39: annex 4 has the fixed words of all five roles."""
        pages = self._print("annex_3", self.dossier)
        self.assertEqual(len(pages), 2)
        forms = self.env["report.customer_archive.annex_3"]
        descriptions = forms._get_role_descriptions()
        roles = self.env["customer.key.person"]._fields["buying_role"].selection
        self.assertEqual(set(descriptions), {code for code, _label in roles})
        self.assertPrinted(pages[1], descriptions.values())
        self.assertPrinted(pages[1], [label for _code, label in roles])

    def test_insight_sheet_has_a_line_for_each_topic(self):
        """S1-40: 5 x 2, empty topics too."""
        self.dossier.fact_ids[1:].sudo()._strike_out("wrong")
        [page] = self._print("annex_5", self.dossier)
        topics = self.env["customer.fact"]._fields["topic"].selection
        places = [page.index(squash(label)) for _code, label in topics]
        self.assertEqual(places, sorted(places))
        self.assertIn(squash(self.dossier.fact_ids.information), page)

    def test_struck_out_is_not_printed_whatever_the_list_shows(self):
        """S2-29."""
        deal = self.dossier.transaction_ids[0]
        deal._strike_out("wrong customer")
        self.dossier.active = False
        for context in ({}, {"active_test": False}):
            text = "".join(self._print("customer_record", self.dossier, **context))
            self.assertIn(self.dossier.number, text)
            self.assertNotIn(deal.name, text)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def test_long_texts_run_over_pages(self):
        """Nothing is cut, however long; heads and numbers stand on each page."""
        career = "\n".join(f"第{number}年在苏州工作。" for number in range(600))
        person = self.dossier.person_ids[0]
        person.write({"career": career})
        pages = self._print("annex_2", self.dossier)
        self.assertGreater(len(pages), 4)
        count = len(pages) - 2
        for number, page in enumerate(pages[:count], 1):
            self.assertIn(f"Page{number}of{count}", page)
            self.assertIn(self.dossier.number, page)
        text = "".join(pages[:count])
        numbers = re.findall(r"第(\d+)年", text)
        self.assertEqual(numbers, [str(number) for number in range(600)])

    def test_tables_repeat_their_head(self):
        """S0-14: the table of trade, with its head on each page."""
        self.env["customer.transaction"].create(
            [
                {
                    "dossier_id": self.dossier.id,
                    "name": f"HT-{number:04}",
                    "date": "2024-01-01",
                    "amount": number,
                }
                for number in range(200)
            ]
        )
        pages = self._print("customer_record", self.dossier)
        found = [name for page in pages for name in re.findall(r"HT-\d{4}", page)]
        self.assertEqual(Counter(found).most_common(1)[0][1], 1)
        self.assertEqual(len(found), 200)
        with_deals = [page for page in pages if re.search(r"HT-\d{4}", page)]
        self.assertGreater(len(with_deals), 4)
        for page in with_deals:
            self.assertIn("ResponsibleBreachofContractRemarks", page)

    def test_all_prints_of_200_dossiers_in_one_file(self):
        """The whole archive on paper: what was written is what is read again."""
        dossiers = self.dossier | self._create_dossiers(199)
        self.env.flush_all()
        self.env.invalidate_all()
        start = time.monotonic()
        reports = self.env["ir.actions.report"].with_user(self.keeper)
        content, _kind = reports.with_context(lang="en_US")._render(
            "customer_archive.all_forms", dossiers.ids
        )
        self.assertLess(time.monotonic() - start, 60)
        self.assertLess(len(content), 20_000_000)
        pages = read_pages(content)
        counted = sum(
            int(count) for page in pages for count in re.findall(r"Page1of(\d+)", page)
        )
        self.assertEqual(len(pages), counted)
        # both lists, then record, annexes 1, 3, 4, 5 and three persons each
        firsts = sum("Page1of" in page for page in pages)
        self.assertEqual(firsts, 2 + 200 * 8)
        lists = [page for page in pages if "Customers:200" in page]
        for dossier in dossiers:
            text = "".join(page for page in pages if dossier.number in page)
            values = {
                squash(value)
                for name in FORMS
                for value in self._get_values(name, dossier)
            }
            missing = [value for value in values if value not in text]
            self.assertFalse(missing, dossier.number)
            in_lists = sum(dossier.number in page for page in lists)
            self.assertEqual(in_lists, 2, dossier.number)

    def test_two_copies_for_archivist_and_head(self):
        # S1-15: the archivist's pile, then the head's; each page says whose it is
        head = self._create_user(
            "head", "customer_archive.group_archive_manager", "孙立"
        )
        dossiers = self.dossier | self._create_dossiers(1)
        for user in (self.keeper, head):
            once = self._print("all_forms", dossiers, user, lang="en_US")
            pages = self._print("two_copies", dossiers, user, lang="en_US")
            self.assertEqual(len(pages), 2 * len(once))
            for place, (page, other) in enumerate(zip(once * 2, pages, strict=True)):
                is_first = place < len(once)
                self.assertEqual("Archivist'scopy" in other, is_first)
                self.assertEqual("Head'scopy" in other, not is_first)
                copied = re.sub(",(Archivist's|Head's)copy", "", other)
                self.assertEqual(copied, page)

    def test_text_can_be_copied_by_any_program(self):
        """Each Asian font says which character a code is, boxes and rare ones too."""
        self.dossier.main_business = "𠮷□ 한국"
        record = self.env["report.customer_archive.customer_record"]
        with without_chinese_font():
            content = record._render_pdf(self.dossier.ids)
        found = {}
        for page in PdfReader(io.BytesIO(content)).pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                if font["/Encoding"] in UTF_16_TABLES:
                    table = font["/ToUnicode"].get_object().get_data()
                    found[font["/BaseFont"]] = table.decode()
        self.assertEqual(set(found), {"/STSong-Light", "/HYSMyeongJo-Medium"})
        for char in "□☑苏":
            code = f"<{ord(char):04x}>"
            self.assertIn(f"{code} {code}", found["/STSong-Light"])
        self.assertIn(f"<{ord('한'):04x}>", found["/HYSMyeongJo-Medium"])
        self.assertIn("𠮷□한국", "".join(read_pages(content)))

    def test_chinese_is_embedded_where_the_server_has_a_font(self):
        """S0-24: the same everywhere; each character can be copied again."""
        if not fonts.find_chinese():
            self.skipTest("This machine has no Chinese font.")
        self.dossier.main_business = "苏州□數控"
        content = self.env["report.customer_archive.customer_record"]._render_pdf(
            self.dossier.ids
        )
        embedded, asian = set(), set()
        for page in PdfReader(io.BytesIO(content)).pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                if font.get("/Encoding") in UTF_16_TABLES:
                    table = font["/ToUnicode"].get_object().get_data().decode()
                    asian |= set(re.findall(r"<(\w{4})> <", table))
                elif "/FontDescriptor" in font:
                    self.assertIn("/FontFile2", font["/FontDescriptor"].get_object())
                    name = font["/BaseFont"].partition("+")[2]
                    embedded.add(name.rpartition("-")[0])
        face = fonts.find_chinese().face
        self.assertIn(face.name.decode(), embedded)
        # what it lacks, a ticked box say, is left to the reader of the PDF
        codes = {int(code, 16) for code in asian - {"0000"}}
        self.assertFalse(codes & set(face.charToGlyph))
        self.assertIn("苏州□數控", "".join(read_pages(content)))

    # ------------------------------------------------------------------
    # Who may print
    # ------------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_print_is_refused_as_a_whole(self):
        """S0-25, S2-27: one closed dossier, and nothing is printed; how many, only."""
        others = self._create_dossiers(2, owner=self.keeper)
        chosen = self.dossier | others
        for name in (
            *FORMS,
            *LISTS,
            "evaluation_sheet",
            "all_forms",
            "two_copies",
        ):
            with self.subTest(form=name), self.assertRaises(AccessError) as caught:
                self._print(name, chosen, self.seller)
            message = str(caught.exception)
            self.assertIn("chosen: 3", message)
            self.assertIn("Not open to you: 2", message)
            for dossier in others:
                self.assertNotIn(dossier.number, message)
                self.assertNotIn(dossier.partner_id.name, message)
        self.assertTrue(self._print("customer_record", self.dossier, self.seller))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_code_prints_no_more_than_its_user_may_see(self):
        """A mail template or an automation works as superuser."""
        [other] = self._create_dossiers(1, owner=self.keeper)
        reports = self.env["ir.actions.report"].with_user(self.seller).sudo()
        with self.assertRaises(AccessError):
            reports._render_qweb_pdf("customer_archive.customer_record", other.ids)
        # nor a contact of a company that is not his
        far = self.env["res.company"].create({"name": "Far"})
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "company_id": company.id, "is_company": True}
                for name, company in (("Near", self.env.company), ("Hidden", far))
            ]
        )
        contacts.parent_id = self.dossier.partner_id
        content, _kind = reports._render_qweb_pdf(
            "customer_archive.annex_1", self.dossier.ids
        )
        text = "".join(read_pages(content))
        self.assertIn("Near", text)
        self.assertNotIn("Hidden", text)
        with self.assertRaises(AccessError):
            self._print("customer_record", self.dossier, self.employee)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_deleted_and_closed_look_alike(self):
        gone = self.env["customer.dossier"].browse(2**31 - 1)
        with self.assertRaisesRegex(AccessError, "Not open to you: 1"):
            self._print("customer_record", gone)
        with self.assertRaises(UserError):
            self._print("customer_record", gone.browse())

    def test_struck_out_right_is_asked_at_each_print(self):
        """The owner changed: the next print is refused."""
        self.assertTrue(self._print("annex_5", self.dossier, self.seller))
        self.dossier.user_id = self.keeper
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            self._print("annex_5", self.dossier, self.seller)

    # ------------------------------------------------------------------
    # In the reader's language
    # ------------------------------------------------------------------

    def test_labels_and_dates_follow_the_reader(self):
        """Same structure, other words: dates and labels as on his screen."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "=", "customer_archive")]
        )._update_translations(["zh_CN"])
        chinese = self.env["res.lang"]._get_data(code="zh_CN")
        self.keeper.lang = "zh_CN"
        fields = self.env["customer.dossier"].with_context(lang="zh_CN")._fields
        label = fields["number"]._description_string(
            self.env(context={"lang": "zh_CN"})
        )
        text = "".join(self._print("customer_record", self.dossier))
        self.assertIn(squash(label) + self.dossier.number, text)
        date = self.dossier.open_date.strftime(chinese.date_format)
        self.assertIn(squash(date), text)
        self.assertIn(squash(CHINESE_TEXT), text)
        english = "".join(self._print("customer_record", self.dossier, lang="en_US"))
        self.assertIn("DossierNo." + self.dossier.number, english)
        self.assertIn("12/20/2018", english)
        boxes = ("☑", "□")
        for box in boxes:
            self.assertEqual(text.count(box), english.count(box))


@tagged("post_install", "-at_install")
class TestPrintedText(BaseCommon):
    """How a text is broken into lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fonts.register()

    def _wrap(self, text, width=100):
        lines = grid.wrap(text, 10, width)
        for line in lines:
            self.assertLessEqual(sum(run[2] for run in line), width + 0.01)
        return ["".join(run[1] for run in line) for line in lines]

    def test_lines_are_no_wider_than_their_cell(self):
        texts = (
            "客户档案" * 50,
            "a" * 500,
            "Donaudampfschifffahrtsgesellschaft 中文 " * 20,
            "上海,苏州" * 40,
            "“引号”——破折号……" * 20,
        )
        for text in texts:
            with self.subTest(text=text[:20]):
                lines = self._wrap(text)
                self.assertEqual(squash("".join(lines)), squash(text))

    def test_no_line_begins_with_a_closing_sign(self):
        for line in self._wrap("好，" * 200):
            self.assertNotEqual(line[:1], "，")

    def test_words_and_mail_addresses_stay_whole_where_they_can(self):
        self.assertEqual(
            self._wrap("gillian.marsh@penrose.example", 95),
            ["gillian.marsh@", "penrose.example"],
        )
        self.assertEqual(
            self._wrap("alpha beta\ngamma", 40), ["alpha", "beta", "gamma"]
        )

    def test_box_stays_with_its_word(self):
        lines = self._wrap("□\xa0Listed   ☑\xa0Wholly\xa0Owned", 90)
        self.assertEqual(lines[-1], "☑\xa0Wholly\xa0Owned")

    def test_each_script_has_a_font(self):
        """Polish, Cyrillic, Korean and rare characters, none of them lost."""
        kinds = {
            "Żółć": {fonts.EMBEDDED},
            "Москва": {fonts.EMBEDDED},
            "Müller": {fonts.WESTERN},
            "客户": {fonts.CHINESE},
            "𠮷𬀩": {fonts.CHINESE},
            "한국": {fonts.KOREAN},
        }
        for text, expected in kinds.items():
            with self.subTest(text=text), without_chinese_font():
                [line] = grid.wrap(text, 10, 500)
                self.assertEqual({run[0] for run in line}, expected)
                self.assertEqual("".join(run[1] for run in line), text)

    def test_marks_without_shape_are_left_out(self):
        self.assertEqual(self._wrap("a\u202eb\ufeff\x00c\td\r\ne"), ["abc d", "e"])

    def test_row_higher_than_a_page_is_broken(self):
        text = "\n".join(map(str, range(300)))
        row = Row((Cell("label", 10, "label"), Cell(text, 50)))
        table = Table((Band((row,), merged=()),), head=Band((Row((Cell("h", 60),)),)))
        paginator = grid.Paginator(unit=8, first_height=600, height=700)
        paginator.add(table)
        self.assertGreater(len(paginator.pages), 4)
        shown = []
        for number, page in enumerate(paginator.pages):
            self.assertLessEqual(page.height, 700 if number else 600)
            (_y, head), *parts = page.bands
            self.assertEqual(head.rows[0].cells[0].text, "h")
            for _y, part in parts:
                lines = part.rows[0].cells[1].lines
                shown += ["".join(run[1] for run in line) for line in lines]
        self.assertEqual(shown, text.split("\n"))

    def test_title_of_a_block_is_never_last(self):
        rows = [Band((Row((Cell("x", 60),)),)) for _number in range(100)]
        for at in range(20, 60):
            bands = list(rows)
            title = Band((Row((Cell("title", 60),)),), keeps_next=True)
            bands.insert(at, title)
            paginator = grid.Paginator(unit=8, first_height=600, height=700)
            paginator.add(Table(tuple(bands)))
            for page in paginator.pages:
                self.assertFalse(page.bands[-1][1].keeps_next)


@tagged("post_install", "-at_install")
class TestPrintDownload(PrintCommon, HttpCase):
    """The way the browser takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls._create_dossiers(2)
        cls.users = (cls.seller, cls.keeper, cls.employee)
        for user in cls.users:
            user.password = user.login

    def _download(self, name, dossiers):
        ids = ",".join(map(str, dossiers.ids))
        data = json.dumps([f"/report/pdf/customer_archive.{name}/{ids}", "qweb-pdf"])
        context = json.dumps({"lang": "en_US"})
        query = urllib.parse.urlencode({"data": data, "context": context})
        return self.url_open(f"/report/download?{query}")

    def test_file_is_named_by_the_number_alone(self):
        self.authenticate(self.keeper.login, self.keeper.login)
        attachments = self.env["ir.attachment"].search_count([])
        dossier = self.dossiers[0]
        reply = self._download("customer_record", dossier)
        self.assertEqual(reply.headers["Content-Type"], "application/pdf")
        name = reply.headers["Content-Disposition"]
        self.assertIn(dossier.number, name)
        self.assertEqual(urllib.parse.unquote(name).count("苏州"), 0)
        self.assertIn(squash(dossier.bank_name), "".join(read_pages(reply.content)))
        reply = self._download("all_forms", self.dossiers)
        name = urllib.parse.unquote(reply.headers["Content-Disposition"])
        self.assertIn("All Forms.pdf", name)
        # a copy that is kept would outlive the right to read it
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_refusal_tells_the_browser_how_many(self):
        self.dossiers[1].user_id = self.keeper
        self.authenticate(self.seller.login, self.seller.login)
        reply = self._download("customer_record", self.dossiers)
        self.assertNotIn("pdf", reply.headers["Content-Type"])
        self.assertIn("Not open to you: 1", reply.text)
        self.assertNotIn(self.dossiers[1].number, reply.text)
        self.authenticate(self.employee.login, self.employee.login)
        reply = self._download("customer_record", self.dossiers[0])
        self.assertNotIn("pdf", reply.headers["Content-Type"])
        self.assertNotIn(self.dossiers[0].bank_name, reply.text)

    def test_print_menu_is_for_those_of_the_archive(self):
        actions = self.env["ir.actions.actions"]
        # those of other addons too
        every = self.env["ir.actions.report"].search_count(
            [("binding_model_id.model", "=", "customer.dossier")]
        )
        self.assertGreaterEqual(every, 10)
        for user, expected in (
            (self.keeper, every),
            (self.seller, every),
            (self.employee, 0),
        ):
            bindings = actions.with_user(user).get_bindings("customer.dossier")
            self.assertEqual(len(bindings.get("report", ())), expected, user.login)
