"""Papers as people, programs and commands get them: rights, the line in the log, batches, the bureau's own head."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
import streamlit as st
from builders import NUMBER, OFFICER, ROUND, UNITS, clerk, demo_folder, is_whole_log, opened_store, rows, sign_in
from docx.oxml.ns import qn
from issued_builders import AT, DESK, OWN, SCOPE, all_words, facts, opened, order
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard import arguments, session
from dashboard.actions import issued_papers
from dashboard.actions.issued_papers import FAILURES_NAME, Desk, draft_paper, issue_batch, issue_paper, issue_unit_paper
from dashboard.api.door import machine_routes
from dashboard.cli import run
from dashboard.gauges import Gauges
from dashboard.papers import circular
from dashboard.papers.catalogue import KINDS, Order, compose, write
from dashboard.papers.content import DEMONSTRATION as MARK
from dashboard.papers.facts import Facts
from dashboard.papers.head import FILE_NAME, FOLDER, fill_head, head_template
from dashboard.rights import COUNTY_APPROVER, COUNTY_REPORTER, PREFECTURE_OFFICER, NotAllowedError
from dashboard.workspace import STORE_NAME, open_existing
from data.audit import Actor
from data.errors import FileError, NotFoundError, RefusedError
from data.store import Store
from metrics.boards import issued
from tests.api_builders import Prepared, prepared

APP = Path(session.__file__).parent / "app.py"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration to hand papers out of."""
    held = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path_factory.mktemp("issued") / STORE_NAME)))
    yield held
    held.close()


def newest(store: Store) -> dict[str, Any]:
    return rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0]


# --- rights and the log --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "asked", "is_let"),
    [
        (clerk("luntai"), order("unit-assessment", "luntai"), True),
        (clerk("luntai"), order("unit-notice", "luntai"), True),
        (clerk("luntai"), order("unit-assessment", "bohu"), False),
        (clerk("luntai"), order("circular"), False),
        (clerk("luntai"), order("supervision", inquiry_no=1), False),
        (Actor("局长", "leader"), order("circular"), True),
        (Actor("审计员", "auditor"), order("region-assessment"), True),
        (Actor("信息员", "administrator"), order("circular"), False),
        (Actor("信息员", "administrator"), order("unit-assessment", "luntai"), False),
    ],
)
def test_who_gets_which_paper(store, actor, asked, is_let):
    before = newest(store)["entry_no"]
    if is_let:
        assert issue_paper(store, actor, AT, asked, DESK).entry.entry_no == before + 1
    else:
        with pytest.raises(NotAllowedError):
            issue_paper(store, actor, AT, asked, DESK)
        assert newest(store)["entry_no"] == before


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.about == "unit"])
def test_a_units_paper_is_the_same_whoever_of_those_who_may_asks_for_it(store, name):
    """A county reads the boards cut to its own rows: nothing in its paper may hang on the others'."""
    own, officers = (draft_paper(store, actor, order(name, "luntai"), DESK.settings)
                     for actor in (clerk("luntai"), OFFICER))
    assert own == officers


def test_a_paper_reads_no_board_out_of_the_askers_reach(store):
    """Should a paper of all units ever be let out to a county, its boards still would not be."""
    with pytest.raises(NotAllowedError):
        circular.circular(Facts(store, SCOPE, OWN, clerk("luntai")))
    assert set(Facts(store, SCOPE, OWN, clerk("luntai")).inquiries["recipient_id"]) <= {"luntai"}
    assert len(set(Facts(store, SCOPE, OWN, OFFICER).inquiries["recipient_id"])) > 1


def test_the_log_has_the_hash_of_the_very_file(store):
    made = issue_paper(store, OFFICER, AT, order("unit-assessment", "luntai"), DESK)

    line, detail = newest(store), json.loads(newest(store)["detail_json"])
    assert (line["action_name"], line["subject_text"]) == ("issue_unit_paper", NUMBER)
    assert detail["after"] == {
        "file": made.file_name, "sha256": hashlib.sha256(made.content).hexdigest(), "byte_count": len(made.content),
    }
    assert (detail["recipient_id"], detail["round_id"], detail["as_of_on"]) == ("luntai", ROUND, "2021-12-28")
    assert made.file_name == "绩效目标自评表_轮台县_2021年12月.docx"
    again = issue_paper(store, OFFICER, AT, order("unit-assessment", "luntai"), DESK)
    assert again.sha256 == made.sha256 and again.entry != made.entry
    assert is_whole_log(store)


def test_the_board_lists_what_was_handed_out_the_newest_first(store):
    made = issue_paper(store, OFFICER, AT, order("unit-monitoring", "bohu"), DESK)

    row = issued.made(store).iloc[0]
    assert (row["entry_no"], row["recipient_id"], row["file_sha256"]) == (made.entry.entry_no, "bohu", made.sha256)
    assert row["paper_name"] == "绩效运行监控情况表"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (order("poem"), "没有“poem”这种公文报表"),
        (order("circular", form="pdf"), "没有“pdf”"),
        (order("unit-report", "luntai", form="xlsx"), "只有 Word 格式"),
        (order("circular", round_id=""), "还没有开启填报轮次"),
        (order("circular", round_id="2021-99"), "还没有开启这个填报轮次"),
        (order("circular", as_of_on=SCOPE.as_of_on.replace(day=29)), "不能晚于今天"),
        (order("unit-assessment", "wulumuqi"), "没有给“wulumuqi”资金"),
        (order("circular", document_number="无"), "没有发布过文号为“无”的文件"),
    ],
)
def test_what_cannot_be_handed_out_is_refused_and_leaves_no_line(store, asked, words):
    before = newest(store)["entry_no"]
    with pytest.raises((RefusedError, NotFoundError), match=words):
        issue_paper(store, OFFICER, AT, asked, DESK)
    assert newest(store)["entry_no"] == before


def test_a_paper_of_one_door_does_not_go_through_another(store):
    with pytest.raises(RefusedError, match="不能这样出具"):
        issue_unit_paper(store, clerk("luntai"), AT, "luntai", order("circular"), DESK)
    with pytest.raises(RefusedError, match="不能这样出具"):
        issue_batch(store, OFFICER, AT, order("circular"), DESK)
    with pytest.raises(NotAllowedError):
        issue_batch(store, clerk("luntai"), AT, order("unit-assessment"), DESK)


def test_figures_that_change_while_a_paper_is_composed_are_read_anew(store, monkeypatch):
    calls = []

    def composed(facts: Any, asked: Order) -> Any:
        calls.append(asked)
        if len(calls) == 1:     # somebody acts in the middle of the reading
            with store.transaction():
                pass
        return compose(facts, asked)

    monkeypatch.setattr(issued_papers, "compose", composed)
    issue_paper(store, OFFICER, AT, order("unit-notice", "luntai"), DESK)
    assert len(calls) == 2


# --- batches -------------------------------------------------------------------------------------------------------


def test_a_batch_has_every_units_paper_as_it_is_alone_and_tells_how_far_it_is(store):
    told: list[tuple[str, int, int]] = []
    made = issue_batch(store, OFFICER, AT, order("unit-notice"), DESK, lambda *said: told.append(said))

    with zipfile.ZipFile(io.BytesIO(made.content)) as opened_zip:
        names = opened_zip.namelist()
        alone = issue_paper(store, OFFICER, AT, order("unit-notice", "luntai"), DESK)
        assert opened_zip.read(alone.file_name) == alone.content
    assert len(names) == len(UNITS) and not made.failures
    assert [(done, count) for _, done, count in told] == [(number, 12) for number in range(1, 13)]
    line = rows(store, "SELECT * FROM audit_log WHERE entry_no = $no", no=made.entry.entry_no)[0]
    after = json.loads(line["detail_json"])["after"]
    assert after["files"][alone.file_name] == alone.sha256
    assert after["sha256"] == made.sha256


@pytest.mark.parametrize(("name", "form"), [("城关镇", "docx"), ("城关镇" * 40, "docx"), ("城关镇", "xlsx")])
def test_units_of_one_name_each_have_their_paper_in_a_batch(tmp_path, name, form):
    """Village and town names repeat; a name cut at its greatest length repeats too."""
    with closing(opened_store(tmp_path)) as twins:
        with twins.transaction() as cursor:
            cursor.run(
                "UPDATE recipient SET recipient_name = $name, short_name = $name "
                "WHERE recipient_id IN ('hejing', 'luntai')", {"name": name},
            )
        made = issue_batch(twins, OFFICER, AT, order("unit-notice", round_id="", form=form), DESK)

    with zipfile.ZipFile(io.BytesIO(made.content)) as opened_zip:
        names = opened_zip.namelist()
        files = {opened_zip.read(file) for file in names}
    assert len(names) + len(made.failures) == len(files) == len(UNITS)
    assert all(len(file) <= 85 for file in names)
    for unit in ("hejing", "luntai"):
        assert len([file for file in names if file.endswith(f"_{unit}.{form}")]) == 1


@pytest.mark.parametrize("fault", [RefusedError("数据不齐。"), KeyError("某列")])
def test_a_unit_that_fails_is_named_and_the_others_are_there(store, monkeypatch, fault):
    def composed(facts: Any, asked: Order) -> Any:
        if asked.recipient_id == "ruoqiang":
            raise fault
        return compose(facts, asked)

    monkeypatch.setattr(issued_papers, "compose", composed)
    made = issue_batch(store, OFFICER, AT, order("unit-notice"), DESK)

    assert [name for name, _ in made.failures] == ["若羌县"]
    with zipfile.ZipFile(io.BytesIO(made.content)) as opened_zip:
        assert len(opened_zip.namelist()) == 12     # eleven papers and the list of who has none
        assert opened_zip.read(FAILURES_NAME).decode("utf-8-sig").startswith("若羌县：")
    assert json.loads(newest(store)["detail_json"])["after"]["failures"] == ["若羌县"]


def test_a_batch_without_a_single_paper_is_refused(store, monkeypatch):
    def composed(*_: Any) -> Any:
        raise RefusedError("不行。")

    monkeypatch.setattr(issued_papers, "compose", composed)
    with pytest.raises(RefusedError, match="一个单位也没有出具成"):
        issue_batch(store, OFFICER, AT, order("unit-notice"), DESK)


# --- the page as it is laid out ------------------------------------------------------------------------------------


def test_the_page_is_that_of_an_official_paper():
    document = opened(write(compose(facts(), order("circular")), "docx"))
    first, second = document.sections

    millimetres = [round(side.mm) for side in (
        first.page_width, first.page_height, first.top_margin, first.bottom_margin, first.left_margin,
        first.right_margin,
    )]
    assert millimetres == [210, 297, 37, 35, 28, 26]
    assert (round(second.page_width.mm), round(second.page_height.mm)) == (297, 210)
    body = next(p for p in document.paragraphs if p.text.startswith("资金方面"))
    xml = body._element.xml
    assert 'w:line="560" w:lineRule="exact"' in xml
    assert 'w:firstLineChars="200"' in xml and 'w:firstLine="640"' in xml
    assert 'w:eastAsia="仿宋_GB2312"' in xml and 'w:sz w:val="32"' in xml
    title = next(p for p in document.paragraphs if p.text.startswith("关于2021年"))
    assert 'w:eastAsia="方正小标宋简体"' in title._element.xml and 'w:sz w:val="44"' in title._element.xml
    chapters = {"一、总体情况": "黑体", "（二）数据填报。": "楷体_GB2312"}
    for words, font in chapters.items():
        assert f'w:eastAsia="{font}"' in next(p for p in document.paragraphs if p.text == words)._element.xml
    for footer in (first.footer, first.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —" and "PAGE" in footer._element.xml
    assert "　　　〔2021〕　　号" in [p.text for p in document.paragraphs]
    assert "2021年　月　日" in [p.text for p in document.paragraphs]
    heads = [row for table in document.tables for row in table.rows if "w:tblHeader" in row._tr.xml]
    assert [cell.text for cell in heads[0].cells][:2] == ["序号", "单位"]


def test_a_documents_xml_has_its_parts_in_the_order_that_word_asks_for():
    document = opened(write(compose(facts(), order("unit-report", "luntai")), "docx"))
    order_of_parts = ["keepNext", "snapToGrid", "spacing", "ind", "jc", "rPr"]
    order_in_runs = ["rFonts", "b", "spacing", "sz", "u"]

    for properties in document.element.body.iter("{*}pPr"):
        names = [re.sub(r"\{.*\}", "", child.tag) for child in properties]
        known = [order_of_parts.index(name) for name in names if name in order_of_parts]
        assert known == sorted(known), names
    for properties in document.element.body.iter("{*}rPr"):
        names = [re.sub(r"\{.*\}", "", child.tag) for child in properties]
        known = [order_in_runs.index(name) for name in names if name in order_in_runs]
        assert known == sorted(known), names


# --- the bureau's own head -----------------------------------------------------------------------------------------


def template(*paragraphs: str) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_an_official_paper_stands_under_the_bureaus_own_head_and_is_still_marked(store):
    red = template("{{ 发文机关 }}文件", "{{ 文号 }}")
    made = issue_paper(store, OFFICER, AT, order("circular"), replace(DESK, template=red))
    again = issue_paper(store, OFFICER, AT, order("circular"), replace(DESK, template=red))

    words = all_words(made.content).split("\n")
    assert words[:3] == ["巴州财政局文件", "　　　〔2021〕　　号", "关于2021年困难群众救助补助资金绩效运行情况的通报"]
    assert MARK in opened(made.content).sections[0].header.paragraphs[0].text
    assert again.content == made.content


def test_a_form_has_no_head(store):
    red = template("{{ 发文机关 }}文件")
    made = issue_paper(store, OFFICER, AT, order("unit-assessment", "luntai"), replace(DESK, template=red))
    assert "文件\n" not in all_words(made.content)[:12]


def test_what_stands_in_a_head_is_words_and_the_template_reaches_nothing_else():
    paper = replace(compose(facts(), order("circular")), sender='甲<w:br/>&"局', addressees="")
    assert 'w:br' in all_words(fill_head(template("{{ 发文机关 }}"), paper))
    for attack in ("{{ 文号.__class__.__mro__ }}", "{{ 发文机关.__init__.__globals__ }}", "{% for %}", "{{ 1/0 }}"):
        try:
            said = all_words(fill_head(template(attack), paper))
        except FileError as refused:
            assert "红头模板" in str(refused)
        else:
            assert "class" not in said and "object" not in said


def test_the_template_is_looked_for_in_the_workspace(tmp_path):
    assert head_template(tmp_path) == b""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE_NAME).write_bytes(template("甲"))
    assert all_words(head_template(tmp_path)) == "甲"


def without(name: str) -> bytes:
    """A template whose part of this name was cut out."""
    document = docx.Document()
    for part in (document.element.body, document.styles.element):
        for child in [child for child in part if child.tag.endswith(f"}}{name}") or child.get(qn("w:styleId")) == name]:
            part.remove(child)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("missing", ["all", "sectPr", "Normal"])
def test_a_broken_head_is_told_and_stops_only_the_papers_under_it(store, missing):
    broken = b"no document" if missing == "all" else without(missing)

    with pytest.raises(FileError, match="红头"):
        issue_paper(store, OFFICER, AT, order("circular"), replace(DESK, template=broken))

    assert issue_paper(store, OFFICER, AT, order("unit-assessment", "luntai"), replace(DESK, template=broken)).content


# --- commands, programs, pages -------------------------------------------------------------------------------------


def test_the_words_of_the_command_are_those_of_the_catalogue():
    assert {name: kind.title for name, kind in KINDS.items()} == arguments.PAPERS


def test_the_command_writes_the_same_file_and_overwrites_none(tmp_path, capsys):
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "demo"))
    out = tmp_path / "自评表.docx"
    asked = ["papers", "unit-assessment", str(out), "--workspace", str(folder), "--unit", "轮台县", "--json"]

    assert run(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert out.read_bytes() == write(compose(facts(), order("unit-assessment", "luntai")), "docx")
    assert run(asked) == 2 and "已经存在" in capsys.readouterr().out
    for words, wrong in (
        ("应以 .docx 或 .xlsx 结尾", ["papers", "circular", str(tmp_path / "a.pdf"), "--workspace", str(folder)]),
        ("应以 .zip 结尾", ["papers", "unit-notice", str(tmp_path / "a.docx"), "--all", "--workspace", str(folder)]),
        ("没有“某县”这个单位", ["papers", "unit-notice", str(tmp_path / "b.docx"), "--unit", "某县", "--workspace",
                        str(folder)]),
    ):
        assert run(wrong) == 2
        assert words in capsys.readouterr().err
    assert run(["papers", "unit-notice", str(tmp_path / "c.zip"), "--all", "--workspace", str(folder)]) == 0
    assert len(zipfile.ZipFile(tmp_path / "c.zip").namelist()) == 12


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Prepared]]:
    """The routes of programs over a workspace with a token for every role."""
    made = prepared(tmp_path_factory.mktemp("papers"))
    workspace = open_existing(made.folder)
    with TestClient(Starlette(routes=machine_routes(lambda: workspace, Gauges()))) as client:
        yield client, made
    workspace.store.close()


def test_a_program_gets_the_file_its_hash_and_its_receipt(door):
    client, made = door
    officer, county = ({"Authorization": f"Bearer {made.secrets[role]}"} for role in (
        PREFECTURE_OFFICER, COUNTY_APPROVER,
    ))

    offered = client.get("/api/v1/papers", headers=county).json()["papers"]
    assert {paper["about"] for paper in offered} == {"unit"}
    answer = client.post("/api/v1/papers", headers=officer, json={"paper": "circular"})
    assert answer.status_code == 200
    assert answer.headers["Wenxiao-Sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert answer.headers["Wenxiao-Failures"] == "0" and int(answer.headers["Wenxiao-Receipt"]) > 0
    assert "%E9%80%9A%E6%8A%A5" in answer.headers["Content-Disposition"]
    assert "通报" in all_words(answer.content)
    own = client.post("/api/v1/papers", headers=county, json={"paper": "unit-assessment", "form": "xlsx"})
    assert own.status_code == 200
    for body in ({"paper": "circular"}, {"paper": "unit-assessment", "recipient_id": "yuli"}):
        assert client.post("/api/v1/papers", headers=county, json=body).status_code == 403
    assert client.post("/api/v1/papers", headers=officer, json={"paper": "poem"}).status_code == 409


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Open the page in a copy of the demonstration as somebody of a role."""
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "demo"))

    def clear() -> None:
        st.cache_resource.clear()
        st.cache_data.clear()

    def run_page(role: str, own: str = "", **address: str) -> AppTest:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
        clear()
        sign_in(monkeypatch, role, own)
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.switch_page("app_pages/issued.py").run()

    yield run_page
    clear()


def test_the_page_shows_the_paper_hands_it_out_and_lists_it(page):
    test = page(PREFECTURE_OFFICER, paper="unit-notice", unit="kuerle")
    shown = " ".join(str(element.proto.body) for element in test.main if hasattr(element.proto, "body"))
    assert "<u> 3,686 </u>" in shown

    test.button(key="issued_make").click().run()
    assert not test.exception and not test.error
    assert "已出具《资金通知" in test.success[0].value and "回执 第 " in test.success[0].value
    assert [button.label for button in test.get("download_button")] == ["下载"]


def test_the_page_hands_out_a_batch(page):
    test = page(PREFECTURE_OFFICER, paper="unit-notice", unit="*")
    test.button(key="issued_make").click().run()

    assert not test.exception and not test.error
    assert "已出具《分送各单位的资金通知" in test.success[0].value


def test_without_a_round_the_page_names_what_it_offers_and_lists_the_inquiries(page):
    test = page(PREFECTURE_OFFICER, as_of="2021-12-10", paper="supervision")

    assert "只能出具分送各单位的资金通知、整改通知书、督办单。" in test.info[0].value
    assert set(test.selectbox(key="issued_paper").options) == {"分送各单位的资金通知", "整改通知书", "督办单"}
    assert not test.exception


def test_the_page_offers_each_inquiry_with_its_state(page):
    test = page(PREFECTURE_OFFICER, paper="supervision")

    offered = test.selectbox(key="issued_inquiry").options
    assert any(words.startswith("问效单第1号　") for words in offered)
    assert not test.exception


def test_a_county_is_offered_its_own_papers_only(page):
    test = page(COUNTY_REPORTER, "luntai")

    assert set(test.selectbox(key="issued_paper").options) == {
        kind.title for kind in KINDS.values() if kind.about == "unit"
    }
    assert test.selectbox(key="issued_unit").options == ["轮台县"]
    assert not test.exception and not test.error


def test_a_desk_without_demonstration_marks_nothing(store):
    made = issue_paper(store, OFFICER, AT, order("unit-notice", "luntai"), Desk(OWN))
    assert MARK not in opened(made.content).sections[0].header.paragraphs[0].text
