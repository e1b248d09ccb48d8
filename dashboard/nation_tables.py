"""The nation's tables on the command line: for a program, and for a person."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from dashboard import labels
from metrics.nation import Nation, Row

LISTED = 20


def nation_as_json(found: Nation) -> dict[str, Any]:
    """Everything; amounts and ratios as text, so that no digit is lost, what is missing as null."""
    return _plain(asdict(found))


def nation_as_text(found: Nation) -> str:
    """The nation, every province, the worst counties, every fund, and who did not report."""
    demonstrations = [store["bureau_name"] or store["store_id"] for store in found.stores if store["is_demonstration"]]
    return "\n".join([
        f"全国 {found.year} 年，{len(found.stores)} 个地方推送，{found.engine} 计算于 {found.made_at[:16]}。",
        *([f"其中 {'、'.join(demonstrations)} 是演示数据。"] if demonstrations else []),
        _line("全国", found.whole),
        *_silent_lines(found),
        "", f"各省（{len(found.provinces)} 个，得分率低的在前）",
        *(_line(row["province_name"], row) for row in found.provinces),
        "", f"各县（{len(found.counties):,} 个，得分率低的在前，列前 {LISTED} 个，全部见 --json）",
        *(_line(f"{row['province_name']} {row['county_name']}", row) for row in found.counties[:LISTED]),
        "", f"各项资金（{len(found.funds)} 项，金额大的在前）",
        *(_line(row["fund_name"], row) for row in found.funds),
    ])


def _line(name: str, row: Row) -> str:
    silent = f"，{row['silent_count']:,} 份未填报" if row["silent_count"] else ""
    return f"{name}：{row['unit_count']:,} 份（单位×文件）{silent}；{_score(row)}；{_execution(row)}"


def _score(row: Row) -> str:
    """How many points of those that could be scored, with both sides and how many units are in them."""
    if row["score_share"] is None:
        return "没有可计分的"
    return (
        f"得分率 {labels.percent(row['score_share'])}（{labels.points(row['score_micro'])}÷"
        f"{labels.points(row['scored_weight_micro'])} 分，{row['scored_count']:,} 份）"
    )


def _execution(row: Row) -> str:
    """How much of the money of those that reported was paid, with both sides; over the whole no rate stands alone."""
    if row["paid_yuan"] is None:
        return "没有支付数"
    sides = f"{labels.wan(row['paid_yuan'])}÷{labels.wan(row['base_yuan'])} 万元，{row['paying_count']:,} 份"
    over = f"，{row['over_count']:,} 份支付大于下达，原因待核" if row["over_count"] else ""
    if row["execution_rate"] is None:
        return f"执行率不列（{sides}{over}）"
    return f"执行率 {labels.percent(row['execution_rate'])}（{sides}{over}）"


def _silent_lines(found: Nation) -> list[str]:
    if not found.silent:
        return []
    named = "、".join(
        f"{row['province_name']} {row['county_name']}（{row['fund_name']}）" for row in found.silent[:LISTED]
    )
    more = f" 等 {len(found.silent):,} 份" if len(found.silent) > LISTED else ""
    return [f"未填报，不计入率：{named}{more}。"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
