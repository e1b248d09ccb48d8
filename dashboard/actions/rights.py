"""Who may do what: one table, asked by every action.

Until people sign in, the page says who acts; the table is the same.
"""

from __future__ import annotations

from data.audit import Actor
from data.errors import RefusedError

PREFECTURE_OFFICER = "prefecture_officer"
COUNTY_REPORTER = "county_reporter"

ROLE_NAMES = {PREFECTURE_OFFICER: "州级经办", COUNTY_REPORTER: "县市填报"}

RIGHTS: dict[str, frozenset[str]] = {
    "publish_notice": frozenset({PREFECTURE_OFFICER}),
    "correct_cell": frozenset({PREFECTURE_OFFICER}),
    "open_round": frozenset({PREFECTURE_OFFICER}),
    "adopt_rules": frozenset({PREFECTURE_OFFICER}),
    "decompose_targets": frozenset({PREFECTURE_OFFICER}),
    "record_receipt": frozenset({PREFECTURE_OFFICER, COUNTY_REPORTER}),
    "submit_report": frozenset({PREFECTURE_OFFICER, COUNTY_REPORTER}),
    "report_region_value": frozenset({PREFECTURE_OFFICER}),
    "review_score": frozenset({PREFECTURE_OFFICER}),
}


def require(actor: Actor, action_name: str, recipient_id: str = "", *, needs_name: bool = True) -> None:
    """Let the action go on only if the actor's role may do it, and for this unit.

    ``needs_name`` is false for looking only: what writes has a name beside it.

    Raises: RefusedError with the reason; an action without a row in the table is refused.
    """
    if needs_name and not actor.name.strip():
        raise RefusedError("请先填写经办人姓名，再办理这一步。")
    if actor.role not in RIGHTS.get(action_name, frozenset()):
        raise RefusedError(f"{ROLE_NAMES.get(actor.role, '当前身份')}不能办理这一步，请由有权限的人员办理。")
    if actor.role == COUNTY_REPORTER and recipient_id and actor.recipient_id != recipient_id:
        raise RefusedError("只能办理本单位的事项，请在页面上改选本单位。")
