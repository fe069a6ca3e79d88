import base64
import datetime
import re

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from ..form import layout, workbook, writer
from . import form_files as files
from .form_files import SHEET, TYPES, FormFile

GROUP = "customer_archive.group_archive_"
CONTACTS = "base.group_user,base.group_partner_manager"
PROFILE, LEGAL, MAIN = "客户基本资料", "公司法人", "主要联系人"
BUSINESS, YEARS, TRADE = "客户经营资料", "公司近3年销售业绩", "同本公司的交易情况"
BOMB = "unpacks to far more"
DAMAGED, OTHER_KIND = "damaged", "no Excel workbook"
FOREIGN, PASSWORD = "not the customer form", "protected by a password"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
)


class FormImportCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._new_user("form_seller", "user")
        cls.colleague = cls._new_user("form_colleague", "user")
        cls.keeper = cls._new_user("form_keeper", "keeper")
        cls.mill = cls._new_customer("Mill Works", vat="CN 123", zip="100000")
        cls.dossier = cls.env["customer.dossier"].create(
            {
                "partner_id": cls.mill.id,
                "user_id": cls.seller.id,
                "keeper_id": cls.keeper.id,
                "founding_date": "1888-03-02",
                "registered_capital": 5000.5,
                "employee_count": 120,
                "company_nature": "joint_venture",
                "credit_grade_id": cls.env.ref(
                    "customer_archive.customer_credit_grade_aaa"
                ).id,
                "shareholders": "=SUM(A1)\nLi & Sons <50%>",
                "note": "x" * 12000,
                "advantages": "y" * 33000,
                "open_date": "2026-01-05",
            }
        )
        cls._fill(cls.dossier)
        cls.env.flush_all()

    @classmethod
    def _new_user(cls, login, group):
        return new_test_user(
            cls.env, login, groups=f"{CONTACTS},{GROUP}{group}", lang="en_US"
        )

    @classmethod
    def _new_customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _fill(cls, dossier):
        contact = cls.env["res.partner"].create(
            {"name": "王 芳", "function": "Director", "parent_id": cls.mill.id}
        )
        cls.person = cls.env["customer.key.person"].create(
            {
                "dossier_id": dossier.id,
                "partner_id": contact.id,
                "capacity": "legal_representative",
                "birth_date": "1970-02-03",
                "hobbies": "Chess",
            }
        )
        cls.env["customer.yearly.figure"].create(
            [
                {"dossier_id": dossier.id, "year": year, "revenue": year * 10.0}
                for year in (2022, 2023, 2024, 2025)
            ]
        )
        lines = [("PO-1", "2025-04-01", 100.0), (False, "2025-05-01", 0.0)]
        cls.trades = cls.env["customer.transaction"].create(
            [
                {
                    "dossier_id": dossier.id,
                    "name": name,
                    "date": date,
                    "amount": amount,
                    "user_id": cls.seller.id,
                    "place": "Beijing",
                }
                for name, date, amount in lines
            ]
        )

    def upload(self, user, *contents, name="form.xlsx", **vals):
        return (
            self.env["customer.form.import"]
            .with_user(user)
            .create(
                {
                    **vals,
                    "file_ids": [
                        Command.create(
                            {"name": name, "content": base64.b64encode(content)}
                        )
                        for content in contents
                    ],
                }
            )
        )

    def counts(self):
        """How much there is of everything that a form may create, and its contents."""
        self.env.invalidate_all()
        names = (
            layout.PARTNER,
            layout.DOSSIER,
            layout.PERSON,
            layout.YEAR,
            layout.TRADE,
        )
        counts = [
            self.env[name].with_context(active_test=False).search_count([])
            for name in names
        ]
        texts = self.dossier.read() + self.mill.read(["name", "zip", "street", "vat"])
        return counts, str(texts)

    def check_refused(self, content, message, user=None, **vals):
        """The file is refused in words that match, and nothing is changed."""
        before = self.counts()
        wizard = self.upload(user or self.seller, content, **vals)
        wizard.action_check()
        self.assertIn(message, self.text(wizard))
        self.assertFalse(wizard.is_ready)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self.counts(), before)
        return wizard

    def apply(self, content, user=None, **vals):
        """Import the file, and return its dossier."""
        wizard = self.upload(user or self.seller, content, **vals)
        wizard.action_check()
        self.assertTrue(wizard.is_ready, self.text(wizard))
        action = wizard.action_apply()
        self.assertIn("res_id", action)
        return self.env["customer.dossier"].browse(action["res_id"])

    def text(self, wizard):
        """What the user reads."""
        html = re.sub(r"<[^>]+>", " ", wizard.preview)
        for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            html = html.replace(entity, sign)
        return " ".join(html.replace("&#39;", "'").replace("&#34;", '"').split())

    def changes(self, content, user=None, **vals):
        """What the file would change: ``[(label, old, new)]``."""
        wizard = self.upload(user or self.seller, content, **vals)
        wizard.action_check()
        [form] = wizard._read_forms()
        self.assertFalse(form["error"])
        self.assertFalse(form["plan"].problems)
        return [(line.label, line.old, line.new) for line in form["plan"].changes]

    def new_form(self, lang=layout.CHINESE):
        """A form of a customer nobody knows yet."""
        form = FormFile(files.blank(self.env, lang))
        name = "客户名称" if lang == layout.CHINESE else "Customer Name"
        return form.put(name, "Brand New Ltd")


@tagged("post_install", "-at_install")
class TestDamagedFiles(FormImportCommon):
    """Each damaged, dangerous or foreign file: a clear message, nothing changed."""

    def good(self):
        return self.new_form().save()

    def _edited(self, edit):
        form = self.new_form()
        edit(form)
        return form.save()

    def test_no_file(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.upload(self.seller).action_check()

    def test_wrong_kinds(self):
        """Files that only are called .xlsx."""
        cases = {
            "empty": (b"", "empty"),
            "noise": (bytes(range(256)) * 40, OTHER_KIND),
            "csv": ("客户名称,Mill\n".encode(), OTHER_KIND),
            "csv in GBK": ("客户名称,厂\n".encode("gbk"), OTHER_KIND),
            "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", OTHER_KIND),
            "html": (b"<html><table><tr><td>Mill</td></tr></table></html>", OTHER_KIND),
            "xml": (b'<?xml version="1.0"?><Workbook/>', OTHER_KIND),
            "xls": (files.OLE + b"\0" * 600, OTHER_KIND),
            "encrypted": (
                files.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
                PASSWORD,
            ),
            "docx": (
                files.pack({TYPES: b"<Types/>", "word/document.xml": b"<w/>"}),
                OTHER_KIND,
            ),
            "ods": (
                files.pack(
                    {
                        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                        "content.xml": b"<office/>",
                    }
                ),
                OTHER_KIND,
            ),
            "zip": (files.pack({"a.txt": b"a"}), OTHER_KIND),
            "empty zip": (files.pack({}), OTHER_KIND),
        }
        self._check_all(cases)

    def test_damaged_archives(self):
        good, blank = self.good(), files.blank(self.env)
        cases = {
            "half": (good[: len(good) // 2], DAMAGED),
            "end cut": (good[:-10], DAMAGED),
            "start only": (good[:4], DAMAGED),
            "flipped byte": (files.flipped(good), DAMAGED),
            "encrypted parts": (files.encrypted(good), PASSWORD),
            "no types": (files.without_part(good, TYPES), OTHER_KIND),
            "no workbook": (files.without_part(good, "xl/workbook.xml"), DAMAGED),
            # a sheet that is named but not there is no form any more
            "no sheet": (files.without_part(good, SHEET), FOREIGN),
            "no styles": (files.with_part(good, "xl/styles.xml", b"<oops"), DAMAGED),
            "broken xml": (files.with_part(good, SHEET, b"<worksheet><sheet"), DAMAGED),
            "unknown string": (
                files.replaced(blank, SHEET, 't="s"><v>', 't="s"><v>999'),
                DAMAGED,
            ),
            "number that is none": (
                files.replaced(blank, SHEET, 't="s"><v>', "><v>x"),
                DAMAGED,
            ),
        }
        self._check_all(cases)

    def test_dangerous_files(self):
        """Bombs, macros and entities are refused before they are opened."""
        good, blank = self.good(), files.blank(self.env)
        vba = files.with_part(good, "xl/vbaProject.bin", b"\0")
        many = {f"xl/media/{index}.png": b"" for index in range(1200)}
        noise = b"\x89PNG" + b"0" * 20
        cases = {
            "10 MB": (good + b"\0" * 10 * workbook.MEGABYTE, "too large: 10.0 MB"),
            "bomb": (
                files.with_part(good, "xl/media/1.png", noise + b"0" * (40 << 20)),
                BOMB,
            ),
            "bomb of cells": (
                files.with_part(good, SHEET, b"<worksheet>" + b" " * (12 << 20)),
                BOMB,
            ),
            "bomb behind a picture's name": (
                files.with_part(good, "xl/media/1.png", b"<a>" + b" " * (12 << 20)),
                BOMB,
            ),
            "bomb of formats": (
                files.replaced(
                    blank,
                    "xl/styles.xml",
                    "</cellXfs>",
                    "<xf/>" * 500000 + "</cellXfs>",
                ),
                BOMB,
            ),
            "parts without end": (files.pack({**files.parts(good), **many}), BOMB),
            "macros": (vba, "contains macros"),
            "macro workbook": (
                files.replaced(
                    good,
                    TYPES,
                    "openxmlformats-officedocument.spreadsheetml.sheet.main",
                    "ms-excel.sheet.macroEnabled.main",
                ),
                "contains macros",
            ),
            "billion laughs": (files.with_doctype(good, LAUGHS), DAMAGED),
            "billion laughs in UTF-16": (
                files.with_doctype(good, LAUGHS, "utf-16"),
                DAMAGED,
            ),
            "file of the server": (
                files.with_doctype(
                    good, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                ),
                DAMAGED,
            ),
            "entry far below": (
                self._edited(lambda form: form.set(form.sheet["A5000"], "here")),
                "far longer than the form: cell A5000",
            ),
        }
        self._check_all(cases)

    def test_foreign_forms(self):
        """What is a workbook, but not the form, or not only one form."""
        good = self.good()
        other = FormFile(good)
        other.sheet["A1"].value = None
        newer = FormFile(good)
        newer.sheet["A1"].value = f"{layout.FORM_ID}/99/zh_CN"
        tongue = FormFile(good)
        tongue.sheet["A1"].value = f"{layout.FORM_ID}/{layout.FORM_VERSION}/xx_XX"
        twice = FormFile(good)
        twice.book.copy_worksheet(twice.sheet)
        cases = {
            "without mark": (other.save(), FOREIGN),
            "newer": (newer.save(), "another version"),
            "other language": (tongue.save(), "another version"),
            "two forms": (twice.save(), "two forms"),
            "no block": (
                self._edited(lambda form: form.set(form.find(TRADE), None)),
                f"block “{TRADE}”",
            ),
            "block twice": (
                self._edited(lambda form: form.set(form.find(TRADE), MAIN)),
                f"block “{TRADE}”",
            ),
            "only text": (b"PK\x03\x04 but no more", DAMAGED),
        }
        self._check_all(cases)

    def _check_all(self, cases):
        for name, (content, message) in cases.items():
            with self.subTest(file=name):
                self.check_refused(content, message)

    def test_one_bad_file_stops_all(self):
        """S2-29: nothing half in, not even of the other files."""
        before = self.counts()
        wizard = self.upload(self.seller, self.good(), b"%PDF")
        wizard.action_check()
        self.assertFalse(wizard.is_ready)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self.counts(), before)

    def test_same_customer_twice(self):
        before = self.counts()
        wizard = self.upload(self.seller, self.good(), self.good())
        wizard.action_check()
        self.assertIn("Another of these files", self.text(wizard))
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self.counts(), before)

    def test_failure_of_the_last_step_undoes_all(self):
        """What only the database refuses undoes what was written before it."""
        before = self.counts()
        form = self.new_form().put("税号", "T1")
        wizard = self.upload(self.seller, form.save())
        wizard.action_check()
        # the customer is created before the dossier finds no number
        self.env["ir.sequence"].search([("code", "=", layout.DOSSIER)]).unlink()
        with self.assertRaisesRegex(UserError, "no number sequence"):
            wizard.action_apply()
        self.assertEqual(self.counts(), before)


@tagged("post_install", "-at_install")
class TestWrongEntries(FormImportCommon):
    """Each wrong entry: its cell is named, with the reason."""

    # label, block, entry, words of the reason
    CASES = (
        ("成立日期", PROFILE, "next spring", "is no date"),
        ("成立日期", PROFILE, "03/04/2020", "one of two dates"),
        ("成立日期", PROFILE, "2020-13-45", "is no date"),
        ("成立日期", PROFILE, "30.02.2020", "is no date"),
        ("成立日期", PROFILE, "22.11.26", "is no date"),
        ("成立日期", PROFILE, "2999-01-01", "can't be right"),
        ("成立日期", PROFILE, "2100-01-01", "in the future"),
        ("成立日期", PROFILE, True, "is no date"),
        ("成立日期", PROFILE, datetime.time(8, 30), "is no date"),
        ("注册资金", PROFILE, "five thousand", "is no number"),
        ("注册资金", PROFILE, "500万元", "without units"),
        ("注册资金", PROFILE, "1.5亿", "without units"),
        ("注册资金", PROFILE, "1.000,50", "is no number"),
        ("注册资金", PROFILE, "1,00", "is no number"),
        ("注册资金", PROFILE, "nan", "is no number"),
        ("注册资金", PROFILE, 1e300, "too large"),
        ("注册资金", PROFILE, -1, "negative"),
        ("注册资金", PROFILE, datetime.datetime(2020, 1, 1), "is no number"),
        ("职工人数", BUSINESS, -5, "negative"),
        ("职工人数", BUSINESS, "－５", "negative"),
        ("职工人数", BUSINESS, 12.5, "whole number"),
        ("职工人数", BUSINESS, "about 50", "is no number"),
        ("职工人数", BUSINESS, True, "is no number"),
        ("职工人数", BUSINESS, 99999999999, "too large"),
        ("公司性质", BUSINESS, "family", "not in the list: 上市公司"),
        ("公司性质", BUSINESS, 3, "not in the list"),
        ("公司同业地位", BUSINESS, "上市公司", "not in the list"),
        ("该客户当前信用等级", TRADE, "ZZZ", "not in the list"),
        ("传真", PROFILE, True, "no text"),
        ("传真", PROFILE, "=1+1", "a formula"),
        ("注册资金", PROFILE, "=SUM(B1:B3)", "a formula"),
        ("传真", PROFILE, "#N/A", "shows an error: #N/A"),
        ("职工人数", BUSINESS, "#DIV/0!", "shows an error"),
        ("账号", PROFILE, 6222021234567890123, "lost the last digits"),
        ("传真", PROFILE, "5" * 300, "too long: 300"),
        ("主营业务", BUSINESS, "长" * 12000, "too long: 12000"),
        ("职位", LEGAL, "Boss", "the name is missing"),
        ("出生日期", LEGAL, "2100-01-01", "in the future"),
    )
    LINES = (
        ("年份", YEARS, "last year", "is no number"),
        ("年份", YEARS, 25, "four digits"),
        ("销售额", YEARS, 100, "is missing in this row"),
        ("编号", TRADE, "PO-9", "is missing in this row"),
        ("交易金额", TRADE, "much", "is no number"),
        ("交易时间", TRADE, "yesterday", "is no date"),
        ("是否有违约情况", TRADE, "perhaps", "answer with"),
        ("交易负责人", TRADE, "Nobody Known", "Nobody here is called"),
    )

    def test_wrong_entries(self):
        for label, block, value, message in self.CASES:
            with self.subTest(label=label, value=str(value)[:20]):
                form = self.new_form().put(label, value, block)
                cell = form.find(label, block).offset(0, 1)
                wizard = self.check_refused(form.save(), message)
                self.assertIn(f"{cell.coordinate} ", self.text(wizard))

    def test_number_as_date(self):
        """A number is a date only where the form, or its eight digits, say so."""
        form = self.new_form().put("成立日期", 46348, number_format="General")
        self.check_refused(form.save(), "is no date")
        form = self.new_form().put("成立日期", 20200304, number_format="General")
        self.assertEqual(str(self.apply(form.save()).founding_date), "2020-03-04")

    def test_wrong_lines(self):
        for label, block, value, message in self.LINES:
            with self.subTest(label=label, value=value):
                form = self.new_form().put_line(label, value, block)
                cell = form.find(label, block).offset(1, 0)
                wizard = self.check_refused(form.save(), message)
                self.assertIn(f"{cell.coordinate} ", self.text(wizard))

    def test_text_of_40000_characters(self):
        """Longer than a spreadsheet program itself allows."""
        form = self.new_form().put("主营业务", "MARK").save()
        content = files.replaced(form, SHEET, "MARK", "长" * 40000)
        self.check_refused(content, "too long: 40000")

    def test_all_mistakes_at_once(self):
        """Whoever sent the form is asked once, not once a mistake."""
        form = self.new_form()
        form.put("成立日期", "soon").put("职工人数", "many").put("公司性质", "nice")
        form.put_line("交易时间", "soon", TRADE).put_line("交易金额", "much", TRADE)
        wizard = self.upload(self.seller, form.save())
        wizard.action_check()
        [form] = wizard._read_forms()
        self.assertEqual(len(form["plan"].problems), 5)

    def test_stray_entries(self):
        """What stands beside the fields is not lost in silence."""
        form = self.new_form()
        form.sheet["K7"].value = "please call me"
        self.check_refused(form.save(), "K7 This entry belongs to no field")

    def test_label_lost(self):
        form = self.new_form().put("传真", "12")
        form.find("传真").value = "Telefax"
        self.check_refused(form.save(), "belongs to no field")

    def test_label_twice(self):
        form = self.new_form().put("传真", "12").put("开户行", "34")
        form.find("开户行").value = "传真"
        self.check_refused(form.save(), "“传真” stands twice")

    def test_year_twice(self):
        form = self.new_form()
        form.put_line("年份", 2024, YEARS).put_line("年份", "２０２４", YEARS, 1)
        self.check_refused(form.save(), "The year stands twice")

    def test_two_things_of_one_person(self):
        form = self.new_form()
        form.put("姓名", "Li", LEGAL).put("职位", "Owner", LEGAL)
        form.put("姓名", "Li", MAIN).put("职位", "Clerk", MAIN)
        self.check_refused(form.save(), "two different things")

    def test_no_name(self):
        content = files.blank(self.env)
        self.check_refused(content, "name is missing")
        form = FormFile(content).put("客户名称", "\u200b \u3000")
        self.check_refused(form.save(), "name is missing")

    def test_unknown_number(self):
        form = self.new_form().put("档案编号", "NONE-7")
        self.check_refused(form.save(), "No dossier has the number NONE-7")

    def test_name_of_two(self):
        self._new_customer("Twin")
        self._new_customer("Twin")
        form = self.new_form().put("客户名称", "Twin")
        self.check_refused(form.save(), "There are 2 customers called “Twin”")

    def test_tax_id_of_another(self):
        form = FormFile(files.filled(self.dossier.with_user(self.seller)))
        self._new_customer("Other", vat="DE9")
        self.check_refused(form.put("税号", "DE 9").save(), "is that of Other")


@tagged("post_install", "-at_install")
class TestOddEntries(FormImportCommon):
    """Odd, but meant well: each is read as a person would read it."""

    # label, block, entry, field of the dossier, value
    CASES = (
        ("成立日期", PROFILE, datetime.datetime(2020, 3, 4), "founding_date"),
        ("成立日期", PROFILE, "2020-03-04", "founding_date"),
        ("成立日期", PROFILE, "2020-3-4", "founding_date"),
        ("成立日期", PROFILE, "2020/03/04", "founding_date"),
        ("成立日期", PROFILE, "2020.3.4", "founding_date"),
        ("成立日期", PROFILE, "2020年3月4日", "founding_date"),
        ("成立日期", PROFILE, "２０２０年０３月０４日", "founding_date"),
        ("成立日期", PROFILE, "04.03.2020", "founding_date"),
        ("成立日期", PROFILE, " 2020-03-04 00:00:00 ", "founding_date"),
        ("成立日期", PROFILE, "20200304", "founding_date"),
        ("成立日期", PROFILE, "1888-01-31", "founding_date", "1888-01-31"),
        ("成立日期", PROFILE, "31/01/1988", "founding_date", "1988-01-31"),
        ("成立日期", PROFILE, "01/31/1988", "founding_date", "1988-01-31"),
        ("注册资金", PROFILE, 1000.5, "registered_capital"),
        ("注册资金", PROFILE, "1000.50", "registered_capital"),
        ("注册资金", PROFILE, "1,000.50", "registered_capital"),
        ("注册资金", PROFILE, "１,０００.５", "registered_capital"),
        ("注册资金", PROFILE, "１，０００．５", "registered_capital"),
        ("注册资金", PROFILE, "￥1,000.50元", "registered_capital"),
        ("注册资金", PROFILE, " 1 000.50 ", "registered_capital"),
        ("职工人数", BUSINESS, 1200, "employee_count"),
        ("职工人数", BUSINESS, 1200.0, "employee_count"),
        ("职工人数", BUSINESS, "1,200人", "employee_count"),
        ("公司性质", BUSINESS, "上市公司", "company_nature"),
        ("公司性质", BUSINESS, "Listed Company", "company_nature"),
        ("公司性质", BUSINESS, "LISTED COMPANY", "company_nature"),
        ("公司性质", BUSINESS, "listed", "company_nature"),
        ("公司性质", BUSINESS, " 上市公司\u200b\xa0", "company_nature"),
        ("公司性质", BUSINESS, "☑上市公司", "company_nature"),
        ("该客户当前信用等级", TRADE, "ａａａ", "credit_grade_id"),
        ("账号", PROFILE, 622202, "bank_account", "622202"),
        ("账号", PROFILE, "6222021234567890123", "bank_account", "6222021234567890123"),
        ("传真", PROFILE, "\u202a010-1234\u202c\t", "fax", "010-1234"),
        ("传真", PROFILE, "a\nb", "fax", "a b"),
        ("主营业务", BUSINESS, "茶叶\r\n（红茶）", "main_business", "茶叶\n（红茶）"),
        ("主营业务", BUSINESS, "<b>tea</b> & 'x'", "main_business", "<b>tea</b> & 'x'"),
        ("主要股东", PROFILE, 50, "shareholders", "50"),
    )
    VALUES = {
        "founding_date": "2020-03-04",
        "registered_capital": 1000.5,
        "employee_count": 1200,
        "company_nature": "listed",
        "credit_grade_id": "AAA",
    }

    def test_odd_entries(self):
        for label, block, value, name, *expected in self.CASES:
            with self.subTest(label=label, value=value):
                expected = expected[0] if expected else self.VALUES[name]
                form = self.new_form().put(label, value, block)
                dossier = self.apply(form.save())
                found = dossier[name]
                if name == "credit_grade_id":
                    found = found.name
                if isinstance(found, datetime.date):
                    found = str(found)
                self.assertEqual(found, expected)
                self.assertEqual(dossier.partner_id.name, "Brand New Ltd")
                dossier.unlink()
                self.env["res.partner"].search(
                    [("name", "=", "Brand New Ltd")]
                ).unlink()

    def _edits(self):
        """Ways in which people and programs change a form without changing it."""
        return {
            "renamed": lambda f: setattr(f.sheet, "title", "表1 (2)"),
            "extra sheet": lambda f: f.book.create_sheet("Notes", 0).append(
                ["my", "=1"]
            ),
            "unmerged": lambda f: [
                f.sheet.unmerge_cells(str(area))
                for area in list(f.sheet.merged_cells.ranges)
            ],
            "merged otherwise": lambda f: (
                f.sheet.unmerge_cells("E4:G4"),
                f.sheet.merge_cells("E4:F4"),
            ),
            "rows inserted": lambda f: f.sheet.insert_rows(4, 3),
            "columns inserted": lambda f: f.sheet.insert_cols(2, 2),
            "row deleted": lambda f: f.sheet.delete_rows(f.find("开户行").row),
            "labels with signs": lambda f: f.set(f.find("客户名称"), " 客户 名称： *"),
            "label in English": lambda f: f.set(f.find("客户名称"), "customer name"),
            "block in English": lambda f: f.set(f.find(PROFILE), "CUSTOMER"),
            "column formatted": lambda f: setattr(
                f.sheet["Z1500"], "number_format", "0.00"
            ),
            "comment": lambda f: setattr(f.sheet["B8"], "comment", _comment()),
            "hidden rows": lambda f: setattr(f.sheet.row_dimensions[8], "hidden", True),
            "protected": lambda f: f.sheet.protection.set_password("secret"),
            "of 1904": lambda f: setattr(f.book, "epoch", _epoch_1904()),
            "defined name": lambda f: _define_name(f.book),
            "blank entries": lambda f: f.put("传真", "  \u3000\u200b "),
            "filter": lambda f: setattr(f.sheet.auto_filter, "ref", "A5:G9"),
        }

    def test_odd_files(self):
        for name, edit in self._edits().items():
            with self.subTest(file=name):
                form = self.new_form().put("邮编", "200000", PROFILE)
                form.put("成立日期", datetime.date(2001, 2, 3))
                form.find("成立日期").offset(0, 1).number_format = "yyyy-mm-dd"
                edit(form)
                self._check_new(form.save())

    def test_odd_archives(self):
        form = self.new_form().put("邮编", "200000", PROFILE)
        content = form.put("成立日期", "2001-02-03").save()
        sheet = files.parts(content)[SHEET].decode()
        lie = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', sheet)
        cases = {
            "size that is a lie": files.with_part(content, SHEET, lie.encode()),
            "size too small": files.with_part(
                content,
                SHEET,
                re.sub(
                    r'<dimension ref="[^"]*"', '<dimension ref="A1"', sheet
                ).encode(),
            ),
            "row beyond all": files.replaced(
                content,
                SHEET,
                "</sheetData>",
                '<row r="99999999999"><c r="A1"><v>1</v></c></row></sheetData>',
            ),
            "picture": files.with_part(
                content, "xl/media/1.png", b"\x89PNG" + b"0" * 99
            ),
            "strange part": files.with_part(content, "xl/strange.bin", b"\0\1"),
        }
        for name, data in cases.items():
            with self.subTest(file=name):
                self._check_new(data)

    def _check_new(self, content):
        dossier = self.apply(content)
        self.assertEqual(dossier.partner_id.name, "Brand New Ltd")
        self.assertEqual(dossier.partner_id.zip, "200000")
        self.assertEqual(str(dossier.founding_date), "2001-02-03")
        dossier.unlink()
        self.env["res.partner"].search([("name", "=", "Brand New Ltd")]).unlink()

    def test_any_file_name(self):
        dossier = self.apply(self.new_form().save(), name="scan.PDF")
        self.assertEqual(dossier.user_id, self.seller)

    def test_english_form(self):
        form = self.new_form(layout.ENGLISH)
        form.put("Company Nature", "国营").put("Founded On", "2020-03-04")
        form.put("Name", "Li Lei", "Main Contact")
        form.put_line("Year", 2025, "Sales of the Last 3 Years")
        form.put_line("Revenue", "10", "Sales of the Last 3 Years")
        dossier = self.apply(form.save())
        self.assertEqual(dossier.company_nature, "state_owned")
        self.assertEqual(str(dossier.founding_date), "2020-03-04")
        self.assertEqual(dossier.person_ids.partner_id.name, "Li Lei")
        self.assertEqual(dossier.yearly_figure_ids.revenue, 10)


def _comment():
    from openpyxl.comments import Comment

    return Comment("Is this right?", "A colleague")


def _epoch_1904():
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    return CALENDAR_MAC_1904


def _define_name(book):
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names["area"] = DefinedName("area", attr_text="Nowhere!$A$1")


@tagged("post_install", "-at_install")
class TestRoundTrip(FormImportCommon):
    """S0-9 to S0-15: what is written is what is read."""

    def setUp(self):
        super().setUp()
        self.own = self.dossier.with_user(self.seller)

    def test_nothing_changed_is_nothing_proposed(self):
        for lang in layout.LANGUAGES:
            with self.subTest(lang=lang):
                content = files.filled(self.own, lang)
                self.assertEqual(self.changes(content), [])
                wizard = self.upload(self.seller, content)
                wizard.action_check()
                self.assertFalse(wizard.is_ready)
                self.assertIn("Nothing new", self.text(wizard))

    def test_only_the_change_is_proposed_and_done(self):
        for lang, label, other in (
            (layout.CHINESE, "邮编", "传真"),
            (layout.ENGLISH, "Postal Code", "Fax"),
        ):
            with self.subTest(lang=lang):
                form = FormFile(files.filled(self.own, lang))
                form.put(label, f"zip {lang}").put(other, f"fax {lang}")
                old = self.mill.zip, self.dossier.fax or ""
                self.assertEqual(
                    self.changes(form.save()),
                    [(label, old[0], f"zip {lang}"), (other, old[1], f"fax {lang}")],
                )
                before, _texts = self.counts()
                self.assertEqual(self.apply(form.save()), self.dossier)
                self.assertEqual(self.mill.zip, f"zip {lang}")
                self.assertEqual(self.dossier.fax, f"fax {lang}")
                self.assertEqual(self.counts()[0], before)

    def test_lines_of_trade(self):
        """S0-14: lines are known again: by mark, by number, by content."""
        form = FormFile(files.filled(self.own))
        # the newest line comes first; it has no number
        form.put_line("交易金额", 55, TRADE).put_line("交易地点", "Xi'an", TRADE, 1)
        form.put_line("编号", "PO-3", TRADE, 2).put_line(
            "交易时间", "2026-02-01", TRADE, 2
        )
        form.put_line("交易金额", "1,000", TRADE, 2)
        form.put_line("是否有违约情况", "有", TRADE, 2)
        form.put_line("交易负责人", "form_seller", TRADE, 2)
        self.assertEqual(len(self.changes(form.save())), 7)
        self.apply(form.save())
        numbered, bare = self.trades
        self.assertEqual((bare.amount, numbered.place), (55, "Xi'an"))
        new = self.dossier.transaction_ids - self.trades
        self.assertEqual((new.name, new.amount), ("PO-3", 1000))
        self.assertTrue(new.is_breach)
        self.assertEqual(new.user_id, self.seller)

    def test_line_without_person_in_charge(self):
        form = self.new_form()
        form.put_line("交易时间", "2026-02-01", TRADE).put_line("交易金额", 0, TRADE)
        dossier = self.apply(form.save())
        self.assertFalse(dossier.transaction_ids.user_id)

    def test_line_struck_out_meanwhile(self):
        """S2-29: an old form doesn't put back what was struck out."""
        content = files.filled(self.own)
        self.trades[0]._strike_out("wrong")
        self.check_refused(content, "was struck out")

    def test_lines_of_a_blank_form_match_by_number(self):
        form = self.new_form().put("客户名称", "mill works")
        form.put_line("编号", "po-1", TRADE).put_line("交易地点", "Xi'an", TRADE)
        self.assertEqual(self.changes(form.save()), [("交易地点", "Beijing", "Xi'an")])

    def test_years(self):
        """S0-13: a year on file is changed, another one added."""
        form = FormFile(files.filled(self.own))
        form.put_line("销售额", 7, YEARS).put_line("年份", "2026年"[:4], YEARS, 3)
        form.put_line("销售额", 8, YEARS, 3)
        self.apply(form.save())
        figures = {one.year: one.revenue for one in self.dossier.yearly_figure_ids}
        self.assertEqual(
            figures, {2022: 20220, 2023: 20230, 2024: 20240, 2025: 7, 2026: 8}
        )

    def test_persons(self):
        """S0-11: known by name within the customer; a new one becomes a contact."""
        form = FormFile(files.filled(self.own))
        form.put("职位", "Chairman", LEGAL).put("兴趣爱好", "Tennis", LEGAL)
        form.put("姓名", "Li Lei", MAIN).put("职位", "Buyer", MAIN)
        # the same man in a second capacity is one contact
        form.put("姓名", "LI LEI", "公司主要负责人")
        self.apply(form.save())
        self.assertEqual(self.person.partner_id.function, "Chairman")
        self.assertEqual(self.person.hobbies, "Tennis")
        new = self.dossier.person_ids - self.person
        self.assertEqual(set(new.mapped("capacity")), {"main_contact", "principal"})
        self.assertEqual(len(new.partner_id), 1)
        self.assertEqual(new.partner_id.parent_id, self.mill)
        self.assertEqual(new.partner_id.function, "Buyer")

    def test_contact_on_file_becomes_a_person(self):
        contact = self.env["res.partner"].create(
            {"name": "Zhao  Min", "parent_id": self.mill.id}
        )
        form = FormFile(files.filled(self.own)).put("姓名", "zhao min", MAIN)
        self.apply(form.save())
        self.assertIn(contact, self.dossier.person_ids.partner_id)

    def test_contacts_of_one_name(self):
        for _index in range(2):
            self.env["res.partner"].create(
                {"name": "Zhao Min", "parent_id": self.mill.id}
            )
        form = FormFile(files.filled(self.own)).put("姓名", "Zhao Min", MAIN)
        self.check_refused(form.save(), "2 contacts called “Zhao Min”")

    def test_other_person_gets_the_capacity(self):
        self.person.capacity = "other"
        form = FormFile(files.blank(self.env)).put("客户名称", "Mill Works")
        form.put("姓名", "王芳", MAIN)
        self.apply(form.save())
        self.assertEqual(self.person.capacity, "main_contact")

    def test_customer_is_found_by_number_tax_id_or_name(self):
        for label, value in (
            ("档案编号", self.dossier.number),
            ("税号", "CN123"),
            ("客户名称", "MILL works "),
        ):
            with self.subTest(label=label):
                # a blank in the tax id on file is no difference
                self.mill.vat = "CN123" if label == "税号" else "CN 123"
                form = FormFile(files.blank(self.env)).put(label, value)
                form.put("传真", f"by {label}")
                self.assertEqual(
                    self.changes(form.save()),
                    [("传真", self.dossier.fax or "", f"by {label}")],
                )
                self.assertEqual(self.apply(form.save()), self.dossier)

    def test_known_contact_gets_a_dossier(self):
        partner = self._new_customer("Known")
        form = self.new_form().put("客户名称", "Known")
        self.assertEqual(self.apply(form.save()).partner_id, partner)

    def test_other_tax_id_is_another_customer(self):
        form = self.new_form().put("客户名称", "Mill Works").put("税号", "XX-1")
        dossier = self.apply(form.save())
        self.assertNotEqual(dossier.partner_id, self.mill)

    def test_similar_names_are_called_out(self):
        """S4-27: with number and keeper."""
        form = self.new_form().put("客户名称", "Mill Works Co., Ltd.")
        wizard = self.upload(self.colleague, form.save())
        wizard.action_check()
        self.assertIn(
            f"Perhaps on file already: {self.dossier.number}", self.text(wizard)
        )

    def test_changed_since_it_was_shown(self):
        """Nobody applies another list than the one he saw."""
        form = FormFile(files.filled(self.own)).put("传真", "new")
        wizard = self.upload(self.seller, form.save())
        wizard.action_check()
        self.dossier.fax = "meanwhile"
        wizard.action_apply()
        self.assertEqual(self.dossier.fax, "meanwhile")
        self.assertTrue(wizard.is_outdated)
        self.assertIn("meanwhile", self.text(wizard))
        wizard.action_apply()
        self.assertEqual(self.dossier.fax, "new")

    def test_form_in_a_language_the_database_lacks(self):
        """The Chinese form is there though nobody works in Chinese."""
        self.env["res.lang"]._activate_lang("en_US")
        partners = self.env["res.partner"].with_context(active_test=False)
        partners.search([("lang", "!=", "en_US")]).lang = "en_US"
        self.env["res.lang"].search([("code", "=", "zh_CN")]).active = False
        form = FormFile(files.filled(self.own)).put("传真", "new")
        self.assertEqual(self.changes(form.save()), [("传真", "", "new")])

    def test_formulas_on_file_stay_text(self):
        """A text that looks like a formula is none in the form that is sent out."""
        form = FormFile(files.filled(self.own))
        cell = form.find("主要股东").offset(0, 1)
        self.assertEqual(cell.data_type, "s")
        self.assertEqual(cell.value, "=SUM(A1)\nLi & Sons <50%>")

    def test_blank_form(self):
        """S0-10 to S0-15: every label of the paper, lists to choose from."""
        for lang in layout.LANGUAGES:
            form = FormFile(files.blank(self.env, lang))
            texts = [cell.value for row in form.sheet.iter_rows() for cell in row]
            for section in layout.SECTIONS:
                for field in (*section.fields, *section.columns):
                    self.assertIn(field.label.to(lang), texts)
            self.assertEqual(form.sheet["A1"].value, layout.get_marker(lang))
            self.assertTrue(form.sheet.row_dimensions[1].hidden)
            self.assertTrue(form.sheet.protection.sheet)
            choices = {
                str(one.sqref) for one in form.sheet.data_validations.dataValidation
            }
            label = "公司性质" if lang == layout.CHINESE else "Company Nature"
            cell = form.find(label).offset(0, 1)
            self.assertIn(cell.coordinate, " ".join(choices).split())
            self.assertFalse(cell.protection.locked)
            self.assertTrue(form.find(label).protection.locked)
            self.assertEqual(
                [cell.value for cell in form.book["Lists"]["A"]][0],
                "上市公司" if lang == layout.CHINESE else "Listed Company",
            )

    def test_form_looks_like_one_sheet(self):
        """Each row is framed up to the edge; only texts get several lines."""
        form = FormFile(files.filled(self.own))
        for label in ("公司同业地位", "该客户当前信用等级", "税号", "邮编"):
            cell = form.find(label)
            edge = form.sheet.cell(cell.row, writer.LAST_COLUMN + 1)
            self.assertTrue(edge.border.right.style, label)
        heights = form.sheet.row_dimensions
        one_line = heights[form.find("税号").row].height
        self.assertEqual(heights[form.find("邮编").row].height, one_line)
        self.assertGreater(heights[form.find("主要股东").row].height, one_line)

    def test_every_choice_has_a_chinese_word(self):
        for name in layout.CHOICES:
            choices = layout.get_choices(self.env["customer.dossier"], name)
            self.assertTrue(all(label.chinese for _code, label in choices))


@tagged("post_install", "-at_install")
class TestFormAccess(FormImportCommon):
    """Forms go by the dossier's lock, out and in."""

    def setUp(self):
        super().setUp()
        self.other = self.dossier.with_user(self.colleague)

    def test_form_of_a_hidden_dossier_is_not_written(self):
        with self.assertRaises(UserError):
            files.filled(self.other)
        with self.assertRaises(UserError):
            self.other.action_download_form()
        with self.assertRaises(UserError):
            self.other.action_import_form()

    def test_hidden_dossier_is_not_imported_into(self):
        """S4-27: number and keeper are told, content never."""
        stub = f"dossier {self.dossier.number}, kept by {self.keeper.name}"
        content = files.filled(self.dossier)
        by_number = FormFile(files.blank(self.env)).put("档案编号", self.dossier.number)
        by_tax_id = FormFile(files.blank(self.env)).put("税号", "CN 123")
        by_name = FormFile(files.blank(self.env)).put("客户名称", "Mill Works")
        for data in (
            content,
            *(form.save() for form in (by_number, by_tax_id, by_name)),
        ):
            wizard = self.check_refused(data, stub, user=self.colleague)
            self.assertNotIn("Chess", self.text(wizard))
            self.assertNotIn("5,000", self.text(wizard))

    def test_archivist_imports_into_any(self):
        form = FormFile(files.filled(self.dossier)).put("传真", "by archivist")
        self.apply(form.save(), user=self.keeper)
        self.assertEqual(self.dossier.fax, "by archivist")

    def test_right_lost_while_looking(self):
        form = FormFile(files.filled(self.dossier)).put("传真", "late")
        wizard = self.upload(self.seller, form.save())
        wizard.action_check()
        self.assertIn("late", self.text(wizard))
        self.dossier.user_id = self.colleague
        self.env.invalidate_all()
        self.assertNotIn("late", self.text(wizard))
        wizard.action_apply()
        self.assertFalse(self.dossier.fax)
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_dialogs_are_their_users_own(self):
        form = FormFile(files.filled(self.dossier)).put("传真", "mine")
        wizard = self.upload(self.seller, form.save())
        wizard.action_check()
        for record in (wizard, wizard.file_ids):
            with self.assertRaises(UserError):
                record.with_user(self.colleague).read()

    def test_preview_of_a_superuser_is_the_users(self):
        form = FormFile(files.filled(self.dossier)).put("传真", "stolen")
        wizard = self.upload(self.colleague, form.save())
        wizard.action_check()
        self.env.invalidate_all()
        self.assertNotIn("stolen", wizard.sudo().preview)

    def test_dossier_given_by_id(self):
        """The number of a record that a client sends opens nothing."""
        form = FormFile(files.blank(self.env)).put("传真", "x").save()
        vals = {"dossier_res_id": self.dossier.id}
        before = self.counts()
        wizard = self.upload(self.colleague, form, **vals)
        wizard.action_check()
        self.assertFalse(wizard.is_ready)
        self.assertIn("not open to you", self.text(wizard))
        self.assertNotIn(self.dossier.number, self.text(wizard))
        self.assertEqual(self.counts(), before)
        # the button on the dossier: the form need not say whose it is
        self.assertEqual(self.apply(form, **vals), self.dossier)
        self.assertEqual(self.dossier.fax, "x")
        other = FormFile(files.blank(self.env)).put("档案编号", "OTHER")
        self.check_refused(other.save(), "the form of dossier OTHER", **vals)

    def test_contacts_are_not_the_users_to_change(self):
        poor = new_test_user(
            self.env, "form_poor", groups=f"base.group_user,{GROUP}user", lang="en_US"
        )
        self.check_refused(self.new_form().save(), "You may not create", user=poor)
        self.dossier.user_id = poor
        form = FormFile(files.filled(self.dossier)).put("职位", "Boss", LEGAL)
        self.check_refused(form.save(), "You may not create or change", user=poor)
        form = FormFile(files.filled(self.dossier)).put("传真", "fine")
        self.apply(form.save(), user=poor)

    def test_company_chosen(self):
        """A form goes into the company one works in."""
        abroad = self.env["res.company"].create({"name": "Abroad"})
        self.keeper.company_ids += abroad
        form = FormFile(files.blank(self.env)).put("客户名称", "Mill Works")
        wizard = self.upload(self.keeper, form.save())
        wizard = wizard.with_context(allowed_company_ids=abroad.ids)
        wizard.action_check()
        action = wizard.action_apply()
        dossier = self.env["customer.dossier"].browse(action["res_id"])
        self.assertEqual(dossier.company_id, abroad)
        self.assertNotEqual(dossier, self.dossier)
        # the number says which dossier of the companies chosen is meant
        form = FormFile(files.filled(self.dossier)).put("传真", "home")
        wizard = self.upload(self.keeper, form.save())
        wizard = wizard.with_context(
            allowed_company_ids=[abroad.id, self.env.company.id]
        )
        wizard.action_check()
        wizard.action_apply()
        self.assertEqual(self.dossier.fax, "home")

    def test_nobody_else_imports(self):
        clerk = new_test_user(self.env, "form_clerk", groups=CONTACTS)
        with self.assertRaises(UserError):
            self.upload(clerk, self.new_form().save())


@tagged("post_install", "-at_install")
class TestFormDownload(FormImportCommon, HttpCase):
    """The form over the web, under the same lock."""

    def get(self, login, path):
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            return self.url_open(f"/customer_archive/form/{path}")

    def test_downloads(self):
        own = f"zh_CN/{self.dossier.id}"
        cases = (
            ("form_seller", "zh_CN", 200),
            ("form_seller", "en_US", 200),
            ("form_seller", "fr_FR", 404),
            ("form_seller", own, 200),
            ("form_keeper", own, 200),
            ("form_colleague", own, 403),
            ("form_clerk", "zh_CN", 404),
            ("form_clerk", own, 404),
        )
        new_test_user(self.env, "form_clerk", groups=CONTACTS)
        for login, path, status in cases:
            with self.subTest(user=login, path=path):
                response = self.get(login, path)
                self.assertEqual(response.status_code, status)
                if status == 200:
                    self.assertEqual(response.headers["Cache-Control"], "no-store")
                    lang = path[:5]
                    sheet = FormFile(response.content).sheet
                    self.assertEqual(sheet.title, layout.TITLE.to(lang))
                else:
                    self.assertNotIn(b"Mill", response.content)

    def test_form_of_the_dossier_is_filled_in(self):
        form = FormFile(self.get("form_seller", f"zh_CN/{self.dossier.id}").content)
        for label, block, value in (
            ("档案编号", None, self.dossier.number),
            ("客户名称", PROFILE, "Mill Works"),
            ("成立日期", PROFILE, "1888-03-02"),
            ("注册资金", PROFILE, 5000.5),
            ("姓名", LEGAL, "王 芳"),
            ("职位", LEGAL, "Director"),
            ("公司性质", BUSINESS, "中外合资"),
            ("职工人数", BUSINESS, 120),
            ("该客户当前信用等级", TRADE, "AAA"),
        ):
            self.assertEqual(form.find(label, block).offset(0, 1).value, value, label)
        lines = form.find("编号", TRADE)
        self.assertEqual([lines.offset(row, 0).value for row in (1, 2)], [None, "PO-1"])
        self.assertEqual(form.find("年份", YEARS).offset(1, 0).value, 2025)
