from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestTransaction(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "trade_seller", groups="customer_archive.group_archive_user"
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create({"partner_id": cls.env["res.partner"].create({"name": "Mill"}).id})
        )

    def _deal(self, amount, date="2025-05-05", **vals):
        return (
            self.env["customer.transaction"]
            .with_user(self.seller)
            .create(
                {
                    "dossier_id": self.dossier.id,
                    "amount": amount,
                    "date": date,
                    **vals,
                }
            )
        )

    def test_line_of_the_form(self):
        """S0-14, S2-4: number, date, place, amount, who was in charge, breach."""
        line = self._deal(12.5, name="HT-7", place="Hangzhou", is_breach=True)
        self.assertRecordValues(
            line,
            [
                {
                    "name": "HT-7",
                    "place": "Hangzhou",
                    "amount": 12.5,
                    "user_id": self.seller.id,
                    "is_breach": True,
                    "currency_id": self.dossier.currency_id.id,
                }
            ],
        )

    def test_foreign_amount_counts_at_the_rate_of_its_day(self):
        """S0-14: sums are in one currency, at the rate of the day."""
        foreign = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": "2024-01-01", "rate": 2.0}),
                    Command.create({"name": "2025-01-01", "rate": 4.0}),
                ],
            }
        )
        early = self._deal(100, "2024-06-01", currency_id=foreign.id)
        late = self._deal(100, "2025-06-01", currency_id=foreign.id)
        self.assertEqual((early | late).mapped("amount_company"), [50.0, 25.0])
        self.assertEqual(self.dossier.trade_amount, 75.0)
        self.assertEqual(self.dossier.trade_count, 2)

    def test_yearly_figure_adds_up_the_trade_of_its_year(self):
        """S3-8: what the customer bought from us, by year, without typing it twice."""
        figures = self.env["customer.yearly.figure"].with_user(self.seller)
        year_24, year_25 = figures.create(
            [
                {"dossier_id": self.dossier.id, "year": 2024, "revenue": 1000},
                {"dossier_id": self.dossier.id, "year": 2025},
            ]
        )
        self._deal(10, "2024-12-31")
        self._deal(20, "2025-01-01")
        self._deal(30, "2025-12-31")
        self.assertEqual(year_24.trade_amount, 10)
        self.assertEqual(year_25.trade_amount, 50)
        self.assertEqual(year_25.trade_count, 2)
        self._deal(5, "2025-02-02")
        self.assertEqual(year_25.trade_amount, 55)

    def test_profit_counts_at_the_rate_of_its_day(self):
        """S4-8: what we earned by the customer, where it is known."""
        foreign = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2024-01-01", "rate": 2.0})],
            }
        )
        line = self._deal(100, "2024-06-01", currency_id=foreign.id, profit=30)
        self.assertEqual(line.profit_company, 15.0)
        self.assertEqual(self._deal(100).profit_company, 0.0)

    def test_struck_out_deal_counts_nowhere(self):
        """S2-29: figures and dates follow as soon as an entry is struck out."""
        self._deal(10, "2025-01-01")
        wrong = self._deal(20, "2025-08-08")
        figure = (
            self.env["customer.yearly.figure"]
            .with_user(self.seller)
            .create({"dossier_id": self.dossier.id, "year": 2025})
        )
        self.assertEqual(figure.trade_amount, 30)
        self.assertEqual(self.dossier.trade_amount, 30)
        self.assertEqual(str(self.dossier.last_contact_date), "2025-08-08")
        wrong._strike_out("Typed twice")
        self.assertEqual(figure.trade_amount, 10)
        self.assertEqual(self.dossier.trade_amount, 10)
        self.assertEqual(str(self.dossier.last_contact_date), "2025-01-01")
