"""问效单 for programs: open one, and answer one for the own unit; the other steps are taken by persons on the page."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import JSONResponse

from dashboard.actions.inquiries import InquiryPlan, open_inquiry
from dashboard.actions.inquiry_steps import answer_inquiry
from dashboard.api.as_json import receipt_as_json
from dashboard.api.bodies import InquiryBody
from dashboard.api.callers import Caller, caller_for
from dashboard.api.writes import Answer, Key, answer_once

router = APIRouter(tags=["办理"])
Inquirer = Annotated[Caller, caller_for("inquiries")]


@router.post("/inquiries", summary="开出问效单")
def post_inquiry(request: Request, caller: Inquirer, body: InquiryBody, key: Key = "") -> JSONResponse:
    """按提议开出的写明 rule_key 和看到的 facts_key（见 inquiries.proposals），事实取提议的；自行开出的写 fact_text。"""
    settings = caller.workspace.settings

    def do() -> Answer:
        made = open_inquiry(
            caller.workspace.store, caller.actor, settings.now(), InquiryPlan(**body.model_dump()), settings.region_code
        )
        return {
            "outcome": "opened", "inquiry_no": made.inquiry_no, "due_on": made.due_on.isoformat(),
            "receipt": receipt_as_json(made.entry),
        }

    return answer_once(request, caller, key, (body.model_dump_json(),), do)


@router.post("/inquiries/{inquiry_no}/answer", summary="答复问效单")
def post_answer(
    request: Request, caller: Inquirer, inquiry_no: int,
    reason: Annotated[str, Form(title="原因")],
    measure: Annotated[str, Form(title="措施")],
    seen_step_no: Annotated[int, Query(title="看到的最后一步", description="inquiries.register 的 newest_step_no")],
    gap: Annotated[str, Form(title="没有佐证的原因", description="没有附文件时必填")] = "",
    file: Annotated[list[UploadFile] | None, File(title="佐证材料", description="每个不超过 20 MB")] = None,
    key: Key = "",
) -> JSONResponse:
    """只答复本单位的问效单；别人在这之间办了一步的，拒绝并说明，请重新读取后再办。"""
    files = [(each.filename or "文件", each.file.read()) for each in file or ()]
    parts = (reason, measure, gap, *(part for name, content in files for part in (name, _digest(content))))

    def do() -> Answer:
        now: datetime = caller.workspace.settings.now()
        entry: Any = answer_inquiry(
            caller.workspace.store, caller.actor, now, inquiry_no, reason=reason, measure=measure, files=files, gap=gap,
            seen_step_no=seen_step_no,
        )
        return {"outcome": "answered", "inquiry_no": inquiry_no, "receipt": receipt_as_json(entry)}

    return answer_once(request, caller, key, parts, do)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
