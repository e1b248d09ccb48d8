"""The menu: which pages there are, in which order; who sees which of them stands in rights.csv."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.rights import ADMINISTRATOR, COUNTY_APPROVER, COUNTY_REPORTER, NOTHING, reach


@dataclass(frozen=True)
class Entry:
    """One page of the menu: its file in app_pages, its title, its icon."""

    name: str
    title: str
    icon: str


MENU: dict[str, tuple[Entry, ...]] = {
    "看": (
        Entry("overview", "总览", "dashboard"),
        Entry("unit", "单位画像", "badge"),
        Entry("allocation", "资金分配", "account_balance"),
        Entry("deviation", "偏差跟踪", "grid_on"),
        Entry("region", "州级汇总", "functions"),
        Entry("timeliness", "时效跟踪", "schedule"),
        Entry("money", "资金流向", "payments"),
        Entry("reconciliation", "两系统对账", "compare_arrows"),
        Entry("payout", "发放佐证", "verified_user"),
        Entry("findings", "疑点核查", "rule"),
        Entry("accountability", "花钱必问效", "fact_check"),
        Entry("screen", "大屏", "tv"),
    ),
    "办": (
        Entry("inquiries", "问效单", "contact_support"),
        Entry("reporting", "数据填报", "edit_note"),
        Entry("imports", "批量导入", "upload_file"),
        Entry("docking", "系统对接", "cable"),
        Entry("checking", "审核填报", "task_alt"),
        Entry("targets", "目标分解", "account_tree"),
        Entry("reviews", "复核评分", "rate_review"),
        Entry("notices", "资金文件", "description"),
        Entry("issued", "公文报表", "print"),
    ),
    "查": (
        Entry("basis", "依据与口径", "menu_book"),
        Entry("calendar", "日历与时限", "calendar_month"),
        Entry("messages", "消息提醒", "notifications"),
        Entry("people", "账号与安全", "manage_accounts"),
        Entry("log", "办理记录", "history"),
        Entry("status", "运行状况", "monitor_heart"),
        Entry("help", "帮助", "help"),
    ),
}
ENTRIES = tuple(entry for entries in MENU.values() for entry in entries)
FIRST_PAGES = {COUNTY_REPORTER: "reporting", COUNTY_APPROVER: "reporting", ADMINISTRATOR: "people"}


def offered(role: str) -> dict[str, tuple[Entry, ...]]:
    """The part of the menu that a role sees; parts without a page are left out."""
    seen = {
        part: tuple(entry for entry in entries if reach(role, "page", entry.name) != NOTHING)
        for part, entries in MENU.items()
    }
    return {part: entries for part, entries in seen.items() if entries}


def first_page(role: str) -> str:
    """The page that a role is shown first: its own, or the first of its menu."""
    names = [entry.name for entries in offered(role).values() for entry in entries]
    return FIRST_PAGES[role] if FIRST_PAGES.get(role) in names else names[0]
