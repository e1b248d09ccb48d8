"""Head and body of a notice: the founding one whole, the field ones against what a person read, then variations."""

import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import opencc
import pytest

from data.model import Line
from data.notice.document import Document
from data.notice.header import read_header

NOTICES = Path(__file__).parent / "notices"
FIELD = sorted(path.parent for path in (NOTICES / "field").glob("*/notice.txt"))


def header_of(text):
    lines = tuple(Line(no, line, f"第{no}行") for no, line in enumerate(text.split("\n"), start=1))
    return read_header(Document("notice.txt", "", lines))


@pytest.fixture(scope="module")
def founding():
    return header_of((NOTICES / "founding" / "notice.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "value", "line_no"),
    [
        ("issuer_header", "新疆巴音郭楞蒙古自治州财政局文件", 3),
        ("document_number", "巴财社〔2021〕96号", 5),
        ("title", "关于调整2021年部分中央困难群众救助补助资金分配方案的通知", 7),
        ("addressees", "各县市财政局", 9),
        ("fund_name", "困难群众救助补助资金", 7),
        ("income_account", "1100248 社会保障和就业共同财政事权转移支付收入", 15),
        ("expenditure_account", "208 社会保障和就业支出", 15),
        ("direct_fund_marker", "01 中央直达资金", 17),
        ("issuer", "巴州财政局", 30),
        ("dated_on", date(2021, 12, 22), 31),
        ("printed_on", date(2021, 12, 22), 43),
        ("unit", "万元", 76),
    ],
)
def test_founding_value_stands_on_its_line(founding, name, value, line_no):
    reading = getattr(founding, name)
    printed_line = (NOTICES / "founding" / "notice.txt").read_text(encoding="utf-8").split("\n")[line_no - 1]

    assert (reading.value, reading.line_no) == (value, line_no)
    assert reading.printed in printed_line


def test_founding_rest(founding):
    assert founding.fiscal_year == 2021
    assert founding.copied_to == ("巴州民政局", "本局预算科", "国库科")
    assert founding.annexes == (
        "1.2021 中央财政困难群众救助补助资金调整分配表",
        "2.中央对地方转移支付区域绩效目标表",
    )
    assert [(cite.value, cite.line_no) for cite in founding.cites] == [
        ("新财社〔2021〕292号", 11),
        ("新财社〔2017〕160号", 25),
        ("新财社〔2021〕156号", 25),
        ("巴财社〔2021〕3号", 53),
        ("巴财社〔2021〕40号", 53),
    ]
    assert (founding.project_code, founding.published_on, founding.other_own_numbers) == (None, None, ())


def test_founding_amount_was_left_blank(founding):
    assert founding.is_body_amount_blank
    assert founding.amount_yuan is None
    assert [(finding.code, finding.line_no) for finding in founding.findings] == [("blank-amount", 11)]


def test_founding_limit_stands_in_its_target_sheet(founding):
    (deadline,) = founding.deadlines

    assert deadline.working_days == 3
    assert deadline.counted_from == "收到自治区财政调整资金文件"
    assert deadline.what == "将调整中央财政困难群众救助补助资金指标信息全部导入监控系统"
    assert deadline.line_no == 91


def without_spaces(text):
    return text and "".join(text.split())


def read_as_expected(header):
    """The values of a header under the names and in the forms of expected.json."""

    def value(reading):
        return None if reading is None else reading.value

    amount = value(header.amount_yuan)
    return {
        "document_number": value(header.document_number),
        "title": without_spaces(value(header.title)),
        "issuer": value(header.issuer),
        "issue_date": None if header.dated_on is None else header.dated_on.value.isoformat(),
        "fund_name": value(header.fund_name),
        "amount_wan": None if amount is None else amount / 10_000,
        "income_account": value(header.income_account),
        "expenditure_account": value(header.expenditure_account),
        "direct_fund_marker": value(header.direct_fund_marker),
        "cites": [cite.value for cite in header.cites],
        "deadlines": [
            (limit.what, limit.working_days, limit.calendar_days, limit.due_on and limit.due_on.isoformat())
            for limit in header.deadlines
        ],
    }


def stated(expected):
    """What a person read, in the same forms; an amount through text, so that 76.6725 stays exact."""
    values = {name: expected[name] for name in ("document_number", "issuer", "issue_date", "fund_name")}
    values |= {name: expected[name] for name in ("income_account", "expenditure_account", "direct_fund_marker")}
    amount = expected["amount_wan"]
    return values | {
        "title": without_spaces(expected["title"]),
        "cites": expected["cites"],
        "amount_wan": None if amount is None else Decimal(str(amount)),
        "deadlines": [
            (limit["what"], limit.get("working_days"), limit.get("days"), limit.get("date"))
            for limit in expected["deadlines"]
        ],
    }


FLOORS = {  # of 25 field notices; a null counts too: reading what the text does not say is wrong
    "document_number": 25,
    "title": 25,
    "issuer": 25,
    "issue_date": 25,
    "fund_name": 25,
    "amount_wan": 25,
    "income_account": 25,
    "expenditure_account": 25,
    "direct_fund_marker": 25,
    "cites": 25,
    "deadlines": 25,
}


def test_field_notices_are_read_as_a_person_read_them():
    right = Counter()
    wrong = []
    for folder in FIELD:
        expected = stated(json.loads((folder / "expected.json").read_text(encoding="utf-8")))
        found = read_as_expected(header_of((folder / "notice.txt").read_text(encoding="utf-8")))
        for name in FLOORS:
            if found[name] == expected[name]:
                right[name] += 1
            else:
                wrong.append((folder.name, name, found[name], expected[name]))

    assert len(FIELD) == 25
    assert [name for name, floor in FLOORS.items() if right[name] < floor] == [], wrong


def in_numerals(match):
    digits = "〇一二三四五六七八九"
    year, month, day = match.groups()

    def number(text):
        tens, ones = divmod(int(text), 10)
        return ("" if tens < 1 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")

    return "".join(digits[int(digit)] for digit in year) + f"年{number(month)}月{number(day)}日"


DRESSES = {  # the same words as another page would put them
    "full-width punctuation": lambda text: text.translate(str.maketrans(":,();", "：，（）；")),
    "traditional characters": opencc.OpenCC("s2t").convert,
    "square brackets": lambda text: text.replace("〔", "[").replace("〕", "]"),
    "round brackets": lambda text: text.replace("〔", "（").replace("〕", "）"),
    "lens brackets": lambda text: text.replace("〔", "【").replace("〕", "】"),
    "a frame of pipes": lambda text: "\n".join(line + " |" for line in text.split("\n")),
    "bullets": lambda text: "\n".join("• " + line if line.strip() else line for line in text.split("\n")),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "indents": lambda text: "\n".join("\u3000\u3000" + line for line in text.split("\n")),
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
    "dates in numerals": lambda text: re.sub(
        r"(\d{4})年(\d\d?)月(\d\d?)日$", in_numerals, text, flags=re.MULTILINE
    ),
    "figures set apart": lambda text: re.sub(
        r"(?<=[\u4e00-\u9fff])(\d+)(?=[\u4e00-\u9fff])", r" \1 ", text
    ),
}


def shares_read(dress):
    for folder in FIELD:
        expected = stated(json.loads((folder / "expected.json").read_text(encoding="utf-8")))
        found = read_as_expected(header_of(dress((folder / "notice.txt").read_text(encoding="utf-8"))))
        for name in FLOORS:
            yield found[name] == expected[name], (folder.name, name, found[name])


@pytest.mark.parametrize("name", DRESSES)
def test_another_dress_changes_no_value(name):
    assert [where for is_right, where in shares_read(DRESSES[name]) if not is_right] == []


def test_page_put_on_one_line_is_still_read():
    right = [is_right for is_right, _ in shares_read(lambda text: re.sub(r"\s*\n\s*", " ", text))]

    assert sum(right) >= 0.97 * len(right)


def test_joint_notice_keeps_both_its_numbers():
    header = header_of((NOTICES / "field" / "24" / "notice.txt").read_text(encoding="utf-8"))

    assert [number.value for number in header.other_own_numbers] == ["武财行〔2015〕32号"]
    assert header.other_own_numbers[0].printed == "武财 行〔2015〕32号"
    assert header.cites == ()


def test_damaged_citation_is_repaired_in_the_open():
    header = header_of((NOTICES / "field" / "26" / "notice.txt").read_text(encoding="utf-8"))

    assert [(f.code, f.line_no, f.read_as) for f in header.findings] == [("number-damaged", 16, "吴农〔2023〕5号")]


def test_date_of_a_page_without_signature_is_said_to_be_the_pages():
    header = header_of((NOTICES / "field" / "10" / "notice.txt").read_text(encoding="utf-8"))

    assert header.dated_on == header.published_on
    assert [finding.code for finding in header.findings] == ["dated-by-page"]


def test_mirror_is_read_in_simplified_characters():
    header = header_of((NOTICES / "field" / "28" / "notice.txt").read_text(encoding="utf-8"))

    assert header.addressees.value == "市疾控中心、市人民医院、雅瑶镇财政所、雅瑶镇卫生院"
    assert header.issuer.printed == "鶴山市財政局 鶴山市衛(wèi)生健康局"
    assert header.amount_yuan.printed == "116.08萬元"


BODY = "各区财政局:\n现下达你区2021年水利发展资金{},请抓紧使用。\n"


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("1402万元", 14_020_000),
        ("70,076万元", 700_760_000),
        ("1.2亿元", 120_000_000),
        ("766725元", 766_725),
        ("20万", 200_000),
        ("(以下简称水利资金)2000万元", 20_000_000),
        ("共计24万元,其中:甲区3万元,乙区21万元", 240_000),
        ("500万元(其中中央资金300万元)", 5_000_000),
        ("500万元,每个项目最高不超过50万元", 5_000_000),
        ("如数", None),
        ("(金额详见附件)", None),
        ("300万元和农村饮水安全资金95万元", None),
    ],
)
def test_amount_in_the_body(words, yuan):
    header = header_of(BODY.format(words))

    assert (header.amount_yuan.value if header.amount_yuan else None) == yuan
    assert not header.is_body_amount_blank


@pytest.mark.parametrize(
    ("sentence", "wan"),
    [
        ("核定你县补助资金1000万元,扣除已提前下达800万元,本次下达200万元。", 200),
        ("上级下达我市补助资金180.62万元,现将其中的116.08万元拨付你单位。", Decimal("116.08")),
        ("一、资金来源\n1.中央资金1245万元\n2.省级资金54万元\n3.市级资金1200万元\n以上资金合计2499万元。", 2499),
        ("一、资金来源\n1、中央资金1266.8万元;\n2、市级资金787.76万元。", None),
        ("下达2021年水利发展资金,补助标准为每亩95元。", None),
        ("单位:万元", None),
    ],
)
def test_only_the_amount_handed_down_is_the_amount(sentence, wan):
    header = header_of(f"各县财政局:\n{sentence}")

    assert (header.amount_yuan.value if header.amount_yuan else None) == (wan and wan * 10_000)


@pytest.mark.parametrize("gap", ["        ", "\u00a0\u00a0 ", "______", "　　", " "])
def test_blank_amount_is_found_and_not_filled(gap):
    header = header_of(BODY.format(gap + "万元"))

    assert header.is_body_amount_blank
    assert header.amount_yuan is None


@pytest.mark.parametrize(
    ("words", "income", "expenditure"),
    [
        ("收入列“1100231-贫困地区转移支付收入”科目", "1100231 贫困地区转移支付收入", None),
        ("支出列“2130505一生产发展”预算科目", None, "2130505 生产发展"),
        ("支出列“2130599—其他扶贫支出”科目", None, "2130599 其他扶贫支出"),
        ("支出列“2010102一般行政管理事务”科目", None, "2010102 一般行政管理事务"),
        ("列入2021年支出科目第2081503项“自然灾害灾后重建补助”", None, "2081503 自然灾害灾后重建补助"),
        ("列“其他扶贫支出2130599”科目", None, "2130599 其他扶贫支出"),
        ("支出列入2100410科目", None, "2100410"),
        ("列入2020年度“城市维护费”支出指标", None, "城市维护费"),
        (
            "收支列“1100231欠发达地区转移支付收入”和“21305巩固脱贫衔接乡村振兴”",
            "1100231 欠发达地区转移支付收入",
            "21305 巩固脱贫衔接乡村振兴",
        ),
        ("列“205教育支出”类“02普通教育”款“03初中教育”项", None, "2050203 初中教育"),
        ("列“2130205森林培育”,政府预算经济科目“50299其他商品和服务支出”", None, "2130205 森林培育"),
        ("经济分类科目303“对个人和家庭的补助”", None, None),
        ("支出科目详见附件", None, None),
    ],
)
def test_account_spellings(words, income, expenditure):
    header = header_of(f"各区财政局:\n下达资金10万元,{words}。")

    assert (header.income_account.value if header.income_account else None) == income
    assert (header.expenditure_account.value if header.expenditure_account else None) == expenditure


@pytest.mark.parametrize(
    ("words", "marker"),
    [
        ("标识为“01中央直达资金”", "01 中央直达资金"),
        ("直达标识为“01 中央直达资金”,贯穿各环节", "01 中央直达资金"),
        ("直达资金标识为01", "01 中央直达资金"),
        ("标识为“03省级直达资金”", "03 省级直达资金"),
        ("该资金纳入直达资金管理", "直达资金"),
        ("该项补助资金为直达资金", "直达资金"),
        ("该项资金不纳入直达资金管理", None),
        ("该项资金不属于直达资金", None),
        ("请加快执行", None),
    ],
)
def test_marker_spellings(words, marker):
    header = header_of(f"各区财政局:\n下达资金10万元。{words}。")

    assert (header.direct_fund_marker.value if header.direct_fund_marker else None) == marker


@pytest.mark.parametrize(
    ("tail", "issuer", "day"),
    [
        ("常州市财政局    常州市民政局\n  2020年3月5日", "常州市财政局、常州市民政局", date(2020, 3, 5)),
        ("常州市财政局\n常州市民政局\n2020年 3 月 5 日", "常州市财政局、常州市民政局", date(2020, 3, 5)),
        ("常州市财政局 2020年3月5日\n(此件公开发布)", "常州市财政局", date(2020, 3, 5)),
        ("常州市财政局\n二○二○年三月五日", "常州市财政局", date(2020, 3, 5)),
        ("常州市财政局\n二OO九年六月十八日", "常州市财政局", date(2009, 6, 18)),
        ("常州市财政局\n2022622", "常州市财政局", date(2022, 6, 22)),
        ("附件:资金分配表常州市财政局2020年3月5日附件下载", "常州市财政局", date(2020, 3, 5)),
        ("甲市脱贫攻坚指挥部办公室\n2020年3月5日", "甲市脱贫攻坚指挥部办公室", date(2020, 3, 5)),
        ("2020年3月5日", None, date(2020, 3, 5)),
        ("", None, None),
    ],
)
def test_signatures(tail, issuer, day):
    header = header_of(BODY.format("10万元") + tail)

    assert (header.issuer.value if header.issuer else None) == issuer
    assert (header.dated_on.value if header.dated_on else None) == day


def test_print_line_without_its_day_sign_is_no_signature():
    header = header_of(BODY.format("10万元") + "常州市财政局\n2018年1月17日\n常州市财政局办公室 2018年1月18印发")

    assert (header.dated_on.value, header.printed_on.value) == (date(2018, 1, 17), date(2018, 1, 18))


@pytest.mark.parametrize(
    ("text", "own", "cites"),
    [
        (
            "根据甲财社〔2020〕5号,现以乙财社【2020】7号文下达2020年水利发展资金5万元。",
            "乙财社〔2020〕7号",
            ["甲财社〔2020〕5号"],
        ),
        ("省财政厅以川财社〔2020〕5号文件下达我市2020年水利发展资金5万元。", None, ["川财社〔2020〕5号"]),
        ("根据《关于下达资金的通知》(财社〔2020〕5号),下达水利发展资金5万元。", None, ["财社〔2020〕5号"]),
        ("下达水利发展资金5万元。\n文件下载:渝财社〔2024〕22号.docx", "渝财社〔2024〕22号", []),
        ("| 文号 | 商财预[2020]131号 |\n下达水利发展资金5万元。", "商财预〔2020〕131号", []),
        ("  • 文件编号：温瓯民〔2020〕37号\n下达水利发展资金5万元。", "温瓯民〔2020〕37号", []),
        ("关于下达2020年水利发展资金的通知（湘财农〔2020〕8号）\n各市财政局：\n下达5万元。", "湘财农〔2020〕8号", []),
    ],
)
def test_cited_number_never_becomes_the_own_one(text, own, cites):
    header = header_of(text)

    assert (header.document_number.value if header.document_number else None) == own
    assert [cite.value for cite in header.cites] == cites


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("财政部关于下达2020年中央对地方重点生态功能区转移支付预算的通知", "重点生态功能区转移支付"),
        ("关于提前下达2020年中央和省级水利发展资金的通知", "水利发展资金"),
        ("关于下达中央财政2018年第一批造林补贴资金的通知", "造林补贴资金"),
        ("关于下达2020年第二批省级财政专项扶贫资金的通知", "省级财政专项扶贫资金"),
        ("关于拨付2025年度区级重大动物疫病强制免疫补助资金的通知", "重大动物疫病强制免疫补助资金"),
        ("关于发放2021年2月份孤儿和困境儿童生活补助金的通知", "孤儿和困境儿童生活补助金"),
        ("关于下达农村危房改造补助资金(2021年第一批)的通知", "农村危房改造补助资金"),
        ("关于2020年农村环境整治资金(统筹整合部分)分配情况公告公示", "农村环境整治资金(统筹整合部分)"),
        ("关于下达2015年春学期义务教育学校生活补助经费指标的通知", "义务教育学校生活补助经费"),
    ],
)
def test_fund_is_named_without_year_batch_and_level(title, fund):
    header = header_of(f"{title}\n各区财政局:\n金额详见附件。")

    assert header.title.value == title
    assert header.fund_name.value == fund


def test_title_over_two_lines_is_one():
    header = header_of(
        "甲财农〔2019〕45号\n关于下达2019年第一批中央财政林业改革\n发展资金的通知\n各市财政局：\n下达5万元。"
    )

    assert header.title.value == "关于下达2019年第一批中央财政林业改革发展资金的通知"
    assert (header.title.line_no, header.fund_name.value) == (2, "林业改革发展资金")


def test_text_without_title_line_has_no_title():
    header = header_of("按《关于下达2020年水利发展资金的通知》(财农〔2020〕5号),现下达水利发展资金5万元。")

    assert header.title is None


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("请于收到本通知后15个工作日内将分配结果报我局备案", ("将分配结果报我局备案", "收到本通知", 15, None, None)),
        ("收文后三十日内分解下达", ("分解下达", "收文", None, 30, None)),
        ("执行情况于2020年6月5日前报市脱贫办", ("执行情况报市脱贫办", "", None, None, date(2020, 6, 5))),
        ("务必于12月底前完成支付", ("完成支付", "", None, None, date(2021, 12, 31))),
        ("请于1月10日前完成支付", ("完成支付", "", None, None, date(2022, 1, 10))),
    ],
)
def test_limits_in_the_prose(sentence, limit):
    header = header_of(BODY.format("10万元") + f"{sentence}。\n常州市财政局\n2021年3月5日")

    assert [(d.what, d.counted_from, d.working_days, d.calendar_days, d.due_on) for d in header.deadlines] == [limit]


def test_promptly_is_no_limit():
    assert header_of(BODY.format("10万元") + "请及时拨付,尽快完成支付。").deadlines == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (  # a disclosure whose first paragraph holds everything
            "2018年,上级下达尼勒克县中央专项扶贫资金4283万元,其中:发展资金2740万元,少数民族发展资金1543万元。",
            {"fund_name": "专项扶贫资金", "amount_yuan": 42_830_000},
        ),
        (  # a block with one label or value a line
            "文号\n渭财办建〔2020〕88号\n发布日期\n2020-06-20\n关于下达2020年农村公路养护补助资金的通知\n"
            "各县（市、区）财政局：\n现下达补助资金（具体见附件）。",
            {"document_number": "渭财办建〔2020〕88号", "amount_yuan": None},
        ),
        (  # money taken back is not the money handed down
            "各市县财政局：\n收回甲财社〔2020〕140号提前下达的资金100万元，重新下达你市县补助资金 260万元。",
            {"document_number": None, "amount_yuan": 2_600_000},
        ),
        (  # capitals, then figures
            "乌苏市财政局:\n拨付你市2022年救助补助资金 壹佰万元（1000000.00元）。",
            {"fund_name": "救助补助资金", "amount_yuan": 1_000_000},
        ),
        (  # number and title glued to the body
            "渝财农〔2023〕31号重庆市财政局关于下达2023年粮油生产保障资金预算的通知各区县财政局："
            "根据《关于下达资金的通知》（财农〔2023〕29号），下达资金预算（金额详见附件），"
            "请列“2130122农业生产发展”。附件：资金分配表重庆市财政局2023年5月6日",
            {
                "document_number": "渝财农〔2023〕31号",
                "title": "重庆市财政局关于下达2023年粮油生产保障资金预算的通知",
                "issuer": "重庆市财政局",
                "fund_name": "粮油生产保障资金",
                "amount_yuan": None,
            },
        ),
    ],
)
def test_families_of_pages(text, found):
    header = header_of(text)

    values = {name: getattr(header, name) for name in found}
    assert {name: reading and reading.value for name, reading in values.items()} == found
