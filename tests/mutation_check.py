"""Do the tests notice when a rule is wrong? Each mutation breaks one rule; some named test has to fail.

Run from the repository, not by pytest::

    .venv/bin/python tests/mutation_check.py                 # all of them, a quarter of an hour
    .venv/bin/python tests/mutation_check.py score.sql rollup   # those whose file name holds one of the words
    .venv/bin/python tests/mutation_check.py 2              # two at a time

The tree is copied to a temporary folder, once for each trial that runs at a time; there one mutation at a time is put
in, only the test files that it names are run, until the first failure, and the file is put back. Nothing in the
repository is changed. Standard output is a Markdown table; the exit code is 1 where a mutation survived.

A mutation whose old text is not in its file exactly once is refused before anything runs: it would test nothing.
So is a run in which a killing test fails without any mutation, too, or that would import the packages from elsewhere
than the copy.
The mutations stand in ``mutations``. A survivor is either a missing test, or a change that no test could
tell from the original; the latter does not belong on the list.
"""

from __future__ import annotations

import importlib
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from mutations import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*_cache", ".hypothesis", "browser")
OWN = (ROOT, ROOT / "tests")
PACKAGES = ("data", "metrics", "dashboard")
# What every trial imports and no mutation touches; a fork has it already.
SHARED = ("chinese_calendar", "duckdb", "hypothesis", "numpy", "pandas", "pyarrow")
OPTIONS = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=1")
REFUSED = 99
# Of processor time: a mutation may also make a loop endless.
SECONDS = 180
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


class Trial:
    """One run of pytest in a copy of the tree, in a forked process: what the copies share is imported only once."""

    def __init__(self, folder: Path, tests: Sequence[str], mutation: Mutation | None = None) -> None:
        """Start it; the mutation, if any, is in the copy until the trial is closed."""
        self.folder, self.tests, self.mutation = folder, tests, mutation
        self._path = folder / mutation.file if mutation else None
        self._original = self._path.read_text(encoding="utf-8") if self._path else ""
        if self._path and mutation:
            self._path.write_text(mutated(self._original, mutation), encoding="utf-8")
        self._output = folder / "trial.txt"
        self._pid = os.fork()
        if self._pid == 0:
            self._run()

    def _run(self) -> None:
        """In the forked process: only the copy may be imported."""
        code = REFUSED
        try:
            out = os.open(self._output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.chdir(self.folder)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            sys.path[:] = [str(self.folder), *(each for each in sys.path if Path(each or ".").resolve() not in OWN)]
            for name in PACKAGES:
                where = Path(str(importlib.import_module(name).__file__))
                if not where.is_relative_to(self.folder):
                    raise RefusalError(f"imported from outside the copy: {where}")
            code = int(pytest.main([*OPTIONS, *self.tests]))
        except BaseException as fault:
            os.write(1, f"{fault!r}\n".encode())
        finally:
            os._exit(code)

    def died_by(self) -> str | None:
        """The first failing test, empty where all passed; None as long as it runs.

        Raises: RefusalError if pytest names no test.
        """
        done, status = os.waitpid(self._pid, os.WNOHANG)
        if not done:
            return None
        if self._path:
            self._path.write_text(self._original, encoding="utf-8")
        if os.WIFSIGNALED(status):
            return f"no end within {SECONDS} seconds of work"
        if status == 0:
            return ""
        said = self._output.read_text(encoding="utf-8", errors="replace")
        failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", said, re.M)
        if failed is None:
            raise RefusalError(f"pytest named no test that failed:\n{said}")
        return failed[1].removeprefix("tests/")


    def stop(self) -> None:
        """End it, whatever it has found."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def tried(
    folders: Sequence[Path], work: Iterable[tuple[Sequence[str], Mutation | None]]
) -> Iterator[tuple[Trial, str]]:
    """Each piece of work with the test that failed, as they end; as many at a time as there are copies."""
    waiting, free, running = list(work)[::-1], list(folders), list[Trial]()
    try:
        while waiting or running:
            while waiting and free:
                tests, mutation = waiting.pop()
                running.append(Trial(free.pop(), tests, mutation))
            for trial in list(running):
                died_by = trial.died_by()
                if died_by is not None:
                    running.remove(trial)
                    free.append(trial.folder)
                    yield trial, died_by
            time.sleep(0.05)
    finally:
        for trial in running:
            trial.stop()


def run(words: Sequence[str], jobs: int, say: Say, note: Say) -> int:
    """Check the chosen mutations; the number of survivors."""
    mutations = chosen(words)
    check_list(ROOT, mutations)
    with tempfile.TemporaryDirectory(prefix="wenxiao-mutations-") as temporary:
        folders = [Path(temporary).resolve() / f"tree{number}" for number in range(jobs)]
        for folder in folders:
            shutil.copytree(folders[0] if folder != folders[0] else ROOT, folder, ignore=LEFT_OUT)
        check_list(folders[0], mutations)
        for folder in folders:
            with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
                conftest.write(HURRY)
        say("| mutation | died by |")
        say("| --- | --- |")
        survivors, killers = 0, set[str]()
        for place, (trial, died_by) in enumerate(tried(folders, [(each.tests, each) for each in mutations]), start=1):
            survivors += not died_by
            killers |= {f"tests/{died_by.partition('[')[0]}"} if "::" in died_by else set()
            if trial.mutation:
                say(Outcome(trial.mutation, died_by).as_row)
            note(f"{place} of {len(mutations)}")
        # A test that fails without any mutation, too, has noticed nothing.
        for _, fails_always in tried(folders[:1], [(sorted(killers), None)] if killers else []):
            if fails_always:
                raise RefusalError(f"fails without any mutation: {fails_always}")
    say(f"\n{len(mutations)} mutations, {len(mutations) - survivors} died, {survivors} survived")
    return survivors


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 where every mutation died, 1 where one survived, 2 where nothing could be proved."""
    numbers = [int(each) for each in arguments if each.isdigit()]
    words, jobs = [each for each in arguments if not each.isdigit()], max([1, *numbers])

    def write(stream: object) -> Say:
        return lambda line: print(line, file=stream, flush=True)  # type: ignore[call-overload]

    try:
        return 1 if run(words, jobs, write(sys.stdout), write(sys.stderr)) else 0
    except RefusalError as refusal:
        write(sys.stderr)(f"refused: {refusal}")
        return 2


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    for shared in SHARED:
        importlib.import_module(shared)
    sys.exit(main(sys.argv[1:]))
