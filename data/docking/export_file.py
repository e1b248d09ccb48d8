"""A file of a system's export → a table of words that SQL can read, whatever the file's format and encoding.

What an export says of persons must not be left behind: files are staged without a name, so that nothing of them
outlives the process, and no fault's sentence repeats what stands in a cell.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.apart import apart
from data.archives import damage_as_file_error, damaged_sentence
from data.docking.export_workbook import LOST_DIGITS, read_export_workbook
from data.errors import CellIssue, FileError, IntakeError, WenxiaoError
from data.files import file_content
from data.store import Cursor

MAX_EXPORT_BYTES = 4 * 1024**3
KINDS = (".csv", ".xlsx", ".parquet")
CELLS = "lent_export_cell"
MAX_NAMED = 200     # of the faults of a file that cannot be taken
_UNEVEN = "的格数与首行不同，或引号不成对：单元格内有逗号的请用引号括起来"
_CHUNK = 1 << 20
PIECE_BYTES = 32 << 20      # a file is read in pieces of no less
_BEIJING_US = 8 * 3600 * 1_000_000     # ahead of UTC


@dataclass(frozen=True)
class StagedExport:
    """An export ready to be read, in one or more pieces.

    Each of ``pieces`` is the line of its first row, 1 where there is no line of heads, and a SELECT of its cells as
    words, in columns c0, c1, … ``line_count`` is how many lines the file has, None where rows are lines for sure.
    """

    file_name: str
    sha256: str
    heads: tuple[str, ...]
    pieces: tuple[tuple[int, str], ...]
    line_count: int | None = None
    table: Any = None
    text: IO[bytes] | None = None

    def cells_sql(self, places: Mapping[str, int]) -> str:
        """A SELECT of the cells by field, without the blanks around them, each row with its line_no."""
        cells = ", ".join(f"plain(COALESCE(c{place}, '')) AS {name}_cell" for name, place in places.items())
        # Numbered while a piece is read from its beginning: a join later may bring the rows into any order. What is
        # numbered so is read by one core, and therefore large files in pieces.
        return " UNION ALL ".join(
            f"SELECT {cells}, ROW_NUMBER() OVER () - 1 + {first_line} AS line_no FROM ({sql})"
            for first_line, sql in self.pieces
        )

    def has_sure_lines(self, row_count: int) -> bool:
        """Whether each of so many rows is one line: no cell holds a line break, and none was left empty."""
        return self.pieces[0][0] > 1 and self.line_count in (None, row_count + 1)

    def lend(self, cursor: Cursor) -> None:
        """Let a cursor read the cells."""
        if self.table is not None:
            cursor.lend(CELLS, self.table)

    def broken(self, error: Exception) -> WenxiaoError:
        """The fault of a file that turned out to be no table while it was read; never what stands there."""
        if self.line_count is None:
            return FileError(damaged_sentence(self.file_name))
        if self.text is not None and (lines := list(_uneven_lines(self.text, len(self.heads)))):
            issues = [
                CellIssue("uneven-line", f"第{line}行", f"第{line}行{_UNEVEN}，重新导出后再上传。")
                for line in lines[:MAX_NAMED]
            ]
            return IntakeError(self.file_name, issues, len(lines) - len(issues))
        # The line is counted from the beginning of a piece.
        found = re.search(r"CSV Error on Line: (\d+)", str(error)) if len(self.pieces) == 1 else None
        place = f"第{found[1]}行" if found else "某一行"
        return FileError(f"《{self.file_name}》{place}{_UNEVEN}，重新导出后再上传。")


@contextmanager
def staged(source: Path | bytes, file_name: str) -> Iterator[StagedExport]:
    """A file on disk or in memory, as something that SQL reads while the block runs.

    Raises: FileError with one sentence if it is no .csv, .xlsx or .parquet file that can be read.
    """
    suffix = Path(file_name).suffix.lower()
    if suffix not in KINDS:
        raise FileError(f"《{file_name}》不是可以对接的文件：请导出为 {'、'.join(KINDS)} 后再上传。")
    with ExitStack() as stack:
        if suffix == ".xlsx":
            content = source if isinstance(source, bytes) else file_content(source, file_name)
            yield _from_workbook(content, file_name)
            return
        file = _opened(stack, source, file_name)
        yield (_from_parquet if suffix == ".parquet" else _from_csv)(stack, file, file_name)


def _opened(stack: ExitStack, source: Path | bytes, file_name: str) -> IO[bytes]:
    """The file's bytes, seekable; those in memory as a file without a name."""
    if isinstance(source, bytes):
        file: IO[bytes] = _nameless(stack)
        file.write(source)
        file.flush()
    else:
        try:
            file = stack.enter_context(source.open("rb"))
        except OSError as error:
            raise FileError(f"找不到或打不开文件《{file_name}》，请检查文件名、所在文件夹和读取权限。") from error
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise FileError(f"《{file_name}》是空文件（0 字节），请重新导出或换一个文件。")
    if size > MAX_EXPORT_BYTES:
        raise FileError(f"《{file_name}》超过 {MAX_EXPORT_BYTES // 1024**3} GB 上限，请按月或按单位分开导出。")
    return file


def _nameless(stack: ExitStack) -> IO[bytes]:
    """A file that no folder lists: it is gone with the process, however that ends."""
    return stack.enter_context(tempfile.TemporaryFile())


def _from_csv(stack: ExitStack, file: IO[bytes], file_name: str) -> StagedExport:
    sha256, line_count, encoding, is_plain = _looked_through(file, file_name)
    if encoding != "utf-8" or not is_plain:
        file = _transcoded(stack, file, encoding)
    file.seek(0)
    # A head line is short; a longer one is none.
    first = io.TextIOWrapper(io.BytesIO(file.readline(_CHUNK)), encoding="utf-8-sig", newline="").read()
    heads = tuple(next(csv.reader([first]), []))
    if len(heads) < 2:
        raise FileError(f"《{file_name}》的首行只有一列：请导出为以逗号分隔的 CSV 文件。")
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(heads)))
    # Read by descriptor: the staged files have no name.
    pieces = tuple(
        (max(line, 2), f"SELECT * FROM read_csv('/proc/self/fd/{piece.fileno()}', header = {line == 1}, "
         "auto_detect = false, delim = ',', quote = '\"', escape = '\"', strict_mode = true, "
         f"max_line_size = 4000000, columns = {{{columns}}})")
        for line, piece in _in_pieces(stack, file)
    )
    return StagedExport(file_name, sha256, heads, pieces, line_count, text=file)


def _in_pieces(stack: ExitStack, file: IO[bytes]) -> list[tuple[int, IO[bytes]]]:
    """The file cut into a piece for each core, each with the line that it begins with; the file itself if it is small.

    It is cut behind a line break that no quotes are open at: a quote within quotes is doubled, so that their number is
    even there, in whatever order they come.
    """
    size = file.seek(0, io.SEEK_END)
    count = min(os.cpu_count() or 1, size // PIECE_BYTES)
    if count < 2:
        return [(1, file)]
    pieces = [(1, _nameless(stack))]
    read, line, quotes = 0, 1, 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        cut = max(0, len(pieces) * size // count - read)
        while len(pieces) < count and (cut := chunk.find(b"\n", cut) + 1):
            if (quotes + chunk.count(b'"', 0, cut)) % 2 == 0:
                pieces[-1][1].write(chunk[:cut])
                pieces.append((line + chunk.count(b"\n", 0, cut), _nameless(stack)))
                break
        else:
            cut = 0
        pieces[-1][1].write(chunk[cut:])
        read, line, quotes = read + len(chunk), line + chunk.count(b"\n"), quotes + chunk.count(b'"')
    for _, piece in pieces:
        piece.flush()
    return pieces


def _uneven_lines(file: IO[bytes], width: int) -> Iterator[int]:
    """The lines of a CSV file whose rows have another number of cells than the head line."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows, line = csv.reader(text, strict=True), 1
    try:
        for row in rows:
            if row and len(row) != width:
                yield line
            line = rows.line_num + 1
    except csv.Error:
        yield line      # nothing behind an open quote can be told apart
    finally:
        text.detach()


def _looked_through(file: IO[bytes], file_name: str) -> tuple[str, int, str, bool]:
    """The file's fingerprint, how many lines it has, its encoding (utf-8 or gb18030), whether all lines end alike."""
    digest, feeds, returns, pairs, last = hashlib.sha256(), 0, 0, 0, b""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        pairs += (last + chunk).count(b"\r\n")
        last = chunk[-1:]
        if b"\x00" in chunk:
            raise FileError(f"《{file_name}》含有空字节，不是正常的文本文件，请重新导出为 UTF-8 的 CSV。")
        for name in tuple(decoders):
            try:
                decoders[name].decode(chunk)
            except UnicodeDecodeError:
                del decoders[name]
    for name in tuple(decoders):
        try:
            decoders[name].decode(b"", final=True)
        except UnicodeDecodeError:
            del decoders[name]
    if not decoders:
        raise FileError(f"《{file_name}》有无法识别的字符（文件损坏或编码不对），请重新导出为 UTF-8 的 CSV。")
    lines = feeds + returns - pairs + (last not in (b"\n", b"\r"))
    return digest.hexdigest(), lines, next(iter(decoders)), returns == pairs and pairs in (0, feeds)


def _transcoded(stack: ExitStack, file: IO[bytes], encoding: str) -> IO[bytes]:
    """The same text as UTF-8, every line ending alike: old systems end a line by a carriage return, or mix."""
    made = _nameless(stack)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    file.seek(0)
    while chunk := file.read(_CHUNK):
        made.write(decoder.decode(chunk).encode())
    made.write(decoder.decode(b"", True).encode())
    made.flush()
    return made


def _from_parquet(stack: ExitStack, file: IO[bytes], file_name: str) -> StagedExport:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    if file.read(4) != b"PAR1":
        raise FileError(f"《{file_name}》的扩展名是 .parquet，内容却不是，请重新导出后再上传。")
    file.seek(0)
    with damage_as_file_error(file_name):
        schema = pq.ParquetFile(file).schema_arrow
    places = range(len(schema))
    cells = ", ".join(f"{_parquet_words(schema.field(place).type, f'c{place}')} AS c{place}" for place in places)
    # Read by descriptor and a part at a time: the staged file has no name, and may be larger than the memory.
    sql = (
        f"SELECT {cells} FROM read_parquet('/proc/self/fd/{file.fileno()}') "
        f"AS t({', '.join(f'c{place}' for place in places)})"
    )
    return StagedExport(file_name, digest.hexdigest(), tuple(schema.names), ((1, sql),))


def _parquet_words(kind: pa.DataType, cell: str) -> str:
    """The SQL of a cell as words, by the rules that a workbook's numbers follow, too."""
    if pa.types.is_boolean(kind):
        return f"CASE WHEN {cell} THEN '是' WHEN NOT {cell} THEN '否' END"
    if pa.types.is_float64(kind):
        return f"double_words({cell}, '{LOST_DIGITS}')"
    if pa.types.is_floating(kind):
        return f"single_words({cell}, '{LOST_DIGITS}')"
    if pa.types.is_timestamp(kind) and kind.tz:
        # The day is that of the office, wherever the server stands.
        return f"CAST(MAKE_TIMESTAMP(EPOCH_US({cell}) + {_BEIJING_US}) AS VARCHAR)"
    return f"CAST({cell} AS VARCHAR)"


def _from_workbook(content: bytes, file_name: str) -> StagedExport:
    read = apart(file_name, read_export_workbook, content, file_name)
    table = pa.ipc.open_stream(read.cells).read_all()
    return StagedExport(file_name, read.sha256, read.heads, ((2, f"FROM {CELLS}"),), table=table)
