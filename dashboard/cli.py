"""The ``wenxiao`` command: JSON on standard output with ``--json``, readable Chinese without.

Every fault is one sentence and exit status 2: as ``{"error": …}`` with ``--json``, else on standard error.
``doctor`` exits with 1 where what it examined does not hold.
What a command needs is imported when it runs, so that a short answer comes at once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from dashboard.arguments import parse_arguments
from data.errors import FileError, ForwardedError, IntakeError, WenxiaoError

FAULT = 2
FOUND = 1     # examined, and something does not hold
_TARGET_WORDS = ("text", "kind", "value", "unit")


@dataclass(frozen=True)
class Answer:
    """What a command says: once for a program, once for a person."""

    payload: Any
    text: str
    status: int = 0


def run(arguments: Sequence[str]) -> int:
    """Run one command line; 0 when it was answered, 2 when it was refused."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        return _answer(list(arguments))
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep the interpreter from flushing into the void.
        void = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(void, stream.fileno())
        return 0


def _answer(arguments: list[str]) -> int:
    wants_json = "--json" in arguments
    try:
        return _run(arguments)
    except SystemExit as leaving:  # --help
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except WenxiaoError as error:
        return _refuse(error_as_json(error), wants_json)
    except Exception as error:
        if os.environ.get("WENXIAO_DEBUG"):
            raise
        sentence = (
            f"程序出错（{type(error).__name__}），没有得出结果：请把命令和文件发给维护人员；"
            "设 WENXIAO_DEBUG=1 后再执行可看到详情。"
        )
        return _refuse({"error": {"code": "internal-error", "sentence": sentence}}, wants_json)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["bench"]:
        return _bench(arguments[1:])
    asked = parse_arguments(arguments)
    if asked.command == "serve":
        from dashboard.server import serve, serve_replica

        if asked.is_replica:
            return serve_replica(asked.workspace, asked.host, asked.port, asked.names, asked.trusted_proxies)
        if asked.bureau or asked.region:
            from dashboard.workspace import configure

            configure(asked.workspace, asked.bureau, asked.region)
        return serve(asked.workspace, asked.host, asked.port, asked.names, asked.trusted_proxies)
    answer = COMMANDS[asked.command](asked)
    print(_json(answer.payload) if asked.as_json else answer.text, flush=True)
    return answer.status


def _bench(arguments: list[str]) -> int:
    """Measure in processes of their own: what measures stands beside the tests, in the source folder alone."""
    root = Path(__file__).parent.parent
    if not (root / "tests" / "bench" / "__main__.py").is_file():
        raise WenxiaoError("测速程序在源代码目录的 tests/bench 里，这里没有：请在源代码目录中执行。")
    return subprocess.run([sys.executable, "-m", "tests.bench", *arguments], cwd=root, check=False).returncode


def _json(payload: Any) -> str:
    # allow_nan: NaN is no JSON; a command that lets one through is wrong and must fail.
    return json.dumps(payload, ensure_ascii=False, indent=2, allow_nan=False)


def error_as_json(error: WenxiaoError) -> dict[str, Any]:
    """``{"error": {"code", "sentence"}}``; ``issues`` too where a file has several faults.

    >>> error_as_json(FileError("读不出。"))
    {'error': {'code': 'file-error', 'sentence': '读不出。'}}
    """
    if isinstance(error, ForwardedError):
        return error.payload
    code = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    out: dict[str, Any] = {"code": code, "sentence": str(error)}
    if isinstance(error, IntakeError):
        out["issues"] = [
            {"code": issue.code, "place": issue.place, "sentence": issue.sentence} for issue in error.issues
        ]
    return {"error": out}


def _refuse(payload: dict[str, Any], wants_json: bool) -> int:
    error = payload["error"]
    if wants_json:
        print(_json(payload), flush=True)
    else:
        issues = (f"  {issue['sentence']}" for issue in error.get("issues", ()))
        print("\n".join([error["sentence"], *issues]), file=sys.stderr, flush=True)
    return FAULT


def _read_notice(asked: argparse.Namespace) -> Answer:
    from data.apart import apart
    from data.checks import check_notice, prove_notice
    from data.files import file_content
    from data.notice.as_json import notice_as_json
    from data.notice.reader import read_notice_bytes

    name = asked.file.name
    notice = apart(name, read_notice_bytes, file_content(asked.file, name), name)
    payload = notice_as_json(notice)
    broken = check_notice(notice)
    payload["findings"] = [*payload.get("findings", []), *broken]
    number = notice.document_number.value if notice.document_number else "（没有文号）"
    title = notice.title.value if notice.title else asked.file.name
    sentences = [str(finding["sentence"]) for finding in payload["findings"]]
    proved = _proved_sentence(len(prove_notice(notice)), len(broken))
    return Answer(payload, "\n".join([f"{number} {title}", *sentences, proved]))


def _proved_sentence(count: int, broken: int) -> str:
    """How many sums were proved; a paper without any is never said to add up.

    >>> _proved_sentence(0, 0)
    '文中没有可核对的合计，金额未经核对。'
    >>> _proved_sentence(12, 0), _proved_sentence(12, 2)
    ('核对了 12 处合计，全部相符。', '核对了 12 处合计，2 处不符。')
    """
    if not count:
        return "文中没有可核对的合计，金额未经核对。"
    return f"核对了 {count} 处合计，" + (f"{broken} 处不符。" if broken else "全部相符。")


def _standard_input() -> str:
    content = sys.stdin.buffer.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise FileError("标准输入既不是 UTF-8 也不是 GB18030 文字：请换成其中一种编码再试。") from None


def _parse_targets(_asked: argparse.Namespace) -> Answer:
    from metrics.targets import parse_target, target_as_json

    # Only line feeds part the lines: a target text may hold any other separator.
    text = _standard_input().replace("\r\n", "\n")
    lines = text.removesuffix("\n").split("\n") if text else []
    targets = []
    for line in lines:
        # 「指标名<Tab>指标值」 lets the indicator's name decide the direction of a bare number.
        name, _, target_text = line.rpartition("\t")
        targets.append(target_as_json(parse_target(target_text, name)))
    rows = (
        "\t".join("" if target[key] is None else str(target[key]) for key in _TARGET_WORDS)
        for target in targets
    )
    return Answer(targets, "\n".join(rows))


def _score(asked: argparse.Namespace) -> Answer:
    from data.csv_rows import read_csv_rows
    from metrics.scoring import OPTIONAL_COLUMNS, score_texts
    from metrics.working_days import calendar_for

    rows = read_csv_rows(
        asked.file, required=("target_text", "actual_text", "weight"), optional=OPTIONAL_COLUMNS
    )
    scores = score_texts(rows, as_of=asked.as_of, calendar=calendar_for(asked.region))
    return Answer(scores, "\n".join(f"{line}. {score['why']}" for line, score in enumerate(scores, start=1)))


def _deadline(asked: argparse.Namespace) -> Answer:
    from metrics.working_days import deadline_as_json

    payload = deadline_as_json(asked.received, asked.working_days, asked.region)
    return Answer(payload, f"截止日 {payload['due']}。{payload['note']}")


def _verify(asked: argparse.Namespace) -> Answer:
    from dashboard.audit_archive import verify_archive

    found = verify_archive(asked.archive)
    listed = "，".join(f"{title} {count} 行" for title, count in found.counts.items())
    lines = [f"校验码、办理记录、原件与登记全部相符，从登记重新计算的结果全部相同：{listed}。"]
    lines.append(f"办理记录最后一条的校验码：{found.last_hash}，请与财政局另存的核对。")
    return Answer(
        {"verified": True, "results": found.counts, "last_hash": found.last_hash},
        "\n".join(lines),
    )


def _score_lake(asked: argparse.Namespace) -> Answer:
    from datetime import datetime

    from metrics.engines import engine_of
    from metrics.lake import score_lake

    engine = engine_of(asked.engine, asked.out, dict(asked.settings))
    try:
        counts = score_lake(asked.source, asked.out, engine, datetime.now())
    finally:
        engine.close()
    text = f"已由 {engine.title} 计算 {asked.source}，结果在 {asked.out}：得分 {counts['score']:,} 行。"
    return Answer({"lake": str(asked.out), "engine": engine.title, "rows": counts}, text)


def _nation(asked: argparse.Namespace) -> Answer:
    from dashboard.nation_tables import nation_as_json, nation_as_text
    from metrics.nation import nation

    found = nation(asked.lake, asked.year)
    return Answer(nation_as_json(found), nation_as_text(found))


def _of_workspace(name: str) -> Callable[[argparse.Namespace], Answer]:
    """A command that opens a workspace, or asks the server that holds it."""

    def answer(asked: argparse.Namespace) -> Answer:
        from dashboard.workspace_answers import ANSWERS

        return Answer(*ANSWERS[name](asked))

    return answer


def _doctor(asked: argparse.Namespace) -> Answer:
    answer = _of_workspace("doctor")(asked)
    return replace(answer, status=FOUND if answer.payload["fault_count"] else 0)


def _demo(asked: argparse.Namespace) -> Answer:
    from dashboard.demo import build

    build(asked.directory)
    return Answer({"workspace": str(asked.directory)}, f"演示数据已建在 {asked.directory}。")


def _of_owner(name: str) -> Callable[[argparse.Namespace], Answer]:
    """A command of ``account_commands``, which is imported only when it runs."""
    def answer(asked: argparse.Namespace) -> Answer:
        from dashboard import account_commands

        found: Answer = getattr(account_commands, name)(asked)
        return found

    return answer


def _version(_asked: argparse.Namespace) -> Answer:
    payload = {name: metadata.version(name) for name in ("wenxiao", "streamlit", "duckdb")}
    return Answer(payload, "\n".join(f"{name} {version}" for name, version in payload.items()))


COMMANDS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "notice read": _read_notice,
    "target parse": _parse_targets,
    "score": _score,
    "deadline": _deadline,
    "archive": _of_workspace("archive"),
    "import actuals": _of_workspace("import actuals"),
    "import export": _of_workspace("import export"),
    "papers": _of_workspace("papers"),
    "lake push": _of_workspace("lake push"),
    "score-lake": _score_lake,
    "nation": _nation,
    "verify": _verify,
    "audit verify": _of_workspace("audit verify"),
    "audit export": _of_workspace("audit export"),
    "backup": _of_workspace("backup"),
    "restore": _of_workspace("restore"),
    "salvage": _of_workspace("salvage"),
    "doctor": _doctor,
    "messages send": _of_workspace("messages send"),
    "messages test": _of_workspace("messages test"),
    "demo": _demo,
    "init": _of_owner("init"),
    "account list": _of_owner("listed"),
    "account add": _of_owner("add"),
    "account reset": _of_owner("reset"),
    "account disable": _of_owner("disable"),
    "version": _version,
}
