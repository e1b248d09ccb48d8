"""Writing: the very actions of the pages, each answered with its outcome and its receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Header, Query, Request, UploadFile
from fastapi.responses import JSONResponse

from dashboard.actions.docking import load_export
from dashboard.actions.imports import import_actuals
from dashboard.actions.notices import Published, ReadNotice, publish_notice, read_received
from dashboard.actions.receipt_files import import_receipts
from dashboard.actions.receipts import ReceiptEntry, receipt_remarks, record_receipts
from dashboard.actions.reports import Submitted, prepare_form, read_upload, rehearse, submit_report
from dashboard.actions.rounds import RoundPlan, open_round
from dashboard.actions.targets import TargetPlan, decompose_targets, rehearse_decomposition
from dashboard.api.answers import once, request_digest
from dashboard.api.as_json import as_json, receipt_as_json
from dashboard.api.bodies import ReceiptBody, ReceiptsBody, RoundBody, TargetsBody
from dashboard.api.callers import Caller, caller_for
from dashboard.api.docked import EXPORT_OPENAPI, SentExport, export_as_json, export_plan, read_sent
from dashboard.api.imported import BULK_OPENAPI, BulkFile, import_as_json, read_bulk
from dashboard.rights import require
from data.docking.person_key import read_or_make_key
from data.intake.columns import MAX_TEXT_LENGTH
from data.notice.as_json import notice_as_json

router = APIRouter(tags=["办理"])

DryRun = Annotated[bool, Query(title="只试读", description="1 表示只看结果，什么也不写入")]
Key = Annotated[str, Header(
    alias="Idempotency-Key", title="防重键", description="同一键、同一内容只办一次，24 小时内再问得到同样的答复",
)]
Answer = dict[str, Any]


def answer_once(
    request: Request, caller: Caller, key: str, parts: tuple[str | bytes, ...], do: Callable[[], Answer]
) -> JSONResponse:
    """The answer of something that is done once for one key and one content."""
    query = (f"{name}={value}" for name, value in sorted(request.query_params.multi_items()))
    asked = (request.method, request.url.path, *query)
    payload, is_repeated = once(
        caller.workspace.store, caller.actor.account_id, key, request_digest(*asked, *parts), do
    )
    return JSONResponse(payload, headers={"Idempotency-Replayed": "true"} if is_repeated else None)


@router.post("/notices", summary="上传并发布资金文件")
def post_notice(
    request: Request, caller: Annotated[Caller, caller_for("notices")],
    file: Annotated[UploadFile, File(title="文件", description="txt、docx、pdf、xlsx 或 xls")],
    dry_run: DryRun = False, key: Key = "",
) -> JSONResponse:
    """读文件、核对合计、发布。读出的内容有一处合计不符就不发布；dry_run=1 只返回读出的内容和不能发布的原因。"""
    store, actor = caller.workspace.store, caller.actor
    require(actor, "publish_notice", needs_name=not dry_run)
    content, name = file.file.read(), file.filename or "文件"
    if dry_run:
        return JSONResponse(_read_as_json(read_received(store, content, name)))

    def do() -> Answer:
        now = caller.workspace.settings.now()
        return _published_as_json(publish_notice(store, actor, now, read_received(store, content, name)))

    return answer_once(request, caller, key, (name, content), do)


def _read_as_json(read: ReadNotice) -> Answer:
    return {
        "outcome": "dry_run", "can_publish": not read.refusals, "refusals": list(read.refusals),
        "proved_count": len(read.identities), "notice": as_json(notice_as_json(read.notice)),
    }


def _published_as_json(published: Published) -> Answer:
    return {
        "outcome": published.outcome, "document_number": published.document_number,
        "unit_count": published.unit_count, "indicator_count": published.indicator_count,
        "receipt": receipt_as_json(published.entry),
    }


@router.post("/rounds", summary="开启填报轮次")
def post_round(
    request: Request, caller: Annotated[Caller, caller_for("rounds")], body: RoundBody, key: Key = ""
) -> JSONResponse:
    """开启后，文件所列每个单位都应在截止日前填报。"""
    settings = caller.workspace.settings
    plan = RoundPlan(body.round_id, body.round_name, body.period_end_on, body.opens_on, body.due_on)

    def do() -> Answer:
        entry = open_round(
            caller.workspace.store, caller.actor, settings.now(), body.document_number, plan, settings.region_code
        )
        return {"outcome": "opened", "round_id": body.round_id, "receipt": receipt_as_json(entry)}

    return answer_once(request, caller, key, (body.model_dump_json(),), do)


@router.post("/receipts", summary="登记收文、登录、标识、导入")
def post_receipts(
    request: Request, caller: Annotated[Caller, caller_for("receipts")], body: ReceiptsBody, key: Key = ""
) -> JSONResponse:
    """整批登记，每条各有回执；有一条有误就一条也不登记，逐条指出是哪几条、为什么。"""
    settings = caller.workspace.settings

    def do() -> Answer:
        units, entries = [row.recipient_id for row in body.receipts], [_entry(row) for row in body.receipts]
        made = record_receipts(
            caller.workspace.store, caller.actor, settings.now(), body.document_number, units, entries,
            settings.region_code,
        )
        remarks = receipt_remarks(
            caller.workspace.store, settings.now(),
            [(body.document_number, *step) for step in zip(units, entries, strict=True)], settings.region_code,
        )
        return {
            "recorded_count": len(made),
            "receipts": [
                {"place": f"receipts[{place}]", "recipient_id": body.receipts[place].recipient_id,
                 "outcome": "recorded", "receipt": receipt_as_json(entry), "remarks": remarks[place]}
                for place, entry in enumerate(made)
            ],
        }

    return answer_once(request, caller, key, (body.model_dump_json(),), do)


@router.post("/receipts/file", summary="按文件登记收文、登录、标识、导入")
def post_receipt_file(
    request: Request, caller: Annotated[Caller, caller_for("receipts")],
    file: Annotated[UploadFile, File(
        title="登记表", description="首行为文号、单位、环节、时间、金额（万元）、标识、凭证；xlsx 或 csv",
    )],
    dry_run: DryRun = False, key: Key = "",
) -> JSONResponse:
    """整个文件登记，或一行也不登记并逐格指出差错；已经登记过的行跳过。dry_run=1 只核对。"""
    settings = caller.workspace.settings
    content, name = file.file.read(), file.filename or "登记表.csv"

    def do() -> Answer:
        made = import_receipts(
            caller.workspace.store, caller.actor, settings.now(), content, name, settings.region_code, dry_run=dry_run
        )
        outcome = "dry_run" if dry_run else "recorded" if made.entry else "nothing_recorded"
        return {
            "outcome": outcome, "counts": as_json(made.counts), "remarks": as_json(made.remarks),
            "receipt": receipt_as_json(made.entry),
        }

    return answer_once(request, caller, "" if dry_run else key, (name, content), do)


def _entry(row: ReceiptBody) -> ReceiptEntry:
    return ReceiptEntry(row.step, row.happened_at, row.amount_yuan, row.marker_text, row.evidence_text)


@router.post("/targets", summary="分解或调整目标")
def post_targets(
    request: Request, caller: Annotated[Caller, caller_for("targets")], body: TargetsBody,
    dry_run: DryRun = False, key: Key = "",
) -> JSONResponse:
    """没有列出的目标不变；各部分加起来不等于区域目标的不写入。dry_run=1 只返回会改变什么、核对结果如何。"""
    store, settings = caller.workspace.store, caller.workspace.settings
    plan = TargetPlan(
        body.document_number, {(row.indicator_no, row.recipient_id): row.target_text for row in body.targets},
        body.valid_from_on, body.reason, body.approval_text,
    )
    if dry_run:
        rehearsed = rehearse_decomposition(store, caller.actor, settings.now(), plan)
        return JSONResponse({"outcome": "dry_run", **as_json(rehearsed)})

    def do() -> Answer:
        done = decompose_targets(store, caller.actor, settings.now(), plan, settings.region_code)
        return {
            "outcome": done.outcome, "change_count": done.change_count, "rounds": list(done.rounds),
            "receipt": receipt_as_json(done.entry),
        }

    return answer_once(request, caller, key, (body.model_dump_json(),), do)


@router.post("/reports", summary="报送一个单位的填报表")
def post_report(
    request: Request, caller: Annotated[Caller, caller_for("reports")],
    file: Annotated[UploadFile, File(title="填报表", description="按模板填好的 xlsx 文件")],
    document_number: Annotated[str, Query(title="文号")],
    round_id: Annotated[str, Query(title="轮次")],
    recipient_id: Annotated[str, Query(title="单位编码")],
    statement: Annotated[str, Form(
        title="已知局限", max_length=MAX_TEXT_LENGTH,
        description="哪些数据不全、是估算或有待核实；确实没有的写“无”。报送时必填，试算可以不写",
    )] = "",
    dry_run: DryRun = False, key: Key = "",
) -> JSONResponse:
    """读填报表并报送；dry_run=1 只返回每项会得多少分、还缺哪些说明。"""
    store, actor, settings = caller.workspace.store, caller.actor, caller.workspace.settings
    require(actor, "rehearse_report" if dry_run else "submit_report", recipient_id, needs_name=not dry_run)
    content, name = file.file.read(), file.filename or "填报表.xlsx"
    form = prepare_form(store, document_number, round_id, recipient_id)
    if dry_run:
        rows = rehearse(store, actor, settings.now(), read_upload(form, content, name), settings.region_code)
        return JSONResponse({"outcome": "dry_run", "rows": as_json(rows)})

    def do() -> Answer:
        upload = read_upload(form, content, name)
        return _submitted_as_json(submit_report(
            store, actor, settings.now(), upload, settings.region_code, statement=statement
        ))

    return answer_once(request, caller, key, (name, content, statement), do)


def _submitted_as_json(submitted: Submitted) -> Answer:
    return {
        "outcome": submitted.outcome, "report_version": submitted.report_version,
        "entry_count": submitted.entry_count, "receipt": receipt_as_json(submitted.receipt),
    }


@router.post("/actuals", summary="批量导入数据", openapi_extra=BULK_OPENAPI)
def post_actuals(
    request: Request, caller: Annotated[Caller, caller_for("actuals")], bulk: Annotated[BulkFile, Depends(read_bulk)],
    dry_run: DryRun = False,
    rows: Annotated[bool, Query(title="逐行回执", description="1 表示列出每一行的结果，不只是有误的")] = False,
    key: Key = "",
) -> JSONResponse:
    """CSV、Parquet 或 xlsx 文件，或 JSON 行；每行有结果，有误的单位整个不导入，其他单位照常。"""
    settings = caller.workspace.settings

    def do() -> Answer:
        receipt = import_actuals(
            caller.workspace.store, caller.actor, settings.now(), bulk.content, bulk.name, settings.region_code,
            dry_run=dry_run,
        )
        return import_as_json(receipt, dry_run=dry_run, rows=rows)

    return answer_once(request, caller, "" if dry_run else key, (bulk.name, bulk.content), do)


@router.post("/exports", summary="载入系统导出", openapi_extra=EXPORT_OPENAPI)
def post_export(
    request: Request, caller: Annotated[Caller, caller_for("exports")], sent: Annotated[SentExport, Depends(read_sent)],
    system: Annotated[str, Query(title="系统", description="integrated 一体化系统，monitoring 监控系统")],
    kind: Annotated[str, Query(title="类别", description="allotment、payment、payout、standard、stop")],
    from_on: Annotated[date | None, Query(alias="from", title="期间起", description="不写时取今年1月1日")] = None,
    to_on: Annotated[date | None, Query(alias="to", title="期间止", description="不写时取今天")] = None,
    unit: Annotated[str, Query(title="单位", description="单位代码或名称；不写时为全部单位，县市为本单位")] = "",
    dry_run: DryRun = False, key: Key = "",
) -> JSONResponse:
    """载入一体化系统或监控系统的一份导出；不能载入的行写明位置和原因，其余照常。"""
    workspace, actor = caller.workspace, caller.actor
    plan = export_plan(workspace, system, kind, from_on, to_on, unit or actor.recipient_id)

    def do() -> Answer:
        return export_as_json(load_export(
            workspace.store, actor, workspace.settings.now(), read_or_make_key(workspace.folder), sent.path, sent.name,
            plan, dry_run=dry_run,
        ))

    return answer_once(request, caller, "" if dry_run else key, (sent.name, sent.sha256), do)
