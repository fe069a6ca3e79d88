from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestOverlap(BaseCommon):
    """S4-27: customers who may be on file already, by number and keeper alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.seller = new_test_user(cls.env, "lap_seller", groups=group + "user")
        cls.keeper = new_test_user(cls.env, "lap_keeper", groups=group + "keeper")
        cls.hidden = cls._open(
            name="杭州天目茶叶有限公司",
            phone="+86 571 8765 4321",
            email="info@tianmu-tea.example",
            vat="91330100MA27",
        )

    @classmethod
    def _open(cls, user=None, **vals):
        partner = cls.env["res.partner"].create({"is_company": True, **vals})
        dossiers = cls.env["customer.dossier"].with_user(user or cls.keeper)
        return dossiers.create(
            {"partner_id": partner.id, "strategy": f"Secret of {partner.name}"}
        )

    def _warning_of(self, **vals):
        """What a salesperson reads who is about to open a dossier."""
        partner = self.env["res.partner"].create({"is_company": True, **vals})
        dossiers = self.env["customer.dossier"].with_user(self.seller)
        new = dossiers.new({"partner_id": partner.id})
        return new.overlap_warning or ""

    def test_who_is_recognised(self):
        cases = {
            "another legal form": {"name": "杭州天目茶叶集团股份有限公司"},
            "part of the name": {"name": "天目茶叶"},
            "same phone": {"name": "Somebody", "phone": "0571-87654321"},
            "same domain": {"name": "Somebody", "email": "li@tianmu-tea.example"},
            "same site": {
                "name": "Somebody",
                "website": "https://tianmu-tea.example/cn",
            },
            "same tax id": {"name": "Somebody", "vat": "91330100MA27"},
        }
        for case, vals in cases.items():
            with self.subTest(case):
                self.assertIn(self.hidden.number, self._warning_of(**vals))

    def test_who_is_not(self):
        self._open(name="Else", email="a@qq.com")
        cases = {
            "another company": {"name": "宁波海贝玩具有限公司"},
            "same legal form alone": {"name": "有限公司"},
            "public mail host": {"name": "Somebody", "email": "b@qq.com"},
            "short phone": {"name": "Somebody", "phone": "4321"},
        }
        for case, vals in cases.items():
            with self.subTest(case):
                self.assertFalse(self._warning_of(**vals))

    def test_number_and_keeper_never_content(self):
        """S4-27: enough to ask the keeper, and no more."""
        warning = self._warning_of(name="天目茶叶")
        self.assertIn(self.keeper.name, warning)
        self.assertNotIn("Secret", warning)
        self.assertFalse(self.hidden.with_user(self.seller).has_access("read"))

    def test_western_names(self):
        self._open(name="Blue Harbour Trading Co., Ltd.")
        self.assertTrue(self._warning_of(name="Blue Harbor Trading GmbH"))

    def test_likeness_is_a_number_of_the_administrator(self):
        """S4-27: names that are like enough are found, whatever stands in between."""
        self._open(name="苏州金澜机床厂")
        renamed = {"name": "苏州金澜数控机床股份有限公司"}
        self.assertTrue(self._warning_of(**renamed))
        self.assertFalse(self._warning_of(name="苏州东方精密机床有限公司"))
        admin = new_test_user(
            self.env, "lap_admin", groups="customer_archive.group_archive_admin"
        )
        policies = self.env["customer.archive.policy"].with_user(admin)
        policy = policies.create({"name_likeness": 60})
        self.assertFalse(self._warning_of(**renamed))
        policy.name_likeness = 20
        self.assertTrue(self._warning_of(name="苏州东方精密机床有限公司"))

    def test_own_dossier_is_no_overlap(self):
        self.assertFalse(self.hidden.overlap_warning)
