"""文号 in running text: the mark alone, never the words before it; damaged ones repaired and said to be so."""

import pytest

from data.document_number import find_all, find_alone, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("关于下达补助资金预算的通知吉财社〔2022〕456号各市(州)", ["吉财社〔2022〕456号"]),
        ("现以广财社【2016】104号文下达", ["广财社〔2016〕104号"]),
        ("市级下达资金文件号为:商财预[2020]131号。", ["商财预〔2020〕131号"]),
        ("市财政局以广财社〔2020〕17号文件分配", ["广财社〔2020〕17号"]),
        ("省财政按粤财社〔2020〕26号文据实结算", ["粤财社〔2020〕26号"]),
        (
            "按国办发〔2020〕4号、国发明电〔2020〕5号及财社〔2020〕2号文使用",
            ["国办发〔2020〕4号", "国发明电〔2020〕5号", "财社〔2020〕2号"],
        ),
        ("实施办法》(豫办[2016] 2 8号)", ["豫办〔2016〕28号"]),
        ("（新财社〔2021〕292 号）文件精神", ["新财社〔2021〕292号"]),
        ("财社（２０２１）第０３号", ["财社〔2021〕3号"]),
        ("按黑财指(社)〔2020〕12号执行", ["黑财指(社)〔2020〕12号"]),
        ("根据新财社〔2021〕3、4号", ["新财社〔2021〕3号", "新财社〔2021〕4号"]),
        # 和田's own mark begins with 和; between two numbers the same word joins them.
        ("和财社〔2020〕5号", ["和财社〔2020〕5号"]),
        ("粤财社〔2020〕52号和粤财农〔2020〕3号", ["粤财社〔2020〕52号", "粤财农〔2020〕3号"]),
        # 经 and 文 belong to these marks.
        ("京财经二〔2019〕3号", ["京财经二〔2019〕3号"]),
        ("文财务〔2020〕1号", ["文财务〔2020〕1号"]),
        ("文件下载:渝财社〔2024〕22号.docx", ["渝财社〔2024〕22号"]),
        ("《社会救助暂行办法》(国务院令649号)和专题会议纪要105号", []),
        ("项目代码Z155110000004,资金2021万元", []),
        ("下达2017年79号地块资金", []),
    ],
)
def test_numbers_are_found_without_the_words_before_them(text, expected):
    assert [number.value for number in find_all(text)] == expected


@pytest.mark.parametrize(
    ("text", "value", "damage"),
    [
        ("(吴农〔20235号)", "吴农〔2023〕5号", "年份后的括号缺失"),
        ("根据湘财社指2017〕79号文件", "湘财社指〔2017〕79号", "年份前的括号缺失"),
        ("依据财社〔2021〕56,下达", "财社〔2021〕56号", "缺“号”字"),
    ],
)
def test_damaged_number_is_repaired_and_says_so(text, value, damage):
    (number,) = find_all(text)

    assert (number.value, number.damage, number.is_damaged) == (value, damage, True)
    assert text[number.start : number.end] == number.printed


def test_sound_number_has_no_damage():
    assert not find_all("巴财社〔2021〕96号")[0].is_damaged


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("武财 行〔2015〕32号", "武财行〔2015〕32号"),
        ("[财预〔2020〕49号]  [2020-06-05]", "财预〔2020〕49号"),
        ("巴财社(2021)3号 11060万元", None),
        ("按财社〔2021〕3号文件执行", None),
        ("财社〔2021〕3号 财农〔2021〕4号", None),
    ],
)
def test_only_a_line_that_is_a_number_stands_alone(line, expected):
    found = find_alone(line)

    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    "printed",
    ["巴财社(2021)96号", "巴财社（2021）96 号", "巴财社[2021]96号", "巴财社【2021】第96号", "巴 财社〔2021〕096号"],
)
def test_every_spelling_is_written_one_way(printed):
    assert normalise(printed) == "巴财社〔2021〕96号"


def test_words_that_are_no_number_are_refused():
    with pytest.raises(ValueError, match="不是文号"):
        normalise("二〇二一年第九十六号")
