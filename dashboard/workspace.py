"""A workspace is a folder: one store, and the settings that make it a bureau's own or a demonstration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from data.backups import FOLDER_NAME, backups, write_backup
from data.docking.mapping import keep_shipped_mappings
from data.errors import NotFoundError, RefusedError, TornStoreError, WenxiaoError
from data.store import Store
from metrics.counted_days import keep_calendar
from metrics.rulebook import keep_shipped

# All of China keeps this time, without summer time; a server's own zone must not move a deadline.
BEIJING = timezone(timedelta(hours=8))
STORE_NAME = "wenxiao.duckdb"
DEFAULT_SETTINGS = {"bureau_name": "", "region_code": "", "demonstration_today": ""}


def clock() -> datetime:
    """The moment by the clock, in Beijing time, to the second; a demonstration's own day is ``Settings.now``."""
    return datetime.now(BEIJING).replace(microsecond=0, tzinfo=None)


@dataclass(frozen=True)
class Settings:
    """What a workspace says of itself; ``demonstration_today`` is None in a bureau's own workspace."""

    bureau_name: str
    region_code: str
    demonstration_today: date | None

    @property
    def is_demonstration(self) -> bool:
        """Whether reports in this workspace are simulated."""
        return self.demonstration_today is not None

    def now(self) -> datetime:
        """The moment that an action happens at, in Beijing time: the clock's, or the demonstration's fixed day."""
        now = clock()
        return datetime.combine(self.demonstration_today, now.time()) if self.demonstration_today else now

    def today(self) -> date:
        """The day that pages take as today."""
        return self.now().date()


@dataclass(frozen=True)
class Workspace:
    """An open workspace."""

    folder: Path
    store: Store

    @property
    def settings(self) -> Settings:
        """The settings as they stand now."""
        return read_settings(self.store)


def read_settings(store: Store) -> Settings:
    """The settings that a store holds."""
    found = DEFAULT_SETTINGS | {
        row["setting_key"]: row["setting_value"] for row in store.query("workspace_settings").to_dict("records")
    }
    today = found["demonstration_today"]
    return Settings(found["bureau_name"], found["region_code"], date.fromisoformat(today) if today else None)


def open_workspace(folder: Path) -> Workspace:
    """Open a workspace, making it if the folder is new or empty.

    Raises: WenxiaoError if the folder cannot be used; BusyStoreError if another process has it open.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)     # the store is people's data: its owner's only
    except OSError as error:
        why = "它是一个文件，不是目录" if folder.is_file() else "没有写入的权限，或磁盘不可用"
        raise WenxiaoError(f"不能使用 {folder}：{why}。请换一个可写的目录。") from error
    # A store of an earlier release is copied first: an upgrade goes forward only.
    try:
        store = Store(
            folder / STORE_NAME, before_upgrade=lambda former: write_backup(former, folder / FOLDER_NAME, clock())
        )
    except TornStoreError as torn:
        raise TornStoreError(f"{torn}{_ways_out(folder)}", torn.position) from torn
    with store.transaction() as cursor:
        keep_shipped(cursor)
        keep_shipped_mappings(cursor)
        keep_calendar(cursor, read_settings(store).region_code)
    return Workspace(folder, store)


def _ways_out(folder: Path) -> str:
    """What to do about a store whose newest part is damaged."""
    made = next(iter(backups(folder / FOLDER_NAME)), None)
    newest = (
        f"{folder / FOLDER_NAME} 里最近的备份是 {made.path.name}（{made.made_at:%Y-%m-%d %H:%M:%S}）"
        if made else f"{folder / FOLDER_NAME} 里没有备份，请到平时存放备份的地方找最近一份"
    )
    return (
        f"两种办法：用 wenxiao salvage --workspace {folder} 截去损坏的末尾，其余全部保留，再补办末尾的几笔；"
        f"或用 wenxiao restore 恢复备份，{newest}。"
    )


def open_existing(folder: Path) -> Workspace:
    """Open a workspace that must be there.

    Raises: NotFoundError if the folder holds no store; BusyStoreError if another process has it open.
    """
    if not (folder / STORE_NAME).is_file():
        raise NotFoundError(f"{folder} 里没有问效的数据（{STORE_NAME}），请核对目录。")
    return open_workspace(folder)


def configure(folder: Path, bureau_name: str, region_code: str) -> None:
    """Write the bureau's name and region into its workspace; an empty one leaves what is there.

    Raises: RefusedError if the region is no six-digit code, or changes although notices are published:
    their due dates were counted by the region they were published under.
    """
    if region_code and not re.fullmatch(r"[0-9]{6}", region_code):
        raise RefusedError(f"区划代码“{region_code}”不对：应为 6 位数字，例如 652800。")
    workspace = open_workspace(folder)
    try:
        is_changed = region_code and region_code != workspace.settings.region_code
        if is_changed and not workspace.store.query("notices").empty:
            raise RefusedError("已经发布过文件，时限是按原来的地区计算的，不能再改区划代码。")
        with workspace.store.transaction() as cursor:
            for key, value in (("bureau_name", bureau_name), ("region_code", region_code)):
                if value:
                    cursor.delete("workspace_setting", "setting_key", key)
                    cursor.insert("workspace_setting", [{"setting_key": key, "setting_value": value}])
            if region_code:
                keep_calendar(cursor, region_code)
    finally:
        workspace.store.close()
