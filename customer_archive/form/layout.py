"""The 客户档案表 as the policy lays it out, with its words (S0-9 to S0-15).

The form is one document in two languages. Its words are not translations of the
screens: a form that was handed out is still read after somebody retranslates those.
"""

from dataclasses import dataclass

FORM_ID = "customer_archive.customer_form"
FORM_VERSION = "1"
CHINESE, ENGLISH = "zh_CN", "en_US"
LANGUAGES = (CHINESE, ENGLISH)

PARTNER = "res.partner"
DOSSIER = "customer.dossier"
PERSON = "customer.key.person"
YEAR = "customer.yearly.figure"
TRADE = "customer.transaction"


@dataclass(frozen=True)
class Label:
    """A word of the form in its two languages."""

    chinese: str
    english: str

    def to(self, lang):
        return self.chinese if lang == CHINESE else self.english

    @property
    def both(self):
        return (self.chinese, self.english)


@dataclass(frozen=True)
class FormField:
    """One labelled cell of the form: the field it stands for."""

    label: Label
    model: str
    name: str
    is_wide: bool = False
    # What can't be less than nothing, what can't lie ahead of us.
    is_positive: bool = False
    is_past: bool = False


@dataclass(frozen=True)
class Section:
    """A block of the form: a title, labelled cells, a table, or several of these."""

    key: str
    title: Label | None
    fields: tuple = ()
    columns: tuple = ()
    is_sub: bool = False


def _field(chinese, english, model, name, **options):
    return FormField(Label(chinese, english), model, name, **options)


PERSON_FIELDS = (
    _field("姓名", "Name", PARTNER, "name"),
    _field("职位", "Post", PARTNER, "function"),
    _field("教育经历", "Education History", PERSON, "education", is_wide=True),
    _field("出生日期", "Birth Date", PERSON, "birth_date", is_past=True),
    _field("兴趣爱好", "Hobbies", PERSON, "hobbies"),
    _field("家庭情况", "Family", PERSON, "family", is_wide=True),
)
CAPACITIES = (
    ("legal_representative", Label("公司法人", "Legal Representative")),
    ("principal", Label("公司主要负责人", "Principal")),
    ("main_contact", Label("主要联系人", "Main Contact")),
)

TITLE = Label("客户档案表", "Customer Record")
HINT = Label(
    "请填写浅黄色单元格；空白处保留档案中的原有内容。日期如 2026-11-22。",
    "Fill in the light yellow cells. What is left empty stays as it is on file. "
    "Dates like 2026-11-22.",
)
KEY_COLUMN = Label("行号", "Line")
YES, NO = Label("是", "Yes"), Label("否", "No")

SECTIONS = (
    Section(
        "head",
        None,
        (
            _field("档案编号", "Dossier No.", DOSSIER, "number"),
            _field("建档日期", "Opened On", DOSSIER, "open_date", is_past=True),
        ),
    ),
    Section(
        "profile",
        Label("客户基本资料", "Customer"),
        (
            _field("客户名称", "Customer Name", PARTNER, "name", is_wide=True),
            # Not on the paper: tells customers of one name apart.
            _field("税号", "Tax ID", PARTNER, "vat", is_wide=True),
            _field("客户地址", "Address", PARTNER, "street", is_wide=True),
            _field("邮编", "Postal Code", PARTNER, "zip"),
            _field("客户电话", "Phone", PARTNER, "phone"),
            _field("传真", "Fax", DOSSIER, "fax"),
            _field("Email", "E-mail", PARTNER, "email"),
            _field("成立日期", "Founded On", DOSSIER, "founding_date", is_past=True),
            _field(
                "注册资金",
                "Registered Capital",
                DOSSIER,
                "registered_capital",
                is_positive=True,
            ),
            _field(
                "主要股东", "Main Shareholders", DOSSIER, "shareholders", is_wide=True
            ),
            _field("开户行", "Bank", DOSSIER, "bank_name"),
            _field("账号", "Bank Account", DOSSIER, "bank_account"),
        ),
    ),
    Section("persons", Label("客户负责人及联系人资料", "Persons")),
    *(
        Section(capacity, title, PERSON_FIELDS, is_sub=True)
        for capacity, title in CAPACITIES
    ),
    Section(
        "business",
        Label("客户经营资料", "Business"),
        (
            _field(
                "职工人数", "Employees", DOSSIER, "employee_count", is_positive=True
            ),
            _field(
                "中方人数",
                "Domestic Employees",
                DOSSIER,
                "domestic_employee_count",
                is_positive=True,
            ),
            _field(
                "外方人数",
                "Foreign Employees",
                DOSSIER,
                "foreign_employee_count",
                is_positive=True,
            ),
            _field("公司性质", "Company Nature", DOSSIER, "company_nature"),
            _field("公司同业地位", "Industry Position", DOSSIER, "industry_position"),
            _field("主营业务", "Main Business", DOSSIER, "main_business", is_wide=True),
            _field("附加业务", "Side Business", DOSSIER, "side_business", is_wide=True),
        ),
    ),
    Section(
        "years",
        Label("公司近3年销售业绩", "Sales of the Last 3 Years"),
        columns=(
            _field("年份", "Year", YEAR, "year"),
            _field("销售额", "Revenue", YEAR, "revenue", is_positive=True),
            _field("备注", "Remarks", YEAR, "note"),
        ),
        is_sub=True,
    ),
    Section(
        "trade",
        Label("同本公司的交易情况", "Trade With Us"),
        (
            _field("该客户当前信用等级", "Credit Grade", DOSSIER, "credit_grade_id"),
            _field(
                "本公司在交易中的优势",
                "Our Strengths in Trade",
                DOSSIER,
                "advantages",
                is_wide=True,
            ),
            _field(
                "本公司在交易中的劣势和对策",
                "Our Weaknesses and Remedies",
                DOSSIER,
                "disadvantages",
                is_wide=True,
            ),
            _field("备注", "Remarks", DOSSIER, "note", is_wide=True),
        ),
        (
            _field("编号", "No.", TRADE, "name"),
            _field("交易时间", "Date", TRADE, "date"),
            _field("交易地点", "Place", TRADE, "place"),
            _field("交易金额", "Amount", TRADE, "amount"),
            _field("交易负责人", "Responsible", TRADE, "user_id"),
            _field("是否有违约情况", "Breach of Contract", TRADE, "is_breach"),
            _field("备注", "Remarks", TRADE, "note"),
        ),
    ),
)

# The lists of the form in Chinese, by code; English is the field's own.
CHOICES = {
    "company_nature": {
        "listed": "上市公司",
        "private_limited": "私人有限公司",
        "joint_venture": "中外合资",
        "foreign_owned": "外商独资",
        "state_owned": "国营",
    },
    "industry_position": {
        "leader": "领导者",
        "influential": "具影响力",
        "medium": "中等",
        "small": "小型厂商",
        "other": "其他",
    },
}


def get_marker(lang):
    """The hidden text by which the archive knows a form of its own."""
    return f"{FORM_ID}/{FORM_VERSION}/{lang}"


def in_language(records, lang):
    """``records`` with their names in ``lang``, where the database speaks it."""
    codes = dict(records.env["res.lang"].get_installed())
    return records.with_context(lang=lang) if lang in codes else records


def get_choices(model, name):
    """Codes of a list with their words: ``[(code, Label)]``."""
    chinese = CHOICES[name]
    return [
        (code, Label(chinese[code], english))
        for code, english in model._fields[name].selection
    ]
