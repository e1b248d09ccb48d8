"""Open duties as a calendar file, for the calendars that people use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.api.callers import Caller, caller_for
from dashboard.calendar_file import MEDIA_TYPE, calendar_file
from dashboard.rights import read_board
from metrics.boards.duties import calendar_entries

router = APIRouter(tags=["读取"])


@router.get("/duties.ics", summary="办理时限的日历文件", response_class=Response)
def get_duties_ics(caller: Annotated[Caller, caller_for("read")]) -> Response:
    """没有办结的事项各一条，提前一个工作日提醒；县市的令牌只有本单位的，州级的有全部单位的。"""
    settings, unit = caller.workspace.settings, caller.actor.recipient_id
    entries = read_board(
        caller.workspace.store, caller.actor, calendar_entries, settings.today(), settings.region_code, unit
    )
    return Response(calendar_file(entries, settings.now(), is_all=not unit), media_type=MEDIA_TYPE)
