"""Two worlds that differ in hidden content alone, and a realistic company around."""

import json
import types

from odoo.tests import new_test_user

from odoo.addons.customer_archive.tests.common import (
    CONTACTS,
    FAMILY,
    ITEMS,
    ArchiveCommon,
)

HIDDEN = "south"
ERP = "sales_team.group_sale_salesman_all_leads,account.group_account_invoice"


class SecurityCommon(ArchiveCommon):
    """The denied roles also sell and invoice, as people of a company do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = sum(map(cls.env.ref, ERP.split(",")), cls.env["res.groups"])
        for role in ("employee", "exporter", "owner", "leader", "manager"):
            cls.users[role].group_ids += groups
        cls.users["manager"].group_ids += cls.env.ref("base.group_allow_export")
        cls.users["portal"].partner_id.parent_id = cls.customers[HIDDEN]
        cls.users["inactive"] = new_test_user(
            cls.env,
            "archive_inactive",
            groups=f"{CONTACTS},customer_archive.group_archive_manager",
        )
        cls.targets = cls._create_targets()
        cls.env.flush_all()

    @classmethod
    def _create_targets(cls):
        dossier = cls.dossiers[HIDDEN]
        partner = dossier.partner_id
        person, transaction, figure = (cls.items[name][HIDDEN] for name in ITEMS)
        # a way from any user to the customer, as tags are in daily use
        tag = cls.env["res.partner.category"].create({"name": "Fair"})
        everybody = cls.env["res.users"].with_context(active_test=False).search([])
        companies = cls.env["res.company"].search([])
        tag.partner_ids = partner + everybody.partner_id + companies.partner_id
        file = cls.env["ir.attachment"].create(
            {
                "name": "offer.txt",
                "raw": b"zqsouth-file",
                "res_model": "customer.dossier",
                "res_id": dossier.id,
            }
        )
        product = cls.env["product.product"].create({"name": "Bolt", "list_price": 5})
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        journal = cls.env["account.journal"].create(
            {"name": "Sales", "type": "sale", "code": "SLS"}
        )
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
            }
        )
        return types.SimpleNamespace(
            dossier=dossier.id,
            partner=partner.id,
            free_partner=cls.env["res.partner"].create({"name": "Free"}).id,
            person=person.id,
            transaction=transaction.id,
            figure=figure.id,
            year=figure.year,
            own_figure=cls.items["customer.yearly.figure"]["own"].id,
            user=cls.users["portal"].id,
            company=cls.companies["home"].id,
            other_company=cls.companies["abroad"].id,
            file=file.id,
            product=product.id,
            order=order.id,
            secret_fields={
                model: [f.name for f in cls.secret_fields(model)] for model in FAMILY
            },
            value=cls._value,
            text=lambda model, name: str(cls._value(model, name)),
        )

    @classmethod
    def _value(cls, model, name):
        """The hidden content of a field, or of ``person_ids.field``."""
        first, _sep, rest = name.partition(".")
        if rest:
            return cls._value(cls.env[model]._fields[first].comodel_name, rest)
        return cls.secrets(model, HIDDEN)[name]

    @classmethod
    def _hidden_records(cls):
        yield cls.dossiers[HIDDEN]
        for name in ITEMS:
            yield cls.items[name][HIDDEN]

    @classmethod
    def change_world(cls, key):
        """Give the hidden records other contents; nothing else changes."""
        for record in cls._hidden_records():
            values = cls.secrets(record._name, HIDDEN)
            if key != HIDDEN:
                values = {
                    name: cls._other(record._fields[name], value)
                    for name, value in values.items()
                }
            record.write(values)
        cls.env["ir.attachment"].browse(cls.targets.file).write(
            {"name": f"{key}.txt", "raw": f"zq{key}-file".encode()}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _other(cls, field, value):
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type == "date":
            return f"19{value[2:]}"
        if field.type in ("char", "text"):
            return f"other {field.name}"
        return value - 40

    @staticmethod
    def dump(answer):
        return json.dumps(answer, default=str, sort_keys=True)
