"""What a mutation is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """``old`` stands in ``file`` exactly once and becomes ``new``; one of ``tests`` has to fail by it."""

    file: str
    what: str
    old: str
    new: str
    tests: tuple[str, ...]


def named(*names: str) -> tuple[str, ...]:
    """The test files of these names."""
    return tuple(f"tests/test_{name}.py" for name in names)


def of(file: str, tests: tuple[str, ...], *changes: tuple[str, str, str]) -> tuple[Mutation, ...]:
    """Mutations of one file, each as (what it says, old text, new text)."""
    return tuple(Mutation(file, what, old, new, tests) for what, old, new in changes)
