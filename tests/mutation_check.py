"""Do the tests notice when a rule is wrong? Each mutation breaks one rule; some named test has to fail.

Run from the repository, not by pytest::

    .venv/bin/python tests/mutation_check.py                 # all of them, about ten minutes
    .venv/bin/python tests/mutation_check.py score.sql rollup   # those whose file name holds one of the words

The tree is copied to a temporary folder; there one mutation at a time is put in, only the test files that it names
are run, until the first failure, and the file is put back. Nothing in the repository is changed. Standard output is
a Markdown table; the exit code is 1 where a mutation survived.

A mutation whose old text is not in its file exactly once is refused before anything runs: it would test nothing.
So is a run whose tests fail without any mutation, or that would import the packages from elsewhere than the copy.
The mutations stand in ``mutations``. A survivor is either a missing test, or a change that no test could
tell from the original; the latter does not belong on the list.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutations import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*_cache", ".hypothesis", "browser")
PACKAGES = ("data", "metrics", "dashboard")
# A mutation may also make a loop endless.
SECONDS = 240
# That a property fails is enough; the smallest example of it takes minutes to find.
HURRY = """
from hypothesis import Phase, settings
settings.register_profile("hurry", phases=(Phase.explicit, Phase.generate))
settings.load_profile("hurry")
"""

Say = Callable[[str], object]


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation; ``died_by`` is the first failing test, empty where none failed."""

    mutation: Mutation
    died_by: str

    @property
    def as_row(self) -> str:
        """One row of the table."""
        name = f"{self.mutation.file}: {self.mutation.what}"
        return f"| {name.replace('|', '/')} | {self.died_by.replace('|', '/') or '**SURVIVED**'} |"


class RefusalError(Exception):
    """The check would prove nothing; the message says why."""


def chosen(words: Sequence[str]) -> list[Mutation]:
    """The mutations of the files whose names hold one of the words; all without a word."""
    found = [mutation for mutation in MUTATIONS if not words or any(word in mutation.file for word in words)]
    if not found:
        raise RefusalError(f"no mutation is of a file named like {', '.join(words)}")
    return found


def mutated(text: str, mutation: Mutation) -> str:
    """The file's text with the mutation in it."""
    count = text.count(mutation.old)
    if count != 1:
        raise RefusalError(f"{mutation.file}: the old text stands there {count} times, not once: {mutation.old!r}")
    if mutation.new == mutation.old:
        raise RefusalError(f"{mutation.file}: nothing would change: {mutation.old!r}")
    return text.replace(mutation.old, mutation.new)


def check_list(folder: Path, mutations: Iterable[Mutation]) -> None:
    """Refuse a list that does not fit the tree, with every fault at once."""
    faults = []
    for mutation in mutations:
        try:
            mutated((folder / mutation.file).read_text(encoding="utf-8"), mutation)
        except (RefusalError, FileNotFoundError) as fault:
            faults.append(str(fault))
        faults += [f"{mutation.file}: no test file {name}" for name in mutation.tests if not (folder / name).is_file()]
    if faults:
        raise RefusalError("\n".join(dict.fromkeys(faults)))


def environment(folder: Path) -> dict[str, str]:
    """The copy comes before the installed packages; nothing is compiled into it."""
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def check_imports(folder: Path) -> None:
    """Refuse to run where the tests would import the repository instead of the copy."""
    code = f"import {', '.join(PACKAGES)}; print(*({', '.join(f'{name}.__file__' for name in PACKAGES)},), sep='\\n')"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment(folder), capture_output=True, text=True, check=True
    )
    elsewhere = [line for line in found.stdout.splitlines() if not Path(line).is_relative_to(folder)]
    if elsewhere:
        raise RefusalError(f"imported from outside the copy: {', '.join(elsewhere)}")


def first_failure(folder: Path, tests: Sequence[str]) -> str:
    """The first test that fails in the copy; empty where all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=1",
               *tests]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS} seconds"
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.M)
    if failed is None:
        raise RefusalError(f"pytest ended with {done.returncode} and named no test:\n{done.stdout}{done.stderr}")
    return failed[1].removeprefix("tests/")


def outcome(folder: Path, mutation: Mutation) -> Outcome:
    """Put one mutation into the copy, run its tests, and take it out again."""
    path = folder / mutation.file
    original = path.read_text(encoding="utf-8")
    path.write_text(mutated(original, mutation), encoding="utf-8")
    try:
        return Outcome(mutation, first_failure(folder, mutation.tests))
    finally:
        path.write_text(original, encoding="utf-8")


def run(words: Sequence[str], say: Say, note: Say) -> int:
    """Check the chosen mutations; the number of survivors."""
    mutations = chosen(words)
    check_list(ROOT, mutations)
    with tempfile.TemporaryDirectory(prefix="wenxiao-mutations-") as temporary:
        folder = Path(temporary).resolve() / "tree"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        check_list(folder, mutations)
        with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
            conftest.write(HURRY)
        check_imports(folder)
        tests = sorted({name for mutation in mutations for name in mutation.tests})
        broken = first_failure(folder, tests)
        if broken:
            raise RefusalError(f"fails without any mutation: {broken}")
        say("| mutation | died by |")
        say("| --- | --- |")
        survivors = 0
        for place, mutation in enumerate(mutations, start=1):
            began = time.monotonic()
            found = outcome(folder, mutation)
            survivors += not found.died_by
            say(found.as_row)
            note(f"{place} of {len(mutations)}, {time.monotonic() - began:.0f} s")
    say(f"\n{len(mutations)} mutations, {len(mutations) - survivors} died, {survivors} survived")
    return survivors


def main(words: Sequence[str]) -> int:
    """The exit code: 0 where every mutation died, 1 where one survived, 2 where nothing could be proved."""
    def write(stream: object) -> Say:
        return lambda line: print(line, file=stream, flush=True)  # type: ignore[call-overload]

    try:
        return 1 if run(words, write(sys.stdout), write(sys.stderr)) else 0
    except RefusalError as refusal:
        write(sys.stderr)(f"refused: {refusal}")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
