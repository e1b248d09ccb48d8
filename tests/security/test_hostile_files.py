"""Hostile files at every door: each is taken or refused with one sentence; nothing is written, nothing falls.

Some five hundred are made here, the same ones each time. ``WENXIAO_HOSTILE_FILES=20000`` makes as many, all others.
"""

from __future__ import annotations

import os
import random
import resource

import pytest
from builders import contents, opened_store
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from security.doors import doors, met, require_plain
from security.hostile_files import KINDS

ASKED = int(os.environ.get("WENXIAO_HOSTILE_FILES", "0"))
EACH = max(18, ASKED // len(KINDS))
MOST_GROWTH = 600 * 1024**2      # of the process that stands for the server
LASTING = ("evidence_file", "received_file", "audit_log")      # evidence that is taken is attached, and removed again


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return opened_store(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def ways(store):
    return doors(store)


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_written(store):
    before, held = contents(store), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    after = contents(store)
    assert {name: rows for name, rows in after.items() if name not in LASTING} == {
        name: rows for name, rows in before.items() if name not in LASTING
    }
    actions = {row["action_name"] for row in after["audit_log"]} if isinstance(after["audit_log"][0], dict) else set()
    assert actions <= {"publish_notice", "open_round", "attach_evidence", "remove_evidence"}
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) * 1024 < MOST_GROWTH


def test_there_are_five_hundred_at_least():
    assert EACH * len(KINDS) >= 500


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=EACH, deadline=None, derandomize=not ASKED, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**48))
def test_whatever_comes_is_taken_or_refused_with_a_sentence(ways, kind, seed):
    chance = random.Random(f"{kind} {seed}")
    name = chance.choice(sorted(ways))
    sound = chance.choice(ways[name].sounds)
    file = KINDS[kind](chance, sound)

    found = met(ways[name], file)

    require_plain(found, file.file_name)
