"""How long payout rows take from a CSV file into the store: ``python tests/bench/docked_rows.py 1000000``.

One row in a hundred thousand cannot be read. Prints JSON: rows, rejected, seconds, peak memory in MiB.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from dashboard.actions.docking import ExportPlan, load_export
from dashboard.rights import PREFECTURE_OFFICER
from data.audit import Actor
from data.store import Store

OFFICER = Actor("测速", PREFECTURE_OFFICER, origin="测速")
AT = datetime(2022, 1, 4, 9)
WRITE = """
COPY (
    SELECT
        'F' || LPAD(i::TEXT, 9, '0') AS 发放明细主键, 'P' || (i // 1000) AS 支付明细主键,
        '巴财社〔2021〕3号' AS 本级指标文号, '652822000' AS 财政区划代码, '2081902' AS 支出功能分类,
        '01 中央直达资金' AS 直达资金标识, '农村低保' AS 救助类别,
        STRFTIME(DATE '2021-01-01' + TO_MONTHS((i % 12)::INT), '%Y-%m') AS 发放月份,
        STRFTIME(DATE '2021-01-08' + TO_MONTHS((i % 12)::INT), '%Y-%m-%d') AS 发放日期,
        CASE WHEN i % 100000 = 7 THEN '若干' ELSE (300 + i % 200) || '.50' END AS 发放金额,
        '张三' || (i // 12) AS 姓名, '65282219700101' || LPAD((i // 12)::TEXT, 7, '0')[-4:] AS 证件号码,
        '6217' || LPAD((i // 12)::TEXT, 15, '0') AS 银行账号, '银行代发' AS 发放方式, '成功' AS 发放状态
    FROM range({rows}) AS t(i)
) TO '{path}' (HEADER)
"""


def main() -> None:
    """Write the file, load it, say how long it took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "发放.csv"
        store = Store(Path(folder) / "bench.duckdb")
        with store.transaction() as cursor:
            cursor.run(WRITE.format(rows=rows, path=path))
            cursor.insert("recipient", [{
                "recipient_id": "luntai", "recipient_name": "轮台县", "short_name": "轮台", "recipient_kind": "county",
                "division_code": "652822", "display_no": 1,
            }])
        started = time.perf_counter()
        plan = ExportPlan("integrated", "payout", date(2021, 1, 1), date(2021, 12, 31))
        loaded = load_export(store, OFFICER, AT, b"k" * 32, path, path.name, plan)
        seconds = time.perf_counter() - started
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({  # noqa: T201
        "rows": loaded.read.row_count, "rejected": loaded.read.rejected_count, "seconds": round(seconds, 2),
        "first_reject": loaded.rejects[0]["sentence_text"] if loaded.rejects else "", "peak_mib": peak,
    }, ensure_ascii=False))


if __name__ == "__main__":
    main()
