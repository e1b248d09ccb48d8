"""A workspace is a folder: one store, and the settings that make it a bureau's own or a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from data.audit import Actor
from data.errors import WenxiaoError
from data.store import Store

STORE_NAME = "wenxiao.duckdb"
DEFAULT_SETTINGS = {"bureau_name": "", "region_code": "", "demonstration_today": ""}


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
        """The moment that an action happens at: the clock's, or the demonstration's fixed day."""
        now = datetime.now().replace(microsecond=0)
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
        found = DEFAULT_SETTINGS | {
            row["setting_key"]: row["setting_value"]
            for row in self.store.query("workspace_settings").to_dict("records")
        }
        today = found["demonstration_today"]
        return Settings(
            found["bureau_name"], found["region_code"], date.fromisoformat(today) if today else None
        )


def open_workspace(folder: Path) -> Workspace:
    """Open a workspace, making it if the folder is new or empty.

    Raises: WenxiaoError if the folder cannot be used; BusyStoreError if another process has it open.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WenxiaoError(f"不能使用目录 {folder}：{error.strerror}。请换一个可写的目录。") from error
    return Workspace(folder, Store(folder / STORE_NAME))


def end_of(day: date) -> datetime:
    """The last moment of a day: what a 统计截止日 takes in."""
    return datetime.combine(day, time(23, 59, 59))


SYSTEM = Actor("系统", "system")
