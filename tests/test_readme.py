"""README.md keeps its word: what it names exists, what exists is named, its examples print what it shows."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import tomllib
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from builders import demo_store

from dashboard.arguments import parse_arguments
from dashboard.cli import COMMANDS
from dashboard.menu import ENTRIES
from metrics.boards.definition import Scope
from metrics.boards.deviation import cell
from metrics.boards.payout import beside_claims

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PICTURES = ROOT / "dashboard" / "static" / "pictures"
UNTRACKED = {".git", ".venv", "build", "workspace", ".hypothesis", "wenxiao.egg-info"}

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SUBCOMMANDS = sorted([*COMMANDS, "serve", "bench"])
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.S))
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.S)
SHOWN_PICTURES = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)


def make_targets(text: str) -> set[str]:
    """The targets that a Makefile offers to people."""
    return set(re.search(r"^\.PHONY:(.*)$", text, re.M)[1].split())


def named_make_targets(text: str) -> set[str]:
    """The targets that a page's code tells people to make."""
    code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^make .*$", text, re.M)]
    return {found[1] for part in code if (found := re.match(r"make ([a-z]+)", part))}


def page_entries() -> dict[str, str]:
    """The title of every page in the menu and the file that draws it."""
    return {entry.title: entry.name for entry in ENTRIES}


def command_lines() -> list[str]:
    """Every ``wenxiao`` command that a block of the page tells people to run."""
    lines = [line.removeprefix("$ ") for _, block in BLOCKS for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("|")]
    return [
        re.sub(r"^(\.venv/bin/)?wenxiao ", "", part)
        for part in parts
        if re.match(r"(\.venv/bin/)?wenxiao ", part)
    ]


def examples() -> list[tuple[str, str]]:
    """The commands of each console block, and what it shows as their output."""
    found = []
    for language, block in BLOCKS:
        if language == "console":
            lines = block.splitlines(keepends=True)
            commands = "".join(line.removeprefix("$ ") for line in lines if line.startswith("$ "))
            found.append((commands, "".join(line for line in lines if not line.startswith("$ "))))
    return found


@pytest.mark.parametrize("name", sorted(make_targets(MAKEFILE)))
def test_every_make_target_is_named(name):
    assert name in named_make_targets(README)


def test_every_named_make_target_exists():
    assert named_make_targets(README) - make_targets(MAKEFILE) == set()


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_is_named(name):
    assert f"`wenxiao {name}`" in README
    assert name in CHANGELOG


def test_every_named_subcommand_exists():
    # A name ends where its options or a word that stands for the reader's own begin.
    named = [
        re.match(r"(?:[a-z][a-z-]* ?)*", span.removeprefix("wenxiao "))[0].strip()
        for span in SPANS if span.startswith("wenxiao ")
    ]

    assert [name for name in named if name not in SUBCOMMANDS] == []


@pytest.mark.parametrize("line", command_lines())
def test_every_command_is_written_rightly(line):
    assert parse_arguments(line.split()).command in SUBCOMMANDS


@pytest.mark.parametrize(("commands", "shown"), examples(), ids=[first.split("\n")[0] for first, _ in examples()])
def test_every_example_prints_what_is_shown(tmp_path, commands, shown):
    (tmp_path / "data").symlink_to(ROOT / "data")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["bash", "-c", commands], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True,
        encoding="utf-8", timeout=120, check=False,
    )

    # The paper's own hard spaces look like spaces on the page.
    assert (done.returncode, done.stdout.replace("\u00a0", " ")) == (0, shown), done.stderr


def names_of(requirements: list[str]) -> list[str]:
    return [re.match(r"[\w.-]+", requirement)[0] for requirement in requirements]


DIRECT = names_of([*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())])


@pytest.mark.parametrize("name", DIRECT)
def test_every_direct_dependency_is_explained(name):
    assert re.search(rf"^- `{re.escape(name)}` — \S.*\.$", README, re.M)


def test_no_dependency_is_explained_that_is_gone():
    assert sorted(re.findall(r"^- `([\w.-]+)` — ", README, re.M)) == sorted(DIRECT)


def test_every_top_level_folder_is_named():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.endswith("_cache")}

    assert [name for name in sorted(folders - UNTRACKED) if f"`{name}/`" not in README] == []


def test_every_named_path_exists():
    looks_like_a_path = re.compile(
        r"(?:dashboard|data|deploy|metrics|tests|\.ci|\.streamlit)/[^\s*]*|[\w.]+\.(?:md|toml|lock)"
    )
    of_a_workspace = {"channels.toml", "oidc.toml"}
    paths = [
        span for span in SPANS
        if looks_like_a_path.fullmatch(span) and "NN" not in span and span not in of_a_workspace
    ]

    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("title", "name"), page_entries().items())
def test_every_page_is_described_under_its_picture(title, name):
    section = re.search(rf"^### {title}\n\n(.*?)(?=^##)", README, re.M | re.S)

    assert section, "页面没有小节"
    picture, words = section[1].strip().split("\n\n", 1)
    assert picture == f"![{title}](dashboard/static/pictures/{name}.png)"
    assert words.strip().endswith("。")


def test_pages_stand_in_the_order_of_the_menu():
    places = [README.index(f"\n### {title}\n") for title in page_entries()]

    assert len(places) == 28
    assert places == sorted(places)


@pytest.mark.parametrize("path", SHOWN_PICTURES)
def test_every_picture_exists_and_is_small(path):
    content = (ROOT / path).read_bytes()

    assert len(content) < 250_000
    if path.endswith(".svg"):
        assert content.startswith(b"<svg ")
        return
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", content[16:20])[0] == (780 if "phone" in path else 1440)


def test_no_picture_lies_about_unused():
    assert {path.name for path in PICTURES.iterdir()} == {Path(path).name for path in SHOWN_PICTURES}


def test_the_changelog_begins_with_the_version_of_the_project():
    heads = re.findall(r"^#+ .*$", CHANGELOG, re.M)

    assert re.fullmatch(rf"## {re.escape(PROJECT['version'])}（\d{{4}}-\d\d-\d\d）", heads[1])
    assert heads[2:4] == ["### 口径变化", "### 程序变化"]


@pytest.mark.parametrize(
    "text", ["登录", "127.0.0.1", "只能有一个主服务", "备份", "模拟", "出处待核", "待核", "默认均分"]
)
def test_what_a_bureau_must_know_is_said(text):
    chinese = README.split("# For developers")[0]

    assert text in chinese


def test_the_figure_that_is_walked_through_is_the_demonstration_s():
    scope = Scope("巴财社〔2021〕96号", "2021-12", date(2021, 12, 28))
    found = cell(demo_store(), scope, "qiemo", 12)

    assert f"“{found.sentence}”" in README
    assert found.row["place_text"] == "、".join(f"「填报表」!{place}" for place in ("I19", "J19"))
    assert "「填报表」I19 填按时发放人次 6,777" in README and "J19 填应发放人次 8,335" in README
    assert (found.row["numerator"], found.row["denominator"]) == (6777, 8335)
    assert f"整数 {found.row['score_micro']:,} 微分" in README
    assert f"这一项 {found.row['weight_micro'] / 1_000_000} 分" in README
    assert f"通知第 {found.row['line_no']} 行印着“{found.row['indicator_name']}　≥90%”" in README
    assert f"`{found.row['file_name']}`" in README
    assert found.row["deviation_reason"] == ""
    beside = beside_claims(demo_store(), scope).set_index(["recipient_id", "indicator_no"])
    assert f"“{beside.loc[('qiemo', 12), 'sentence']}”" in README.replace("，\n   ", "，")


def test_make_targets_are_found():
    assert make_targets(".PHONY: run test\nrun:\n") == {"run", "test"}
    assert named_make_targets("`make run PORT=1`, they make sure\nmake test  # all") == {"run", "test"}
