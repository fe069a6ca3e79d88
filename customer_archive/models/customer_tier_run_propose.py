from odoo import models
from odoo.tools import SQL


class CustomerTierRun(models.Model):
    """How a run evaluates all customers: one statement, whatever their number."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.tier.run"

    def _count_population(self):
        """Number of customers whose tier the run decides."""
        self._flush_evaluated()
        rows = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM customer_dossier d WHERE %s",
                self._to_sql_population(),
            )
        )
        return rows[0][0]

    def _propose(self):
        """Evaluate the customers anew and propose a tier for each."""
        self.ensure_one()
        # sudo: an evaluation looks at all customers; who sees a line of it is for
        # the lock of its dossier to say
        run = self.sudo()
        run._discard_lines()
        run._flush_evaluated()
        scheme = run.scheme_id
        run.terms = {
            "method": scheme.method,
            "band": scheme.band,
            "least": scheme.min_population,
        }
        run.ladder = [
            [tier.id, tier.code, limit]
            for tier, limit in self.env["customer.tier"]._get_ladder(
                run.scheme_id.method
            )
        ]
        run.criteria = run._prepare_criteria()
        run.env.cr.execute(run._to_sql_lines())
        run.env["customer.tier.run.line"].invalidate_model()
        run._count_moves()
        run._set_state("proposed")

    def _flush_evaluated(self):
        """Have the database know what the evaluation looks at."""
        for name in (
            "customer.dossier",
            "customer.transaction",
            "customer.credit.grade",
            "customer.tier",
        ):
            self.env[name].flush_model()

    def _discard_lines(self):
        self.env["customer.tier.run.line"].flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_tier_run_line WHERE run_id IN %s",
                tuple(self.ids) or (0,),
            )
        )
        self.env["customer.tier.run.line"].invalidate_model()

    def _count_moves(self):
        """Write down how many customers go where."""
        self.env["customer.tier.run.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT move, count(*), min(id), max(id) FROM customer_tier_run_line"
                " WHERE run_id = %s GROUP BY move",
                self.id,
            )
        )
        counts = {move: count for move, count, _first, _last in rows}
        # sudo: the run counts its lines itself
        self.sudo().write(
            {
                "line_count": sum(counts.values()),
                "up_count": counts.get("up", 0),
                "down_count": counts.get("down", 0),
                "new_count": counts.get("new", 0),
                "first_line": min((row[2] for row in rows), default=0),
                "last_line": max((row[3] for row in rows), default=0),
            }
        )

    def _prepare_criteria(self):
        """What the evaluation sheets need to know later: a list of dictionaries."""
        return [
            {
                "id": criterion.id,
                "weight": criterion.weight,
                "source": criterion.source,
                "measure": criterion.measure,
                # each reader finds the name in his language
                "name": {
                    lang: criterion.with_context(lang=lang).name
                    for lang, _label in self.env["res.lang"].get_installed()
                },
            }
            for criterion in self.scheme_id.criterion_ids
        ]

    # ------------------------------------------------------------------
    # The statement
    # ------------------------------------------------------------------

    def _to_sql_population(self):
        """Condition on the dossier ``d``: whether the run decides its tier."""
        conditions = [SQL("d.active AND d.company_id = %s", self.company_id.id)]
        if self.population == "all":
            conditions.append(SQL("d.state IN ('draft', 'review', 'filed')"))
        else:
            conditions.append(SQL("d.state = 'filed'"))
        if self.population == "traded":
            conditions.append(
                SQL(
                    "EXISTS (SELECT 1 FROM customer_transaction t"
                    " WHERE t.dossier_id = d.id AND t.active AND t.date <= %s)",
                    self.date_to,
                )
            )
        if self.team_ids:
            conditions.append(SQL("d.team_id IN %s", tuple(self.team_ids.ids)))
        return SQL(" AND ").join(conditions)

    def _to_sql_lines(self):
        """The statement that writes a line for each customer of the population.

        From inside out: trade of each customer, value by criterion, points by
        criterion, score, place in the ranking, tier. OFFSET 0 keeps PostgreSQL from
        working out the tier anew wherever a later step looks at it.
        """
        criteria = self.scheme_id.criterion_ids
        names = {c: SQL.identifier(f"c{number}") for number, c in enumerate(criteria)}
        trades = {c: c._to_sql_trade(self.date_to) for c in criteria}
        return SQL(
            """
            WITH trade AS (
                SELECT t.dossier_id, sum(t.amount_company) AS total %(aggregates)s
                  FROM customer_transaction t
                 WHERE t.active AND t.date <= %(date_to)s
              GROUP BY t.dossier_id
            ), valued AS (
                SELECT d.id, d.number, d.open_date, d.tier_id, d.computed_tier_id,
                       %(manual)s AS manual_tier_id,
                       COALESCE(trade.total, 0) AS total, %(values)s
                  FROM customer_dossier d
             LEFT JOIN trade ON trade.dossier_id = d.id
             LEFT JOIN customer_credit_grade g ON g.id = d.credit_grade_id
                 WHERE %(population)s
            ), pointed AS (
                SELECT valued.*, %(points)s FROM valued
            ), scored AS (
                SELECT pointed.*, count(*) OVER () AS population,
                       round(((%(score)s) / %(weights)s)::numeric, 4) AS score
                  FROM pointed
            ), ranked AS (
                SELECT scored.*, row_number() OVER (ORDER BY %(order)s) AS position,
                       %(reached)s AS reached
                  FROM scored
            ), placed AS (
                SELECT ranked.*, %(placed)s AS ranked_tier_id FROM ranked OFFSET 0
            ), judged AS (
                SELECT placed.*,
                       CASE WHEN population < %(least)s THEN 'small'
                            WHEN ranked_tier_id <> computed_tier_id AND %(held)s
                            THEN 'band' END AS hold
                  FROM placed OFFSET 0
            ), proposed AS (
                SELECT judged.*,
                       CASE WHEN hold IS NULL THEN ranked_tier_id
                            ELSE computed_tier_id END AS proposed_tier_id
                  FROM judged OFFSET 0
            ), final AS (
                SELECT proposed.*,
                       COALESCE(manual_tier_id, proposed_tier_id) AS next_tier_id
                  FROM proposed OFFSET 0
            )
            INSERT INTO customer_tier_run_line (
                run_id, dossier_id, position, score, reached,
                old_tier_id, computed_before_id, proposed_tier_id, final_tier_id,
                hold, move, candidate, detail)
            SELECT %(run)s, id, position, score, reached,
                   tier_id, computed_tier_id,
                   proposed_tier_id, proposed_tier_id,
                   CASE WHEN manual_tier_id IS NOT NULL THEN 'manual' ELSE hold END,
                   %(move)s, %(candidate)s, %(detail)s
              FROM final
          ORDER BY id
            """,
            aggregates=SQL(
                "%s",
                SQL("").join(
                    SQL(", %s AS %s", trade, names[c])
                    for c, trade in trades.items()
                    if trade
                ),
            ),
            date_to=self.date_to,
            manual=self.env["customer.dossier"]._to_sql_manual_tier(),
            values=SQL(", ").join(
                SQL(
                    "%s AS %s",
                    c._to_sql_value(SQL("trade.%s", names[c])),
                    names[c],
                )
                for c in criteria
            ),
            population=self._to_sql_population(),
            points=SQL(", ").join(
                SQL("%s AS %s", c._to_sql_points(names[c]), self._get_points_name(n))
                for n, c in enumerate(criteria)
            ),
            score=SQL(" + ").join(
                SQL("%s::numeric * %s", c.weight, self._get_points_name(n))
                for n, c in enumerate(criteria)
            ),
            weights=SQL("%s::numeric", sum(criteria.mapped("weight"))),
            order=self._to_sql_order(names),
            reached=self._to_sql_reached(names),
            placed=self._to_sql_placed(),
            held=self._to_sql_held(),
            least=self.scheme_id.min_population,
            run=self.id,
            move=self._to_sql_compare(SQL("next_tier_id"), SQL("tier_id"), "same"),
            candidate=self._to_sql_compare(
                SQL("ranked_tier_id"), SQL("next_tier_id"), None
            ),
            detail=SQL(
                "jsonb_build_object(%s)",
                SQL(", ").join(
                    SQL(
                        "%s, jsonb_build_array(round(%s::numeric, 4), %s)",
                        SQL("%s::text", str(c.id)),
                        names[c],
                        self._get_points_name(n),
                    )
                    for n, c in enumerate(criteria)
                ),
            ),
        )

    @staticmethod
    def _get_points_name(number):
        return SQL.identifier(f"p{number}")

    def _to_sql_shared_value(self, names):
        """What the customers of a scheme by share of value bring; never below 0."""
        column = names[self.scheme_id._get_value_criterion()]
        return SQL("GREATEST(COALESCE(%s, 0), 0)", column)

    def _to_sql_order(self, names):
        """The ranking, best first. Nothing in it depends on the order of rows."""
        first = SQL("score DESC")
        if self.scheme_id.method == "pareto":
            first = SQL("%s DESC, score DESC", self._to_sql_shared_value(names))
        return SQL("%s, total DESC, open_date, number, id", first)

    def _to_sql_reached(self, names):
        """How far down the ranking a customer stands, on the scale of the limits.

        The place by quota, the percentage of the value that better customers bring,
        or the score.
        """
        together = self.scheme_id.ties == "together"
        match self.scheme_id.method:
            case "score":
                return SQL("score")
            case "quota" if together:
                return SQL("rank() OVER (ORDER BY score DESC)")
            case "quota":
                return SQL("row_number() OVER (ORDER BY %s)", self._to_sql_order(names))
        value = self._to_sql_shared_value(names)
        if together:
            better = SQL(
                "ORDER BY %s DESC RANGE UNBOUNDED PRECEDING EXCLUDE GROUP", value
            )
        else:
            order = self._to_sql_order(names)
            better = SQL(
                "ORDER BY %s ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW", order
            )
        return SQL(
            "COALESCE(100 * COALESCE(sum(%s) OVER (%s), 0)"
            " / NULLIF(sum(%s) OVER (), 0), 100)",
            value,
            better,
            value,
        )

    def _to_sql_reaches(self, limit, slack):
        """Whether a place is good enough for a tier that ends at ``limit``.

        :param slack: how far past the limit will still do; negative: how far inside
            of it the place must lie
        """
        match self.scheme_id.method:
            case "quota":
                return SQL(
                    "reached <= round(population * %s::numeric / 100)"
                    " + round(population * %s::numeric / 100)",
                    limit,
                    slack,
                )
            case "pareto":
                return SQL("reached < %s::numeric + %s::numeric", limit, slack)
        return SQL("reached >= %s::numeric - %s::numeric", limit, slack)

    def _to_sql_placed(self):
        """The tier whose limits hold the place; the last tier takes the rest."""
        *tiers, (last_id, _code, _limit) = self.ladder
        if not tiers:
            return SQL("%s::int", last_id)
        return SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", self._to_sql_reaches(limit, 0), tier_id)
                for tier_id, _code, limit in tiers
            ),
            last_id,
        )

    def _to_sql_held(self):
        """Whether the boundary band keeps the customer where the last run put it."""
        band, cases, better = self.scheme_id.band, [], None
        for tier_id, _code, limit in self.ladder:
            is_last = tier_id == self.ladder[-1][0]
            low = SQL("TRUE") if is_last else self._to_sql_reaches(limit, band)
            high = better or SQL("TRUE")
            cases.append(SQL("WHEN %s THEN %s AND %s", tier_id, low, high))
            better = SQL("NOT %s", self._to_sql_reaches(limit, -band))
        return SQL("CASE computed_tier_id %s ELSE FALSE END", SQL(" ").join(cases))

    def _to_sql_compare(self, new, old, same):
        """``up``, ``down``, ``new`` or ``same``, from the tier ``old`` to ``new``."""
        return SQL(
            "CASE WHEN %(new)s IS NOT DISTINCT FROM %(old)s THEN %(same)s"
            " WHEN %(old)s IS NULL THEN 'new'"
            " WHEN %(new_rank)s < %(old_rank)s THEN 'up' ELSE 'down' END",
            new=new,
            old=old,
            same=same,
            new_rank=self._to_sql_rank(new),
            old_rank=self._to_sql_rank(old),
        )

    def _to_sql_rank(self, tier):
        """Place of a tier on the ladder; behind all where it is not on it."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", tier_id, rank)
            for rank, (tier_id, _code, _limit) in enumerate(self.ladder)
        )
        return SQL("CASE %s %s ELSE %s END", tier, cases, len(self.ladder))
