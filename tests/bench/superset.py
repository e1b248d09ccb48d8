"""The page 偏差跟踪 beside Apache Superset: same machine, same rows, same kinds of chart, opened in turn.

Superset stands in an environment of its own under build/peers, installed on the first run (some minutes); our page is
served from a demonstration. Both are asked by one Chromium: a first visit, a second one, a change of the round.
What Superset shows: five figures, a heat map of units and indicators, a line over the rounds, bars of states by unit,
a table of what was missed; its data come from SQLite, and a cache of its own keeps what was queried.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dashboard.workspace import STORE_NAME
from data.store import Store
from metrics.boards import deviation, papers, reporting, standing
from metrics.boards.definition import Scope
from tests.bench.figures import hand_over, note
from tests.browser.conftest import CHROMIUM, FLAGS, Visit, running, sign_in

ROOT = Path(__file__).parent.parent.parent
PEER = ROOT / "build" / "peers" / "superset"
REQUIREMENTS = Path(__file__).parent / "peers" / "superset.txt"
PORT = 8588
TIMES, SMALL_TIMES = 9, 2
SETTLED = 200     # milliseconds without anything loading; taken off again
SIZE = {"width": 1440, "height": 900}

_CONFIG = """
import os
SECRET_KEY = "bench-only-bench-only-bench-only-bench-only-42"
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.environ["SUPERSET_HOME"] + "/meta.db"
PREVENT_UNSAFE_DB_CONNECTIONS = False
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
_CACHE = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": os.environ["SUPERSET_HOME"] + "/cache",
          "CACHE_DEFAULT_TIMEOUT": 86400}
CACHE_CONFIG = DATA_CACHE_CONFIG = FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = _CACHE
"""
# Every chart is drawn and nothing loads, and has been so for a while.
_DRAWN = """([count, settled]) => {
  const charts = document.querySelectorAll("[data-test=slice-container], .slice_container");
  const isLoading = document.querySelector(
    "[data-test=loading-indicator], .loading, .ant-spin-spinning, .ant-skeleton-active");
  const isDone = charts.length >= count && !isLoading;
  if (!isDone) window.wxDoneSince = undefined;
  else window.wxDoneSince ??= performance.now();
  return isDone && performance.now() - window.wxDoneSince >= settled;
}"""


def main() -> None:
    """Measure both in turn and hand over how many times as long Superset takes."""
    times = SMALL_TIMES if "--small" in sys.argv else TIMES
    with ExitStack() as stack:
        demo = PEER / "demo"
        if not demo.exists():
            demo.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, "-m", "dashboard", "demo", str(demo)], check=True, stdout=sys.stderr)
        tables = export_rows(demo)
        peer = stack.enter_context(superset(tables))
        count = build_dashboard(peer, tables)
        serve = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(demo), "--port", "0"]
        ours = stack.enter_context(running(serve))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        taken: dict[str, list[dict[str, float]]] = {"ours": [], "superset": []}
        for turn in range(times + 1):
            for name, visit in (("ours", lambda: visit_ours(browser, ours)),
                                ("superset", lambda: visit_superset(browser, peer, count))):
                found = visit()
                note(f"{name} {found}")
                if turn:     # the first turn warms both servers
                    taken[name].append(found)
        browser.close()
    medians = {
        name: {step: statistics.median(each[step] for each in visits) for step in visits[0]}
        for name, visits in taken.items()
    }
    figures = {
        f"{step}_times": medians["superset"][f"{step}_ms"] / medians["ours"][f"{step}_ms"]
        for step in ("filter", "warm", "cold")
    }
    hand_over(figures, {"medians": medians, "rows": {name: len(rows) for name, rows in tables.items()}})


def export_rows(demo: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that our page shows, of every round, as Superset gets them."""
    store = Store(Path(shutil.copy(demo / STORE_NAME, PEER / "copy.duckdb")))
    number = papers.notices(store)["document_number"].iloc[0]
    scores, missed = [], []
    for row in reporting.rounds(store, number).to_dict("records"):
        scope = Scope(number, row["round_id"], row["due_on"].date())
        for board, rows in ((standing.scores, scores), (deviation.ranking, missed)):
            frame = board(store, scope)
            kept = [name for name in (
                "recipient_short_name", "recipient_name", "indicator_no", "short_name", "state", "score_micro",
                "weight_micro", "attainment_micro", "short_sentence",
            ) if name in frame]
            rows.extend({"round_name": row["round_name"], **each} for each in frame[kept].to_dict("records"))
    store.close()
    return {"score": scores, "missed": missed}


@contextmanager
def superset(tables: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A fresh Superset with the rows in its SQLite file; its address."""
    home = PEER / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "superset_config.py").write_text(_CONFIG, encoding="utf-8")
    with sqlite3.connect(home / "rows.db") as connection:
        for name, rows in tables.items():
            columns = list(rows[0])
            connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f"INSERT INTO {name} VALUES ({marks})",
                [[None if each[key] != each[key] else each[key] for key in columns] for each in rows],
            )
    environment = {
        **os.environ, "SUPERSET_HOME": str(home), "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "FLASK_APP": "superset.app:create_app()", "PYTHONPATH": "",
    }
    command = installed() / "superset"
    admin = ["fab", "create-admin", "--username", "admin", "--firstname", "a", "--lastname", "b",
             "--email", "a@example.org", "--password", "admin"]
    for step in (["db", "upgrade"], admin, ["init"]):
        note("superset " + " ".join(step[:2]))
        subprocess.run([command, *step], env=environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    serve = [command.parent / "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "8",
             "--timeout", "120", "--bind", f"127.0.0.1:{PORT}", "superset.app:create_app()"]
    process = subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{PORT}"
        until = time.monotonic() + 180
        while True:
            try:
                if httpx.get(f"{address}/health", timeout=5).is_success:
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError("Superset 没有启动")
            time.sleep(1)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def installed() -> Path:
    """The folder of Superset's commands; installed there if it is not yet."""
    commands = PEER / "venv" / "bin"
    if not (commands / "superset").exists():
        note("正在安装 Superset（只在首次）")
        subprocess.run([sys.executable, "-m", "venv", str(commands.parent)], check=True)
        subprocess.run(
            [commands / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check",
             "--requirement", str(REQUIREMENTS)],
            check=True, stdout=sys.stderr,
        )
    return commands


def build_dashboard(address: str, tables: dict[str, list[dict[str, Any]]]) -> int:
    """Make the datasets, the charts and the dashboard by Superset's own interface; how many charts there are."""
    client = httpx.Client(base_url=address, timeout=120)
    login = {"username": "admin", "password": "admin", "provider": "db", "refresh": True}
    token = client.post("/api/v1/security/login", json=login).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"

    def make(kind: str, body: dict[str, Any]) -> int:
        answer = client.post(f"/api/v1/{kind}/", json=body)
        if not answer.is_success:
            raise RuntimeError(f"{kind}: {answer.text[:500]}")
        return int(answer.json()["id"])

    database = make("database", {
        "database_name": "rows", "sqlalchemy_uri": f"sqlite:///{PEER / 'home' / 'rows.db'}",
    })
    dataset = {name: make("dataset", {"database": database, "schema": "main", "table_name": name}) for name in tables}
    latest = tables["score"][0]["round_name"]     # as the rounds are listed
    charts = [
        make("chart", {
            "slice_name": name, "viz_type": params["viz_type"], "datasource_id": dataset[table],
            "datasource_type": "table",
            "params": json.dumps({**params, "datasource": f"{dataset[table]}__table", "adhoc_filters": []}),
        })
        for name, table, params in chart_parameters()
    ]
    dashboard = make("dashboard", {
        "dashboard_title": "偏差跟踪", "slug": "deviation", "published": True,
        "position_json": json.dumps(positions(charts)),
        "json_metadata": json.dumps({"native_filter_configuration": [native_filter(dataset["score"], charts, latest)]}),
    })
    for chart in charts:
        client.put(f"/api/v1/chart/{chart}", json={"dashboards": [dashboard]}).raise_for_status()
    return len(charts)


def _metric(label: str, sql: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": sql, "label": label}


def chart_parameters() -> list[tuple[str, str, dict[str, Any]]]:
    """Name, table and parameters of each chart."""
    figures = {
        "达标": "SUM(CASE WHEN state IN ('met', 'over') THEN 1 ELSE 0 END)",
        "略有偏差": "SUM(CASE WHEN state = 'slightly_off' THEN 1 ELSE 0 END)",
        "明显偏差": "SUM(CASE WHEN state = 'off' THEN 1 ELSE 0 END)",
        "未填报": "SUM(CASE WHEN state = 'not_reported' THEN 1 ELSE 0 END)",
        "得分": "SUM(score_micro) / 12000000.0",
    }
    rate = _metric("完成率", "AVG(attainment_micro) / 10000.0")
    return [
        *((name, "score", {"viz_type": "big_number_total", "metric": _metric(name, sql)})
          for name, sql in figures.items()),
        ("单位×指标", "score", {
            "viz_type": "heatmap_v2", "x_axis": "recipient_short_name", "groupby": "short_name", "metric": rate,
            "row_limit": 10_000, "linear_color_scheme": "blue_white_yellow", "normalize_across": "heatmap",
        }),
        ("历次完成率", "score", {
            "viz_type": "echarts_timeseries_line", "x_axis": "round_name", "metrics": [rate], "groupby": [],
            "row_limit": 10_000,
        }),
        ("各单位的状态", "score", {
            "viz_type": "echarts_timeseries_bar", "x_axis": "recipient_short_name",
            "metrics": [_metric("项", "COUNT(*)")], "groupby": ["state"], "stack": "Stack", "row_limit": 10_000,
        }),
        ("没有达标的", "missed", {
            "viz_type": "table", "query_mode": "raw", "row_limit": 100,
            "all_columns": ["recipient_name", "short_name", "state", "short_sentence"],
        }),
    ]


def positions(charts: list[int]) -> dict[str, Any]:
    """Where the charts stand: the figures in one row, the others two by two."""
    rows = [charts[:5], charts[5:7], charts[7:]]
    placed: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"],
                    "children": [f"ROW-{number}" for number in range(len(rows))]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": "偏差跟踪"}},
    }
    for number, row in enumerate(rows):
        placed[f"ROW-{number}"] = {
            "type": "ROW", "id": f"ROW-{number}", "parents": ["ROOT_ID", "GRID_ID"],
            "children": [f"CHART-{chart}" for chart in row], "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row:
            placed[f"CHART-{chart}"] = {
                "type": "CHART", "id": f"CHART-{chart}", "children": [],
                "parents": ["ROOT_ID", "GRID_ID", f"ROW-{number}"],
                "meta": {"chartId": chart, "width": 2 if len(row) == 5 else 6, "height": 20 if len(row) == 5 else 50},
            }
    return placed


def native_filter(dataset: int, charts: list[int], latest: str) -> dict[str, Any]:
    """The filter by round, set to the latest one as our page is."""
    chosen = {"filters": [{"col": "round_name", "op": "IN", "val": [latest]}]}
    return {
        "id": "NATIVE_FILTER-round", "name": "轮次", "filterType": "filter_select", "type": "NATIVE_FILTER",
        "targets": [{"datasetId": dataset, "column": {"name": "round_name"}}], "cascadeParentIds": [],
        "controlValues": {"multiSelect": False, "enableEmptyFilter": False, "defaultToFirstItem": False,
                          "inverseSelection": False, "searchAllOptions": False},
        "defaultDataMask": {"extraFormData": chosen, "filterState": {"value": [latest], "label": latest}},
        # The line goes over all rounds.
        "scope": {"rootPath": ["ROOT_ID"], "excluded": [charts[6]]},
        "chartsInScope": [chart for chart in charts if chart != charts[6]], "tabsInScope": [],
    }


def timed(step: Callable[[], Any]) -> float:
    """Milliseconds of a step, less the time that it waits to be sure."""
    begun = time.perf_counter()
    step()
    return (time.perf_counter() - begun) * 1000 - SETTLED


def visit_ours(browser: Browser, address: str) -> dict[str, float]:
    """A first visit by a new browser, a second one, and another round chosen."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    sign_in(context, address, "juzhang")
    visit = Visit(context.new_page(), address, settled=SETTLED)
    found = {"cold_ms": timed(lambda: visit.open("/deviation"))}
    found["warm_ms"] = timed(lambda: visit.open("/deviation"))
    visit.page.get_by_role("button", name="统计截止").first.click()
    visit.page.get_by_label("填报轮次").click()
    option = visit.page.get_by_role("option", name="2021年9月").first
    option.wait_for()

    def choose() -> None:
        option.click()
        visit.wait()

    found["filter_ms"] = timed(choose)
    context.close()
    return found


def visit_superset(browser: Browser, address: str, count: int) -> dict[str, float]:
    """The same three steps on Superset's dashboard."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    enter_superset(context, address)
    page = context.new_page()

    def opened() -> None:
        page.goto(f"{address}/superset/dashboard/deviation/")
        wait_drawn(page, count)

    found = {"cold_ms": timed(opened)}
    found["warm_ms"] = timed(opened)
    page.locator("[data-test=form-item-value] .ant-select").first.click()
    page.locator(".ant-select-item-option", has_text="2021年9月").first.click()
    apply = page.locator("[data-test=filter-bar__apply-button]")
    apply.wait_for()

    def filtered() -> None:
        apply.click()
        wait_drawn(page, count)

    found["filter_ms"] = timed(filtered)
    context.close()
    return found


def enter_superset(context: BrowserContext, address: str) -> None:
    """Sign in by the form; the page that does it is not kept for what is measured."""
    answer = context.request.post(f"{address}/login/", form={"username": "admin", "password": "admin"})
    if answer.status >= 400:
        raise RuntimeError(f"Superset 登录：{answer.status}")


def wait_drawn(page: Page, count: int) -> None:
    """Wait until every chart is drawn."""
    page.evaluate("window.wxDoneSince = undefined")
    page.wait_for_function(_DRAWN, arg=[count, SETTLED], timeout=90_000, polling=50)


if __name__ == "__main__":
    main()
