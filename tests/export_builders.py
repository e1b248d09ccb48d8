"""Exports of the two systems as files, and loading them, for tests of the loader."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from builders import NUMBER, OFFICER

from dashboard.actions.docking import ExportPlan, load_export
from dashboard.demo_exports import as_csv

AT = datetime(2021, 12, 27, 9)
KEY = bytes(range(32))
PERSON = "652801195001018006"
NAME, ACCOUNT = "阿依古丽·买买提", "6217995200001234567"


def plan(kind="payment", system="integrated", start=date(2021, 1, 1), end=date(2021, 12, 26), unit=""):
    return ExportPlan(system, kind, start, end, unit)


def allotment(**changes):
    return {
        "指标主键": "Z1", "本级指标文号": NUMBER, "上级指标文号": "新财社〔2021〕292号", "预算年度": "2021",
        "发文时间": "2021-12-22", "登记时间": "2021-12-24", "财政区划代码": "652822000", "单位名称": "轮台县",
        "支出功能分类": "2081902", "直达资金标识": "01 中央直达资金", "指标金额": "29390000",
        "是否删除": "否", **changes,
    }


def payment(**changes):
    return {
        "支付明细主键": "P1", "支付凭证号": "V1", "指标主键": "Z1", "本级指标文号": NUMBER, "预算年度": "2021",
        "财政区划代码": "652822000", "单位名称": "轮台县", "支出功能分类": "2081902", "直达资金标识": "01 中央直达资金",
        "支付日期": "2021-12-24", "实际支付金额": "1000.50", "收款人名称": NAME, "收款人账号": ACCOUNT,
        "用途": f"{NAME}临时救助", **changes,
    }


def payout(**changes):
    return {
        "发放明细主键": "F1", "支付明细主键": "P1", "本级指标文号": NUMBER, "财政区划代码": "652822000",
        "单位名称": "轮台县", "支出功能分类": "2081902", "直达资金标识": "01 中央直达资金", "救助类别": "农村低保",
        "发放月份": "2021-12", "发放日期": "2021-12-08", "发放金额": "500", "姓名": NAME, "证件号码": PERSON,
        "银行账号": ACCOUNT, "发放方式": "一卡通", "发放状态": "成功", **changes,
    }


def standard(**changes):
    return {"财政区划代码": "652822", "单位名称": "", "救助类别": "孤儿", "执行日期": "2021-01-01", "救助标准": "1180",
            "是否定额": "是", **changes}


def stop(**changes):
    return {"财政区划代码": "652822", "单位名称": "轮台", "姓名": NAME, "证件号码": PERSON, "救助类别": "",
            "停发日期": "2021-08-31", "停发原因": "死亡", **changes}


MAKERS = {"allotment": allotment, "payment": payment, "payout": payout, "standard": standard, "stop": stop}
TABLES = {"allotment": "allotment", "payment": "payment", "payout": "payout", "standard": "benefit_standard",
          "stop": "payout_stop"}


def load(store, *made, kind="payment", content=None, name="", at=AT, actor=OFFICER, dry_run=False, key=KEY,
         may_shrink=True, **asked):
    content = as_csv(made) if content is None else content
    return load_export(store, actor, at, key, content, name or f"{kind}.csv", plan(kind, **asked), dry_run=dry_run,
                       may_shrink=may_shrink)


def workbook(made):
    book = openpyxl.Workbook()
    book.active.append(list(made[0]))
    for row in made:
        book.active.append(list(row.values()))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet(made):
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(made)), buffer)
    return buffer.getvalue()


FORMS = {
    "utf-8.csv": as_csv, "plain.csv": lambda made: as_csv(made, "utf-8"),
    "gb.csv": lambda made: as_csv(made, "gb18030"), "book.xlsx": workbook, "lake.parquet": parquet,
}
