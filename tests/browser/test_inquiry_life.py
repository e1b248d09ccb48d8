"""The life of a 问效单 in a real browser: asked, answered with evidence, put right, closed; nobody else sees it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, running
from tests.browser.test_life import main, press, says, type_into, upload

pytestmark = pytest.mark.browser

UNIT = "kuerle-kaifaqu"


@pytest.fixture
def own_demonstration(chromium: Path, demonstration: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server on a copy of the demonstration: this test writes."""
    folder = Path(shutil.copytree(demonstration, tmp_path / "workspace", ignore=shutil.ignore_patterns("server.json")))
    with running([sys.executable, "-m", "dashboard", "serve", "--workspace", str(folder), "--port", "0"]) as found:
        yield found


def write(visit: Visit, label: str, text: str) -> None:
    type_into(visit.page, label, text)


def test_the_whole_life_of_an_inquiry(open_tab, own_demonstration):
    def tab(account: str) -> Visit:
        return open_tab(own_demonstration, account=account)

    # The officer opens what a rule proposes about the zone's import.
    officer = tab("shebaoke")
    officer.open("/inquiries?part=proposals")
    says(officer, "标识“03 省级直达资金”，与文件的")
    write(officer, "要问的事", "标识为什么登成了省级？")
    press(officer, "开出问效单")
    says(officer, "已开出。回执")

    # The unit meets it first on its duties, and answers with evidence.
    county = tab(f"{UNIT}-2")
    county.open("/")
    says(county, "1 份问效单要办：问效单第8号")
    county.page.get_by_role("link", name="去答复").first.click()
    county.page.wait_for_timeout(800)
    county.wait()
    says(county, "标识为什么登成了省级？")
    press(county, "签发答复")
    says(county, "没有写原因；没有写措施；没有附佐证材料")
    write(county, "原因", "录入时选错了代码")
    write(county, "措施和完成日期", "12月29日前更正")
    upload(county, "更正申请.txt", "更正申请".encode())
    press(county, "签发答复")
    says(county, "本单位没有要答复或整改的问效单")
    county.photograph("inquiry-answered")

    # The prefecture finds it to be so and has it put right.
    officer.open("/inquiries?inquiry=8")
    says(officer, "录入时选错了代码")
    says(officer, "更正申请.txt")
    write(officer, "责任人", "开发区财政局李局长")
    write(officer, "整改要求", "标识改为中央直达资金，重新导入")
    press(officer, "认定属实，交办整改")
    says(officer, "责任人 开发区财政局李局长")

    county.open("/inquiries?inquiry=8")
    says(county, "标识改为中央直达资金，重新导入")
    write(county, "整改结果", "已更正标识并重新导入")
    write(county, "没有佐证的，写明原因", "监控系统回执明天才出")
    press(county, "签发整改结果")
    says(county, "1 份等州级办理")

    reviewer = tab("jixiaoke")
    reviewer.open("/inquiries?inquiry=8")
    says(reviewer, "监控系统回执明天才出")
    write(reviewer, "复核结论", "监控系统已显示更正后的标识")
    press(reviewer, "复核通过，销号")
    says(reviewer, "已办理。回执")
    assert "● 销号" in main(reviewer)

    # Another county sees nothing of it; the auditor finds every step in the log.
    other = tab("yuli-2")
    for path in ("/", "/inquiries", "/inquiries?inquiry=8"):
        other.open(path)
        assert "开发区" not in main(other)
        assert "选错了代码" not in main(other)
    auditor = tab("shenjiju")
    auditor.open("/log")
    for words in ("开出问效单", "答复问效单", "认定问效单", "报送整改结果", "问效单销号"):
        says(auditor, words)
    for visit in (officer, county, reviewer, other):
        assert visit.error_boxes() == []
        assert visit.english() == []
