"""Papers for programs: which there are, and each as a file with its hash and its receipt in the head."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.actions.issued_papers import ACTIONS, Desk, IssuedPaper, issue_batch, issue_paper
from dashboard.api.as_json import receipt_as_json
from dashboard.api.bodies import PaperBody
from dashboard.api.callers import Caller, caller_for
from dashboard.api.docked import unit_id
from dashboard.papers.catalogue import EXCEL, KINDS, MEDIA_TYPES, UNIT, WORD, Order
from dashboard.papers.head import head_template
from dashboard.rights import NOTHING, reach
from dashboard.workspace import Workspace
from data.errors import NotFoundError
from metrics.boards.papers import notices
from metrics.boards.reporting import rounds

router = APIRouter(tags=["公文报表"])
Reader = Annotated[Caller, caller_for("read")]
Issuer = Annotated[Caller, caller_for("papers")]


@router.get("/papers", summary="可出具的公文报表")
def list_papers(caller: Reader) -> dict[str, Any]:
    """列出这个令牌的角色可以出具的公文报表：名称、标题、是按单位还是汇总、有哪些格式。"""
    return {"papers": [
        {"paper": name, "title": kind.title, "about": kind.about, "needs_round": kind.needs_round,
         "forms": [WORD, EXCEL] if kind.has_workbook else [WORD]}
        for name, kind in KINDS.items()
        if reach(caller.actor.role, "action", ACTIONS[kind.about]) != NOTHING
    ]}


@router.post("/papers", summary="出具公文报表", response_class=Response, responses={200: {
    "description": "文件本身", "content": {media: {} for media in MEDIA_TYPES.values()},
}})
def post_paper(caller: Issuer, body: PaperBody) -> Response:
    """出具一份公文或报表（草稿），答复就是文件。响应头 Wenxiao-Sha256 是校验码，Wenxiao-Receipt 是办理记录的序号，
    Wenxiao-Failures 是批量时没有出具的单位数。同样的数据和统计截止日再次出具，文件逐字节相同。"""
    workspace, actor = caller.workspace, caller.actor
    unit = body.recipient_id or actor.recipient_id
    order = order_of(
        workspace, body.paper, body.document_number, body.round_id, str(body.as_of or ""), unit, body.inquiry_no,
        body.form,
    )
    desk = Desk(workspace.settings, head_template(workspace.folder))
    issue = issue_batch if body.is_batch else issue_paper
    made = issue(workspace.store, actor, workspace.settings.now(), order, desk)
    return Response(made.content, media_type=MEDIA_TYPES[made.file_name.rpartition(".")[2]], headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.file_name)}",
        "Wenxiao-Sha256": made.sha256, "Wenxiao-Receipt": str(made.entry.entry_no),
        "Wenxiao-Failures": str(len(made.failures)),
    })


def order_of(
    workspace: Workspace, paper: str, document_number: str, round_id: str, as_of: str, unit: str, inquiry_no: int,
    form: str,
) -> Order:
    """What a program or command asks for, with the defaults of the pages.

    Raises: NotFoundError if there is no such notice, round or unit.
    """
    store = workspace.store
    published = list(notices(store)["document_number"])
    if not published:
        raise NotFoundError("还没有发布过资金文件，没有可以出具的公文报表。")
    number = document_number or published[0]
    if number not in published:
        raise NotFoundError(f"没有发布过文号为“{number[:60]}”的文件。")
    opened = list(rounds(store, number)["round_id"])
    if round_id and round_id not in opened:
        raise NotFoundError(f"{number} 没有轮次“{round_id[:40]}”。")
    day = date.fromisoformat(as_of) if as_of else workspace.settings.today()
    is_of_unit = paper in KINDS and KINDS[paper].about == UNIT
    recipient_id = unit_id(workspace, unit) if is_of_unit else ""
    return Order(paper, number, round_id or next(iter(opened), ""), day, recipient_id, inquiry_no, form)


def issued_as_json(made: IssuedPaper) -> dict[str, Any]:
    """What was handed out, for a command: the file itself goes beside it."""
    return {
        "file_name": made.file_name, "sha256": made.sha256, "byte_count": len(made.content),
        "failures": [{"recipient_name": name, "sentence": why} for name, why in made.failures],
        "receipt": receipt_as_json(made.entry),
    }
