"""The mutations of ``mutation_check.py``: each breaks one rule, and some test has to fail by it."""

from mutations import figures, money_and_time, reading, score
from mutations.model import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *score.MUTATIONS, *figures.MUTATIONS, *money_and_time.MUTATIONS, *reading.MUTATIONS,
)
