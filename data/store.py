"""The store: one DuckDB file, one connection a process, a cursor a call, one transaction an action."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from data.changes import EVERYTHING, Changes, named, targets, words
from data.document_number import notice_key
from data.errors import BusyStoreError, RefusedError, TornStoreError, UnwrittenError, WenxiaoError

Parameters = Mapping[str, Any]
# What the engine raises for a statement that it cannot carry out, such as reading a file that is no table.
StatementError = duckdb.Error
# Rules are chained, each naming the columns of the one before. To push a sum below the first join, DuckDB 2.0.1 writes
# all of them into one expression, which doubles at each step and is never done.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {"disabled_optimizers": "partial_aggregate_pushdown"}


@cache
def sql_text(room: str, name: str) -> str:
    """The text of ``<room>/sql/<name>.sql``.

    Raises: FileNotFoundError if there is no such file.
    """
    return resources.files(room).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(name)
    return name


def with_relations(sql: str, relations: Mapping[str, str], unkept: Collection[str] = ()) -> str:
    """A SELECT that reads named relations, put together with the SELECTs that make them.

    Those of ``unkept`` are read anew wherever they are named: else the engine copies what is named more than once,
    which costs more where there are millions of rows of which each reader wants a few.

    The rule in ``sql`` thus stays the same text whatever its rows come from: the store's tables here,
    a file's rows on the command line, a lake elsewhere.
    """
    heads = ",\n".join(
        f"{name} AS {'NOT MATERIALIZED ' if name in unkept else ''}(\n{text.strip().rstrip(';')}\n)"
        for name, text in relations.items()
    )
    return f"WITH {heads}\nSELECT * FROM (\n{sql.strip().rstrip(';')}\n)"


def _bound(sql: str, parameters: Parameters | None) -> dict[str, Any] | None:
    """The parameters of a statement; ``$notice_key`` in it stands for the number of the given ``document_number``."""
    bound = dict(parameters or {})
    if "$notice_key" in sql and "notice_key" not in bound:
        bound["notice_key"] = notice_key(bound["document_number"])
        if "$document_number" not in sql:
            del bound["document_number"]
    return bound or None


_MACRO = re.compile(r"^CREATE MACRO (\w+)(.*?;)$", re.S | re.M)


@lru_cache(maxsize=512)
def _parsed(sql: str) -> duckdb.Statement | str:
    """A statement as the engine reads it, which takes 1 ms a kilobyte and is done once; several stay text."""
    statements = duckdb.extract_statements(sql)
    return statements[0] if len(statements) == 1 else sql


class Cursor:
    """One cursor for one call or one transaction; never kept, never shared between threads."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, keyed: Collection[str] = ()) -> None:
        """Wrap a fresh DuckDB cursor; ``keyed`` are the tables whose rows carry their ``notice_key``."""
        self._cursor = cursor
        self._keyed = keyed
        self.written: set[str] = set()     # the tables that statements wrote to since this was emptied

    def run(self, sql: str, parameters: Parameters | None = None) -> int:
        """Execute statements; the number of rows that the last one changed, -1 if it says nothing."""
        result = self._execute(sql, parameters)
        row = result.fetchone() if result.description else None
        return int(row[0]) if row and isinstance(row[0], int) else -1

    def frame(self, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """The rows of a SELECT, for showing: decimals become float64, NULL becomes NaN/NaT/None.

        Whatever is judged or summed is judged and summed in SQL, on decimals; use ``rows`` where
        Python needs the exact value.
        """
        return self._execute(sql, parameters).df()

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """The rows of a SELECT as dictionaries with exact Python values."""
        result = self._execute(sql, parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrow(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """The rows of a SELECT as an Arrow table: every value exact, for an archive."""
        self._note(sql)
        return self._cursor.sql(_parsed(sql), params=_bound(sql, parameters)).to_arrow_table()

    def table(self, name: str) -> pa.Table:
        """All rows of a table, as an Arrow table."""
        return self.arrow(f"FROM {_identifier(name)}")

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of ``data/sql/queries/<name>.sql``."""
        return self.frame(sql_text("data", f"queries/{name}"), parameters)

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Append rows to a table; the keys of the first row are the columns.

        A row of a notice gets its ``notice_key`` here, from its ``document_number`` or its ``report_id``.

        Raises: ValueError if a name is not an identifier or a row has other keys than the first.
        """
        if not rows:
            return 0
        columns = list(rows[0])
        for name in (table, *columns):
            _identifier(name)
        if any(list(row) != columns for row in rows):
            raise ValueError("rows differ in their columns")
        values = list(columns)
        if table in self._keyed:
            columns.append("notice_key")
            values.append(f"notice_key({'document_number' if 'document_number' in values else 'report_id'})")
        # One statement with a list a column: one statement a row takes ten times as long.
        lists = ", ".join(f"UNNEST(?) AS {name}" for name in rows[0])
        self.written.add(table)
        self._cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM (SELECT {lists})",
            [[row[name] for row in rows] for name in rows[0]],
        )
        return len(rows)

    def delete(self, table: str, column: str, value: Any) -> int:
        """Take out the rows of a table that have a value in a column; how many there were."""
        return self.run(f"DELETE FROM {_identifier(table)} WHERE {_identifier(column)} = $value", {"value": value})

    def _execute(self, sql: str, parameters: Parameters | None) -> duckdb.DuckDBPyConnection:
        self._note(sql)
        return self._cursor.execute(_parsed(sql), _bound(sql, parameters))

    def _note(self, sql: str) -> None:
        named(words(sql))
        self.written |= targets(sql)

    def lend(self, name: str, frame: pd.DataFrame | pa.Table) -> None:
        """Let SQL on this cursor read a pandas frame or an Arrow table under a name."""
        self._cursor.register(name, frame)


def _connect(path: Path | None, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=_CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BusyStoreError(
                f"数据库 {path} 正被另一个程序使用：请先停止正在运行的问效服务，或在网页上操作。"
            ) from error
        raise WenxiaoError(
            f"打不开数据库 {path}：文件不是问效数据库或已损坏。请从备份恢复，或换一个目录。"
        ) from error
    except duckdb.Error as error:
        torn = re.search(r"WAL file.*byte position (\d+)", str(error), re.S)
        if path is None or torn is None:
            raise
        ahead = path.with_name(f"{path.name}.wal")
        position, size = int(torn[1]), ahead.stat().st_size
        raise TornStoreError(
            f"打不开数据库 {path}：还没有并入的最近办理（{ahead.name}）从第 {position:,} 字节起损坏，"
            f"末尾 {size - position:,} 字节（共 {size:,} 字节）里的办理读不出来，以前的都完好。", position,
        ) from error


class Store:
    """The one door to DuckDB.

    Raises: BusyStoreError if another process holds the file; TornStoreError if its newest part is damaged;
            WenxiaoError if the file is no store.
    """

    def __init__(
        self, path: Path | None, *, is_copy: bool = False, before_upgrade: Callable[[Store], object] | None = None
    ) -> None:
        """Open the file, or a store in memory for None, and bring its schema up to date.

        A copy that ``copy_to`` made is only read: whoever writes to it is refused. ``before_upgrade`` is given the
        store of an earlier release as it is; if that fails, nothing is changed.
        """
        self.path = path
        self.is_copy = is_copy
        self._connection = _connect(path, read_only=is_copy)
        # A connection takes one writer at a time; two people's actions queue here instead of failing.
        self._writing = threading.RLock()
        self._copying = threading.Lock()
        self._data_version = 0
        self._changes = Changes()
        self._here = threading.local()
        self._keyed: frozenset[str] = frozenset()
        if not is_copy:
            self._migrate(before_upgrade)
        self._know_tables()

    @property
    def data_version(self) -> int:
        """Grows with every committed transaction."""
        return self._data_version

    @property
    def changed_here(self) -> int:
        """The state that the running thread made last; 0 if none."""
        return getattr(self._here, "version", 0)

    def tables(self, said: Collection[str]) -> frozenset[str]:
        """The tables that the words of statements stand for."""
        return self._changes.tables(said)

    def last_change(self, tables: Collection[str]) -> int:
        """The newest state in which any of the tables changed, as far as it is shown; 0 if none has since the start."""
        return self._changes.last(tables)

    @property
    def byte_count(self) -> int:
        """What the store takes on the disk, with what is not yet written into its file; 0 in memory."""
        if self.path is None:
            return 0
        ahead = self.path.with_name(f"{self.path.name}.wal")
        return sum(file.stat().st_size for file in (self.path, ahead) if file.is_file())

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor for one read."""
        cursor = self._connection.cursor()
        try:
            yield Cursor(cursor, self._keyed)
        finally:
            cursor.close()

    @contextmanager
    def transaction(self, *, is_shown: bool = True, on: Cursor | None = None) -> Iterator[Cursor]:
        """A cursor whose work is kept whole when the block ends and dropped whole when it fails.

        ``is_shown`` is false for what no cached board shows, such as a session's last activity. ``on`` is a cursor
        of ``reading`` that has made temporary tables ready: only it can see them, and others write meanwhile.

        Raises: RefusedError on a copy; UnwrittenError if the disk is full or may not be written to.
        """
        self._refuse_on_copy()
        with self._writing, nullcontext(on) if on else self.reading() as cursor:
            try:
                cursor.run("BEGIN TRANSACTION")
                cursor.written.clear()
                yield cursor
                cursor.run("COMMIT")
                if is_shown:
                    self._changes.note(self._data_version + 1, cursor.written)
                    self._data_version += 1
                    self._here.version = self._data_version
            except BaseException as error:
                # A COMMIT that failed has already ended the transaction; the first fault is the one to tell.
                with suppress(duckdb.TransactionException):
                    cursor.run("ROLLBACK")
                if _is_of_the_disk(error):
                    raise UnwrittenError(
                        f"没有保存，什么也没有写入：磁盘已满或不能写入（{self.path}）。"
                        "请系统管理员腾出空间，然后再办一次；以前保存的都在。"
                    ) from error
                raise

    @contextmanager
    def rehearsal(self) -> Iterator[Cursor]:
        """A cursor whose work is always dropped: what would come of an action, without doing it.

        Raises: RefusedError on a copy.
        """
        self._refuse_on_copy()
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN TRANSACTION")
                yield Cursor(cursor, self._keyed)
            finally:
                cursor.execute("ROLLBACK")
                cursor.close()

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """A cursor whose reads all show the same moment; writers go on meanwhile."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield Cursor(cursor, self._keyed)
        finally:
            cursor.execute("ROLLBACK")
            cursor.close()

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of ``data/sql/queries/<name>.sql``."""
        with self.reading() as cursor:
            return cursor.query(name, **parameters)

    def ping(self) -> None:
        """Run the smallest statement there is.

        Raises: duckdb.Error if the store does not answer.
        """
        with self.reading() as cursor:
            cursor.rows("SELECT 1 AS alive")

    def copy_to(self, path: Path) -> None:
        """Write all tables, as they are at one moment, into a new file; others read and write meanwhile.

        The file of the store is not read for it: to close it again would take this process's lock off.

        Raises: FileExistsError if the file is there.
        """
        if path.exists():
            raise FileExistsError(path)
        with self._copying, self.reading() as cursor:
            (here,) = cursor.rows("SELECT CURRENT_DATABASE() AS name")
            quoted = str(path).replace("'", "''")
            cursor.run(f"ATTACH '{quoted}' AS copy_of_store")
            try:
                cursor.run(f'COPY FROM DATABASE "{here["name"]}" TO copy_of_store')
            finally:
                cursor.run("DETACH copy_of_store")

    def show(self, path: Path) -> None:
        """Read from a newer copy from now on; what is being read ends on the old one.

        Raises: WenxiaoError if the file is no store.
        """
        # The former connection is not closed: that would end its cursors. The engine frees it with the last of them.
        self._connection = _connect(path, read_only=True)
        self.path = path
        self._changes.note(self._data_version + 1, {EVERYTHING})
        self._data_version += 1

    def close(self) -> None:
        """Write everything out and release the file."""
        self._connection.close()

    def _refuse_on_copy(self) -> None:
        if self.is_copy:
            raise RefusedError("这里是只读副本，只能看，不能办理：请打开主服务的网址办理。")

    def _migrate(self, before_upgrade: Callable[[Store], object] | None) -> None:
        folder = resources.files("data").joinpath("sql", "schema")
        files = {file.name.removesuffix(".sql"): file for file in folder.iterdir() if file.name.endswith(".sql")}
        with self.transaction() as cursor:
            cursor.run(
                "CREATE TABLE IF NOT EXISTS schema_step "
                "(step_name TEXT PRIMARY KEY, applied_at TIMESTAMP NOT NULL)"
            )
            applied = {row["step_name"] for row in cursor.rows("SELECT step_name FROM schema_step")}
        steps = sorted(files.keys() - applied)
        try:
            if applied - files.keys():
                raise WenxiaoError(
                    f"数据库 {self.path} 已由更新的版本打开过（{max(applied)}），这个版本读不了：请用新版本的程序。"
                )
            if steps and applied and before_upgrade:
                before_upgrade(self)
        except BaseException:
            self.close()
            raise
        with self.transaction() as cursor:
            for step in steps:
                cursor.run(files[step].read_text(encoding="utf-8"))
                cursor.run("INSERT INTO schema_step VALUES ($step, current_timestamp::TIMESTAMP)", {"step": step})
            keyed = cursor.rows("SELECT table_name FROM duckdb_columns() WHERE column_name = 'notice_key'")
        self._keyed = frozenset(row["table_name"] for row in keyed)

    def _know_tables(self) -> None:
        with self.reading() as cursor:
            tables = cursor.rows("SELECT table_name FROM duckdb_tables()")
            views = cursor.rows("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal")
        behind = [(row["view_name"], row["sql"]) for row in views] + _macros()
        self._changes.know([row["table_name"] for row in tables], behind)


def _macros() -> list[tuple[str, str]]:
    """The name and text of every macro of the schema: DuckDB 2.0 does not list those of a store (std::bad_cast)."""
    steps = resources.files("data").joinpath("sql", "schema").iterdir()
    return [pair for step in steps for pair in _MACRO.findall(step.read_text(encoding="utf-8"))]


def _is_of_the_disk(error: BaseException) -> bool:
    """Whether a statement failed because the disk took no more, not because of what it says."""
    signs = ("Could not write file", "Could not truncate", "No space left", "Read-only file system")
    return isinstance(error, duckdb.Error) and any(sign in str(error) for sign in signs)


@cache
def engine() -> Store:
    """A store in memory that only lends its engine: each call reads its own rows on its own cursor."""
    return Store(None)
