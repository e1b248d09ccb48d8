"""What papers are composed from: boards, each read once however many papers of a batch want it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.papers.content import gap
from dashboard.region_tables import grade, hundred
from dashboard.rights import read_board
from dashboard.workspace import Settings
from data.audit import Actor
from data.errors import NotFoundError, RefusedError
from data.store import Store
from metrics.boards import (
    accountability,
    allocation,
    deviation,
    duties,
    inquiries,
    issued,
    overview,
    papers,
    region,
    reporting,
    standing,
    targets,
    trend,
)
from metrics.boards.definition import Scope
from metrics.boards.region import RegionTotal
from metrics.boards.trend import YearEnd
from metrics.explain import show_day
from metrics.score_states import MISSING_STATES

Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """One notice, one round, one day, as the boards show them to who wants the paper."""

    store: Store
    scope: Scope
    settings: Settings
    actor: Actor

    def _read(self, board: Callable[..., Any], *arguments: Any) -> Any:
        return read_board(self.store, self.actor, board, *arguments)

    @cached_property
    def notice(self) -> Row:
        """The notice's own line.

        Raises: NotFoundError if it is not published.
        """
        found = self._read(papers.notices)
        found = found[found["document_number"] == self.scope.document_number]
        if found.empty:
            raise NotFoundError(f"没有发布过文号为“{self.scope.document_number[:60]}”的文件。")
        return {str(name): value for name, value in found.iloc[0].to_dict().items()}

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """The rounds of the notice."""
        return self._read(reporting.rounds, self.scope.document_number)

    @cached_property
    def round(self) -> Row:
        """The reporting round.

        Raises: RefusedError if it is not there, or was not open yet on that day.
        """
        found = self.rounds
        found = found[found["round_id"] == self.scope.round_id]
        if found.empty or found["opened_at"].iloc[0] > self.scope.as_of:
            raise RefusedError(f"截至 {self.scope.as_of_on:%Y-%m-%d} 还没有开启这个填报轮次，出不了这份公文。")
        return {str(name): value for name, value in found.iloc[0].to_dict().items()}

    def require_round(self) -> None:
        """Go on only where there is a round.

        Raises: RefusedError as ``round``.
        """
        assert self.round

    @cached_property
    def fund_name(self) -> str:
        """What the money is called; 「补助资金」 where the notice does not say."""
        return str(self.notice["fund_name"] or "") if pd.notna(self.notice["fund_name"]) else "补助资金"

    @cached_property
    def year(self) -> int:
        """The fiscal year: of the round's period, else of the notice's day, else of the as-of day."""
        if self.scope.round_id:
            return int(self.round["period_end_on"].year)
        dated = self.notice["dated_on"]
        return int(self.scope.as_of_on.year if pd.isna(dated) else dated.year)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The notice line by line."""
        return self._read(papers.lines, self.scope.document_number)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Who gets money, in printed order."""
        return self._read(allocation.units, self.scope.document_number)

    @cached_property
    def money(self) -> allocation.Totals:
        """What all units got together."""
        return self._read(allocation.totals, self.scope.document_number)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The allocation tables cell by cell."""
        return self._read(issued.allocation_cells, self.scope.document_number)

    @cached_property
    def sheet(self) -> Row | None:
        """The head of the target sheet."""
        found = self._read(issued.target_sheet, self.scope.document_number)
        return None if found.empty else {str(name): value for name, value in found.iloc[0].to_dict().items()}

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The notice's indicators."""
        return self._read(papers.indicators, self.scope.document_number)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Which target each unit has."""
        return self._read(targets.matrix, self.scope)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the reader repaired or left blank."""
        return self._read(papers.findings, self.scope.document_number)

    @cached_property
    def assessed(self) -> pd.DataFrame:
        """Every indicator of every unit with its score."""
        self.require_round()
        return self._read(issued.assessed, self.scope)

    @cached_property
    def unit_totals(self) -> pd.DataFrame:
        """Every unit's points of 100."""
        self.require_round()
        return self._read(region.unit_totals, self.scope)

    @cached_property
    def region_scores(self) -> pd.DataFrame:
        """Every indicator of the prefecture."""
        self.require_round()
        return self._read(region.region_scores, self.scope, self.settings.region_code)

    @cached_property
    def region_total(self) -> RegionTotal:
        """The prefecture's points of 100."""
        found = self._read(region.region_total, self.scope, self.settings.region_code)
        if found is None:
            raise RefusedError("这份文件没有绩效指标，或者还没有开启填报轮次，没有可以汇总的数。")
        return found

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Money against effect of every unit."""
        return self._read(standing.unit_effects, self.scope)

    @cached_property
    def effect_counts(self) -> dict[str, int]:
        """How many units are in each of the five states."""
        return self._read(accountability.state_counts, self.scope)

    @cached_property
    def score_counts(self) -> dict[str, int]:
        """How many indicators of units are in each state."""
        return self._read(overview.effect_counts, self.scope)

    @cached_property
    def released(self) -> overview.Money:
        """The money of the round."""
        return self._read(overview.money, self.scope)

    @cached_property
    def clocks(self) -> pd.DataFrame:
        """The import clock of every unit."""
        return self._read(standing.unit_clocks, self.scope, self.settings.region_code)

    @cached_property
    def late(self) -> pd.DataFrame:
        """The duties that are late or were done empty or wrong, the gravest first."""
        return self._read(duties.late_table, self.scope, self.settings.region_code)

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """Every duty of every unit."""
        return self._read(duties.timeline, self.scope, self.settings.region_code)

    @cached_property
    def reports(self) -> pd.DataFrame:
        """Each unit's report of this round."""
        found = self._read(reporting.duties, self.scope)
        return found[found["round_id"] == self.scope.round_id]

    @cached_property
    def missed(self) -> pd.DataFrame:
        """The missed indicators, the most points lost first."""
        return self._read(deviation.ranking, self.scope)

    @cached_property
    def owed(self) -> pd.DataFrame:
        """Who still owes an answer."""
        return self._read(accountability.owed_answers, self.scope)

    @cached_property
    def forecasts(self) -> YearEnd:
        """Where the indicators will stand at the end of the year."""
        return self._read(trend.year_end, self.scope)

    @cached_property
    def money_forecasts(self) -> YearEnd:
        """Where the money will stand at the end of the year."""
        return self._read(trend.year_end_money, self.scope)

    @cached_property
    def inquiries(self) -> pd.DataFrame:
        """The 问效单 of the notice."""
        return self._read(inquiries.register, self.scope)

    def inquiry_events(self, inquiry_no: int) -> pd.DataFrame:
        """The signed steps of one 问效单."""
        return self._read(inquiries.events, self.scope, inquiry_no)

    def unit(self, recipient_id: str) -> Row:
        """One unit's money in the notice.

        Raises: NotFoundError if the notice gives it none.
        """
        found = self.units[self.units["recipient_id"] == recipient_id]
        if found.empty:
            raise NotFoundError(f"{self.scope.document_number} 没有给“{recipient_id[:40]}”资金，出不了它的公文。")
        return {str(name): value for name, value in found.iloc[0].to_dict().items()}

    def of_unit(self, table: pd.DataFrame, recipient_id: str) -> list[Row]:
        """The rows of one unit."""
        return [
            {str(name): value for name, value in row.items()}
            for row in table[table["recipient_id"] == recipient_id].to_dict("records")
        ]

    def labelled(self, *labels: str) -> str:
        """What the paper prints after a label in a cell or after a colon; a named gap where it prints none."""
        for text in self.lines["line_text"]:
            for label in labels:
                match = re.search(rf"(?:^|[\s|]){label}\s*[\t|:：]+\s*([^\t|\n]+)", text)
                if match and match[1].strip():
                    return match[1].strip(" 。|")
        return gap(labels[0])

    @cached_property
    def fields(self) -> dict[str, int]:
        """The line of each value of the notice's head; what is not printed is absent."""
        found = self._read(papers.fields, self.scope.document_number).dropna(subset="line_no")
        return {str(row["field_name"]): int(row["line_no"]) for row in found.to_dict("records")}

    @cached_property
    def fields_text(self) -> dict[str, str]:
        """Each value of the notice's head as it was read."""
        found = self._read(papers.fields, self.scope.document_number)
        return {str(row["field_name"]): str(row["value_text"]) for row in found.to_dict("records")}

    @cached_property
    def notice_end(self) -> int:
        """The first line of the notice's tables, or the one after its last."""
        heads = self.cells["line_no"]
        return int(heads.min() if len(heads) else self.lines["line_no"].max() + 1)

    @cached_property
    def addressees(self) -> str:
        """主送 as the notice has it, without the colon."""
        return self.fields_text.get("addressees", "").strip(" ：:") or gap("主送单位")

    @cached_property
    def copied_to(self) -> str:
        """抄送 as the notice has it; '' where it has none."""
        for text in self.lines["line_text"]:
            if match := re.match(r"\s*抄\s*送\s*[:：]\s*(.+)", text):
                return match[1].strip(" 。")
        return ""

    @property
    def sender(self) -> str:
        """The bureau; a named gap where the workspace has no name."""
        return self.settings.bureau_name or gap("发文机关")

    @cached_property
    def basis(self) -> str:
        """The notice by its title and number: 《……》（文号）."""
        title = re.sub(r"\s+", "", str(self.notice["title"] or ""))
        return f"《{title}》（{self.scope.document_number}）" if title else self.scope.document_number

    @cached_property
    def period_words(self) -> str:
        """The round and up to when its figures run."""
        return _round_words(self.round)

    def round_words(self, round_id: str) -> str:
        """Another round of the notice, as ``period_words``."""
        return _round_words(self.rounds.set_index("round_id").loc[round_id])


def _round_words(row: Mapping[str, Any] | pd.Series[Any]) -> str:
    return f"{row['round_name']}（数据截至{show_day(row['period_end_on'])}）"


def day_words(value: Any) -> str:
    """A day as papers print it; a dash if there is none."""
    return "—" if value is None or pd.isna(value) else show_day(value)


def total_words(points_micro: Any, found_grade: Any) -> str:
    """Points of 100 and the grade, as the page 州级汇总 shows them; no points where there is no grade."""
    if found_grade is None or pd.isna(found_grade):
        return "已评分值太少，不评等级"
    return f"折合百分 {hundred(points_micro)} 分，等级{grade(found_grade)}"


def is_missing(state: object) -> bool:
    """Whether a score's state says that there is none."""
    return state in MISSING_STATES
