"""metrics: what does it mean? Targets, law, clocks, scores and boards; no file formats, no screens.

A score from the words of its target to the total of the prefecture, in the order in which to read:

1. ``targets.py`` reads the words: 「≥90%」 → kind, bound, unit (``target_kinds``, ``target_numbers``,
   ``target_dates``, ``target_direction`` are its parts).
2. ``indicators.py`` says how the indicator is reported and rolled up, ``weights.py`` what it weighs,
   ``decomposition.py`` how a target of the region becomes targets of its units.
3. ``thresholds.py`` has every limit, ``law.py`` where it comes from, ``rulebook.py`` its versions.
4. ``sql/score.sql`` judges: achieved and required → state and micro-points. There is no second rule.
5. ``refresh.py`` runs it when something changes and keeps a score with the time in which it held;
   ``duties.py`` with ``sql/duty_clock.sql`` counts its deadlines by ``counted_days.py``.
6. ``sql/rollup_part.sql`` and ``sql/rollup.sql`` make one row of the units' figures, which 4 judges again.
7. ``sql/unit_points.sql`` adds up a unit's points; what a reviewer decided stands for what 4 gave. The money beside
   them and the calendar are facts of the store; ``sql/region_standing.sql`` puts the prefecture into the same columns.
8. ``sql/execution.sql``, ``sql/effect.sql``, ``sql/total.sql``: money, money against effect, points of 100, grade;
   ``sql/region_coverage.sql`` and ``sql/region_total.sql``: no grade of the prefecture of too few of its units.
9. ``explain.py`` puts a score into a sentence, ``three_scores.py`` the claimed beside the recomputed and reviewed.
10. ``sql/state_change.sql``, ``outliers.py``, ``forecast.py``: what changed and why, what to ask, what to expect.
11. ``evidence.py`` names what anybody needs to make every result again.

``boards/`` hands the results to pages, one module a page.
"""
