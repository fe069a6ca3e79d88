from ast import literal_eval

from lxml import etree

from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestRegister(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.users, cls.teams = {}, {}
        for name in ("north", "south"):
            seller = new_test_user(cls.env, f"reg_{name}", groups=group + "user")
            leader = new_test_user(
                cls.env, f"reg_{name}_leader", groups=group + "supervisor"
            )
            cls.users |= {name: seller, f"{name}_leader": leader}
            cls.teams[name] = cls.env["crm.team"].create(
                {"name": name, "user_id": leader.id, "member_ids": [(4, seller.id)]}
            )
        cls.users["manager"] = new_test_user(
            cls.env, "reg_manager", groups=group + "manager"
        )
        cls.mining, cls.paper = cls.env["res.partner.industry"].create(
            [{"name": "Mining"}, {"name": "Paper"}]
        )
        country = cls.env.ref("base.cn")
        cls.jiangsu, cls.hunan = cls.env["res.country.state"].create(
            [
                {"name": name, "code": name, "country_id": country.id}
                for name in ("Jiangsu Test", "Hunan Test")
            ]
        )
        cls.dossiers = cls.env["customer.dossier"]
        for owner, industry, region in (
            ("north", cls.mining, cls.jiangsu),
            ("north", cls.paper, cls.jiangsu),
            ("north", cls.mining, cls.hunan),
            ("south", cls.mining, cls.jiangsu),
        ):
            customer = cls.env["res.partner"].create(
                {
                    "name": f"{owner} {industry.name} {region.name}",
                    "industry_id": industry.id,
                    "state_id": region.id,
                    "country_id": country.id,
                }
            )
            cls.dossiers += cls.dossiers.with_user(cls.users[owner]).create(
                {"partner_id": customer.id}
            )

    def _get_search_view(self):
        views = self.env["customer.dossier"].get_views([(False, "search")])
        return etree.fromstring(views["views"]["search"]["arch"])

    def _count(self, login, name):
        """What the search panel shows of the field: ids of values, and how many."""
        dossiers = self.env["customer.dossier"].with_user(self.users[login])
        [node] = self._get_search_view().xpath(f"//searchpanel/field[@name='{name}']")
        found = dossiers.search_panel_select_multi_range(
            name,
            enable_counters=bool(node.get("enable_counters")),
            group_by=node.get("groupby"),
            # as the web client does, which sends null where nothing is chosen
            group_domain=None if node.get("groupby") else [],
            search_domain=[("id", "in", self.dossiers.ids)],
        )
        return {value["id"]: value["__count"] for value in found["values"]}

    def test_each_department_sorts_its_own_customers(self):
        # S2-24
        mining, paper = self.mining.id, self.paper.id
        jiangsu, hunan = self.jiangsu.id, self.hunan.id
        north, south = self.teams["north"].id, self.teams["south"].id
        expected = {
            "north": ({mining: 2, paper: 1}, {jiangsu: 2, hunan: 1}, {north: 3}),
            "north_leader": ({mining: 2, paper: 1}, {jiangsu: 2, hunan: 1}, {north: 3}),
            "south_leader": ({mining: 1}, {jiangsu: 1}, {south: 1}),
            "manager": (
                {mining: 3, paper: 1},
                {jiangsu: 3, hunan: 1},
                {north: 3, south: 1},
            ),
        }
        for login, (industries, regions, teams) in expected.items():
            with self.subTest(login):
                self.assertEqual(self._count(login, "industry_id"), industries)
                self.assertEqual(self._count(login, "country_state_id"), regions)
                self.assertEqual(self._count(login, "team_id"), teams)

    def test_register_is_grouped_by_industry_region_and_department(self):
        """S2-24: by the filters of the screen; a customer who moves, moves there."""
        self.dossiers[2].relation_type = "indirect"
        view = self._get_search_view()
        dossiers = self.env["customer.dossier"].with_user(self.users["north_leader"])
        domain = [("id", "in", self.dossiers.ids)]
        for name, expected in (
            ("group_industry", {self.mining: 2, self.paper: 1}),
            ("group_region", {self.jiangsu: 2, self.hunan: 1}),
            ("group_country", {self.env.ref("base.cn"): 3}),
            # direct customers and others apart, by region: S2-35
            ("group_relation", {"direct": 2, "indirect": 1}),
            ("group_team", {self.teams["north"]: 3}),
            ("group_user", {self.users["north"]: 3}),
        ):
            [node] = view.xpath(f"//filter[@name='{name}']")
            field_name = literal_eval(node.get("context"))["group_by"]
            groups = dossiers._read_group(domain, [field_name], ["__count"])
            self.assertEqual(dict(groups), expected, name)
        self.dossiers[0].partner_id.state_id = self.hunan
        self.assertEqual(
            self._count("north_leader", "country_state_id"),
            {self.jiangsu.id: 1, self.hunan.id: 2},
        )
