"""What holds of every tier run, whatever the customers and the rules."""

import contextlib
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_archive.tests.tier_common import TierCommon

SLOTS = 12
TIER_COUNT = 6
DATE_TO = date(2024, 12, 31)
KEPT = (
    "tier_id",
    "tier_code",
    "computed_tier_id",
    "manual_tier_id",
    "manual_tier_end",
    "manual_tier_reason",
)
# Criteria of which more is better, by the customer's value they look at.
CRITERIA = {
    "amount": {"measure": "amount", "months": 0},
    "banded": {
        "measure": "amount",
        "months": 12,
        "scoring": "bands",
        "band_ids": [
            Command.create({"from_value": value, "points": points})
            for value, points in ((-3, 10), (0, 25.5), (2, 60), (4, 100))
        ],
    },
    "rating": {"source": "rating", "rating": "strength"},
    "placed_rating": {
        "source": "rating",
        "rating": "strength",
        "scoring": "percentile",
        "missing_points": 30,
    },
    "employees": {"source": "field", "missing_points": 12.5},
}
VALUES = {"banded": "amount", "placed_rating": "rating"}

few = settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def customers(draw, ends=(None, 30)):
    """A customer: few different values, so that many are equal."""
    tiers = st.none() | st.integers(0, TIER_COUNT - 1)
    manual = draw(st.none() | st.none() | st.integers(0, TIER_COUNT - 1))
    return {
        "amount": draw(st.none() | st.sampled_from([-5, 0, 1, 1, 2, 2.5, 3, 5, 40])),
        "rating": draw(st.integers(0, 5)),
        "employees": draw(st.integers(0, 4)),
        "open_days": draw(st.integers(0, 2)),
        # most are to be evaluated
        "state": draw(st.sampled_from(["filed"] * 8 + ["draft", "closed"])),
        "active": draw(st.sampled_from([True] * 9 + [False])),
        "at_home": draw(st.sampled_from([True] * 9 + [False])),
        "computed": draw(tiers),
        "manual": manual,
        "manual_end": draw(st.sampled_from(ends)) if manual is not None else None,
    }


@st.composite
def ladders(draw):
    """Limits of one to six tiers, each kind for its method."""
    count = draw(st.integers(1, TIER_COUNT))
    cuts = sorted(draw(st.lists(st.integers(0, 400), min_size=count, max_size=count)))
    shares = [
        Decimal(cut - before) / 4 for cut, before in zip(cuts, [0, *cuts], strict=False)
    ]
    scores = draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    return list(zip(shares, sorted(scores, reverse=True), strict=True))


@st.composite
def schemes(draw, **fixed):
    """A scheme with some of the criteria."""
    names = draw(st.lists(st.sampled_from(list(CRITERIA)), min_size=1, unique=True))
    choices = {
        "method": st.sampled_from(["quota", "pareto", "score"]),
        "ties": st.sampled_from(["split", "together"]),
        "band": st.sampled_from([0, 0.5, 5, 10, 25]),
        "min_population": st.integers(0, 3),
    }
    return {
        "criteria": names,
        "weights": [draw(st.sampled_from([0.5, 1, 3])) for _name in names],
        **{name: fixed.get(name, draw(value)) for name, value in choices.items()},
    }


def populations(**kwargs):
    return st.lists(customers(**kwargs), max_size=SLOTS)


@tagged("post_install", "-at_install")
class TestTierProperties(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slots = cls._create_dossiers([1] * SLOTS)
        cls.abroad = cls.env["res.company"].create({"name": "Abroad"})
        cls.tiers += cls.env["customer.tier"].create(
            [
                {"name": f"Tier {code}", "code": code, "sequence": 100 + number}
                for number, code in enumerate("XYZ")
            ]
        )
        cls.numbers = cls.slots.mapped("number")
        employees = cls.env["ir.model.fields"]._get(
            "customer.dossier", "employee_count"
        )
        CRITERIA["employees"]["field_id"] = employees.id
        cls.env.flush_all()

    @contextlib.contextmanager
    def _example(self, population, ladder, order=None):
        """These customers on file, and nothing of them afterwards.

        :param order: the slots they come to stand in; the order of the rows
        """
        savepoint = self.env.cr.savepoint()
        try:
            self._set_tiers(ladder)
            slots = [self.slots[i] for i in order or range(len(population))]
            self._set_customers(dict(zip(slots, population, strict=True)))
            yield self.slots.browse([slot.id for slot in slots])
        finally:
            self.env.flush_all()
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _set_tiers(self, ladder):
        self.env.cr.execute("UPDATE customer_tier SET active = FALSE")
        for tier, (share, score) in zip(self.tiers, ladder, strict=False):
            self.env.cr.execute(
                "UPDATE customer_tier SET active = TRUE, quota = %s, value_share = %s,"
                " min_score = %s WHERE id = %s",
                (share, share, score, tier.id),
            )

    def _set_customers(self, population):
        """Have each slot be one of the customers, in the order of their numbers."""
        today = date.today()
        execute = self.env.cr.execute
        execute("UPDATE customer_dossier SET number = 'T' || id, active = FALSE")
        execute("UPDATE customer_transaction SET active = FALSE")
        for number, (slot, customer) in zip(
            self.numbers, population.items(), strict=False
        ):
            computed, manual = (
                None if customer[name] is None else self.tiers[customer[name]]
                for name in ("computed", "manual")
            )
            end = customer["manual_end"]
            tier = (None if end is not None and end < 0 else manual) or computed
            company = self.env.company if customer["at_home"] else self.abroad
            execute(
                "UPDATE customer_dossier SET number = %s, open_date = %s, state = %s,"
                " active = %s, company_id = %s, computed_tier_id = %s,"
                " manual_tier_id = %s, manual_tier_end = %s, manual_tier_reason = %s,"
                " tier_id = %s, tier_code = %s, rating_strength = %s,"
                " employee_count = %s WHERE id = %s",
                (
                    number,
                    date(2020, 1, 1) + timedelta(customer["open_days"]),
                    customer["state"],
                    customer["active"],
                    company.id,
                    computed and computed.id,
                    manual and manual.id,
                    None if end is None else today + timedelta(end),
                    manual and "Because",
                    tier and tier.id,
                    tier and tier.code,
                    str(customer["rating"]),
                    customer["employees"],
                    slot.id,
                ),
            )
            if customer["amount"] is not None:
                execute(
                    "UPDATE customer_transaction SET active = TRUE, amount = %s,"
                    " amount_company = %s, date = '2024-05-01' WHERE dossier_id = %s",
                    (customer["amount"], customer["amount"], slot.id),
                )
        self.env.invalidate_all()

    def _make_scheme(self, scheme):
        criteria = [
            {**CRITERIA[name], "weight": weight}
            for name, weight in zip(scheme["criteria"], scheme["weights"], strict=True)
        ]
        names = ("method", "ties", "band", "min_population")
        return self._create_scheme(criteria, **{name: scheme[name] for name in names})

    def _run(self, scheme):
        run = self.env["customer.tier.run"].create(
            {"scheme_id": scheme.id, "date_to": DATE_TO}
        )
        run._propose()
        return run

    def _approve(self, run):
        run._on_decided("approved", "")
        self.assertEqual(run.state, "applied")

    def _get_values(self, dossiers):
        self.env.cr.execute(
            f"SELECT id, {', '.join(KEPT)} FROM customer_dossier"
            " WHERE id = ANY(%s) ORDER BY id",
            (dossiers.ids,),
        )
        return self.env.cr.fetchall()

    def _get_results(self, run):
        """Score, place and tier of each customer, by number."""
        return {
            line.dossier_id.number: (
                line.position,
                line.score,
                line.reached,
                line.proposed_tier_id.id,
                line.hold,
                line.detail and sorted(map(str, line.detail.values())),
            )
            for line in self._get_lines(run)
        }

    def _get_rank(self, tier):
        return self.tiers.ids.index(tier.id) if tier else TIER_COUNT

    # ------------------------------------------------------------------

    @few
    @given(
        populations(),
        ladders(),
        schemes(method="quota", ties="split", band=0, min_population=0),
    )
    def test_quotas_are_met(self, population, ladder, scheme):
        # S0-18: a tier ends at the cumulated quota of all customers, half a one up
        with self._example(population, ladder) as dossiers:
            lines = self._get_lines(self._run(self._make_scheme(scheme)))
            evaluated = dossiers.filtered(
                lambda d: (
                    d.active and d.state == "filed" and d.company_id == self.env.company
                )
            )
            self.assertEqual(set(lines.dossier_id), set(evaluated))
            count = len(evaluated)
            self.assertEqual(lines.mapped("position"), list(range(1, count + 1)))
            expected, total = [], Decimal(0)
            for tier, (share, _score) in zip(self.tiers, ladder, strict=False):
                total += share
                cut = (count * total / 100).quantize(Decimal(1), ROUND_HALF_UP)
                expected += [tier] * (int(cut) - len(expected))
            last = self.tiers[len(ladder) - 1]
            expected += [last] * (count - len(expected))
            self.assertEqual([line.proposed_tier_id for line in lines], expected)
            scores = lines.mapped("score")
            self.assertEqual(scores, sorted(scores, reverse=True))

    @few
    @given(populations(), ladders(), schemes(), st.randoms())
    def test_order_of_input_is_irrelevant(self, population, ladder, scheme, random):
        order = random.sample(range(SLOTS), len(population))
        results = []
        for slots in (None, order):
            with self._example(population, ladder, slots):
                results.append(self._get_results(self._run(self._make_scheme(scheme))))
        self.assertEqual(*results)

    @few
    @given(populations(), ladders(), schemes(ties="together", band=0))
    def test_equals_stand_together(self, population, ladder, scheme):
        with self._example(population, ladder):
            run = self._run(self._make_scheme(scheme))
            value = self._get_shared_value if scheme["method"] == "pareto" else None
            tiers = {}
            for line in self._get_lines(run):
                if line.hold:
                    continue
                key = value(run, line) if value else line.score
                tiers.setdefault(key, set()).add(line.proposed_tier_id)
            for key, found in tiers.items():
                self.assertEqual(len(found), 1, key)

    def _get_shared_value(self, run, line):
        criterion = run.scheme_id._get_value_criterion()
        value, _points = line.detail[str(criterion.id)]
        return max(value or 0, 0)

    @few
    @given(
        populations().filter(bool),
        ladders(),
        schemes(),
        st.integers(0, SLOTS),
        st.sampled_from([0.5, 1, 2, 30]),
    )
    def test_more_is_never_worse(self, population, ladder, scheme, who, more):
        """With and without a band, for whoever the value is known."""
        who %= len(population)
        name = VALUES.get(scheme["criteria"][0], scheme["criteria"][0])
        # a customer without trade has bought nothing; no rating is not a bad one
        value = population[who][name] or 0
        if name != "amount" and not value:
            return
        if name != "amount":
            more = 1 if name == "rating" else int(more + 0.5)
        better = [dict(customer) for customer in population]
        better[who][name] = min(value + more, 5) if name == "rating" else value + more
        ranks = []
        for version in (population, better):
            with self._example(version, ladder) as dossiers:
                run = self._run(self._make_scheme(scheme))
                line = self._get_lines(run).filtered(
                    lambda line, d=dossiers[who]: line.dossier_id == d
                )
                ranks.append(self._get_rank(line.proposed_tier_id))
        self.assertLessEqual(ranks[1], ranks[0])

    @few
    @given(populations(ends=(None, -3, 0, 30)), ladders(), schemes())
    def test_nobody_moves_without_a_reason(self, population, ladder, scheme):
        """Whatever the band: a second run on the same data moves nobody."""
        with self._example(population, ladder) as dossiers:
            scheme = self._make_scheme(scheme)
            self._approve(self._run(scheme))
            values = self._get_values(dossiers)
            for _time in range(2):
                run = self._run(scheme)
                moves = set(self._get_lines(run).mapped("move"))
                self.assertLessEqual(moves, {"same"})
                self.assertEqual(
                    (run.up_count, run.down_count, run.new_count), (0,) * 3
                )
                self._approve(run)
                self.assertEqual(self._get_values(dossiers), values)

    @few
    @given(populations(), ladders(), schemes(), st.lists(st.integers(0, SLOTS)))
    def test_undo_restores_every_value(self, population, ladder, scheme, changed):
        with self._example(population, ladder) as dossiers:
            before = self._get_values(dossiers)
            run = self._run(self._make_scheme(scheme))
            lines = self._get_lines(run)
            for number in changed:
                if number < len(lines):
                    line = lines[number].with_user(self.users["manager"])
                    tier = self.tiers[number % len(ladder)]
                    line.write({"final_tier_id": tier.id, "change_reason": "Known"})
            finals = {line.dossier_id.id: line.final_tier_id.id for line in lines}
            self._approve(run)
            for dossier in dossiers.filtered(lambda d: d.id in finals):
                self.assertEqual(dossier.computed_tier_id.id, finals[dossier.id])
            others = {row for row in before if row[0] not in finals}
            self.assertLessEqual(others, set(self._get_values(dossiers)))
            run.action_undo()
            self.assertEqual(run.state, "undone")
            self.assertEqual(self._get_values(dossiers), before)
            self._check_history(dossiers, before)

    def _check_history(self, dossiers, before):
        """Each line begins where the one before it ended."""
        tiers = {row[0]: row[1] for row in before}
        for line in self.env["customer.tier.history"].search(
            [("dossier_id", "in", dossiers.ids)], order="date, id"
        ):
            self.assertEqual(line.old_tier_id.id or None, tiers[line.dossier_id.id])
            self.assertNotEqual(line.old_tier_id, line.tier_id)
            tiers[line.dossier_id.id] = line.tier_id.id or None
        self.assertEqual(tiers, {row[0]: row[1] for row in self._get_values(dossiers)})

    @few
    @given(populations(ends=(None, -1, 0, 30)), ladders(), schemes())
    def test_fixed_tier_holds(self, population, ladder, scheme):
        # S0-29: until its last day, against any run
        with self._example(population, ladder) as dossiers:
            run = self._run(self._make_scheme(scheme))
            evaluated = self._get_lines(run).dossier_id
            self._approve(run)
            for dossier, customer in zip(dossiers, population, strict=True):
                end = customer["manual_end"]
                holds = customer["manual"] is not None and (end is None or end >= 0)
                if holds:
                    self.assertEqual(dossier.tier_id, self.tiers[customer["manual"]])
                elif dossier in evaluated:
                    self.assertEqual(dossier.tier_id, dossier.computed_tier_id)
                self.assertEqual(dossier.tier_code or "", dossier.tier_id.code or "")
