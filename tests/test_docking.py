"""Exports of the two systems: every format reads the same, what cannot be read is located, newer ones replace."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from builders import NUMBER, OFFICER, clerk, opened_store, published_store, rows
from export_builders import (
    ACCOUNT,
    AT,
    FORMS,
    KEY,
    MAKERS,
    NAME,
    PERSON,
    TABLES,
    allotment,
    load,
    payment,
    payout,
    standard,
    stop,
)

from dashboard.actions.docking import withdraw_export
from dashboard.demo_exports import as_csv
from dashboard.docking_tables import outcome_sentence
from data.docking.mapping import guess_mapping, shipped_mappings
from data.docking.person_key import VARIABLE, fingerprint, pads, read_or_make_key
from data.docking.person_words import bare
from data.errors import IntakeError, RefusedError, WenxiaoError
from data.reference import resolve_recipient
from data.store import sql_text


def person_hash(key, words):
    """The hash of one value as the SQL must make it: the first 128 bits of HMAC-SHA256."""
    return UUID(bytes=hmac.new(key, words.encode(), hashlib.sha256).digest()[:16])


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


@pytest.mark.parametrize("kind", MAKERS)
def test_every_format_and_encoding_reads_the_same(store, kind):
    key = next(iter(MAKERS[kind]()))
    made = [MAKERS[kind](), MAKERS[kind](**({key: "第二"} if key.endswith("主键") else {"财政区划代码": "652823000"}),
                                         单位名称="")]
    seen = []
    for name, form in FORMS.items():
        loaded = load(store, kind=kind, content=form(made), name=name)
        assert (loaded.read.row_count, loaded.read.rejected_count) == (2, 0), loaded.rejects
        seen.append(rows(store, f"SELECT * EXCLUDE (export_no, line_no) FROM {TABLES[kind]} "
                                f"WHERE export_no = {loaded.export_no} ORDER BY ALL"))

    assert len(seen[0]) == 2
    assert all(found == seen[0] for found in seen)


def test_rows_say_what_the_file_said_and_nothing_of_persons(store):
    load(store, payment(), payment(**{
        "支付明细主键": "P2", "收款人名称": "轮台县民政局", "用途": "1月管理费", "实际支付金额": "-1,200,000",
        "支付日期": "2021/3/4", "直达资金标识": "01", "本级指标文号": "巴财社[2021] 96号", "单位名称": "",
    }))

    first, second = rows(store, "SELECT * FROM payment ORDER BY line_no")
    assert (first["line_no"], first["recipient_id"], first["amount_yuan"]) == (2, "luntai", Decimal("1000.50"))
    assert first["payee_hash"] == person_hash(KEY, NAME) and first["account_hash"] == person_hash(KEY, ACCOUNT)
    assert (first["payee_kind"], first["payee_text"], first["purpose_word"], first["has_purpose"]) == (
        "person", "", "", True)
    assert (second["payee_kind"], second["payee_text"], second["purpose_word"]) == ("agency", "民政局", "管理费")
    assert (second["amount_yuan"], second["paid_on"]) == (Decimal("-1200000"), date(2021, 3, 4))
    assert (second["marker_text"], second["document_number"]) == ("01 中央直达资金", NUMBER)


@pytest.mark.parametrize(("purpose", "word"), [
    ("12月农村低保金发放至工资卡", ""), ("聘用人员工资", "工资"), ("聘用人员工资转入工资卡", "工资"),
    ("拖欠农民工工资临时救助", ""), ("退还款项", ""), ("多付退还款", ""), ("偿还款项", "还款"), ("归还借款", "借款"),
    ("民政办公室代发临时救助金", ""), ("购买办公用品", "办公"), ("特困人员危房维修临时救助", ""),
    ("办公楼维修", "办公"), ("接待流浪乞讨人员救助", ""), ("接待费", "接待"), ("送返车辆租用", ""),
    ("车辆燃油", "车辆"), ("免手续费代发低保金", ""), ("代发手续费", "手续费"), ("2021年12月特困供养金", ""),
])
def test_a_word_counts_only_where_it_means_what_it_says(store, purpose, word):
    load(store, payment(用途=purpose))

    assert rows(store, "SELECT purpose_word FROM payment") == [{"purpose_word": word}]


@pytest.mark.parametrize(("name", "kind"), [
    ("轮台县残疾人服务中心", "institution"), ("轮台县社会福利服务中心", "institution"), ("轮台县阳光服务中心", "other"),
    ("轮台镇便民服务中心", "agency"), ("轮台县民政局", "agency"), ("轮台县", "agency"),
    ("轮台县农村信用合作联社", "bank"),
    # The unit's own money, under whatever name.
    ("轮台镇财政所", "agency"), ("轮台县国库集中支付中心", "agency"), ("轮台县会计核算中心", "agency"),
    ("轮台县残疾人联合会", "agency"), ("轮台县残联", "agency"), ("轮台县社会保险局", "agency"), ("民政办", "agency"),
    ("轮台镇民政办", "agency"), ("轮台县民政局代发户", "agency"), ("迪那街道", "agency"), ("拉帕村委会", "agency"),
    ("轮台县低保资金专户", "agency"), ("水管站", "agency"), ("轮台县人民政府办公室", "agency"),
    ("轮台县敬老院管理站", "agency"), ("轮台县第一中学", "other"), ("轮台镇小学", "other"), ("轮台县职业学校", "other"),
    ("轮台宾馆", "company"), ("迪那饭店", "company"), ("爱家超市", "company"), ("某某商店", "company"),
    ("敬老院建设工程有限公司", "company"), ("轮台某某劳务", "unknown"), ("轮台县阳光之家", "unknown"),
    ("哈尔莫敦镇三村二组", "unknown"), ("ABC", "unknown"), ("李明（监护人王芳）", "unknown"),
    # Who may receive.
    ("轮台县民政局敬老院", "institution"), ("迪那街道敬老院", "institution"), ("巴州福利院", "institution"),
    ("轮台县救助站", "institution"), ("轮台县人民医院", "institution"), ("轮台县特困人员供养服务中心", "institution"),
    ("和静县精神卫生中心", "institution"), ("轮台县民政局救助管理站", "institution"), ("城关托养所", "institution"),
    ("新疆农村信用合作联社代发户", "bank"), ("中国农业银行股份有限公司轮台县支行", "bank"),
    ("新疆库尔勒农村商业银行股份有限公司", "bank"), ("轮台县信用社", "bank"), ("中国邮政储蓄银行", "bank"),
    # Persons.
    ("张三", "person"), ("王站", "person"), ("李局", "person"), ("欧阳建国", "person"), ("王 芳", "person"),
    ("张　伟", "person"), ("巴音", "person"), ("乌兰", "person"), ("道尔吉", "person"), ("才次克", "person"),
    ("乌兰巴图", "person"), ("艾力", "person"), ("古丽·买买提", "person"), ("买买提·艾力", "person"),
    ("阿卜杜热伊木·阿卜杜喀迪尔", "person"), ("阿依古丽.吐尔逊", "person"), ("努尔买买提•阿布都拉", "person"),
])
def test_a_payee_is_told_by_the_words_of_its_name(store, name, kind):
    load(store, payment(收款人名称=name, 用途="12月低保金"))

    assert rows(store, "SELECT payee_kind FROM payment") == [{"payee_kind": kind}]


@pytest.mark.parametrize(("number", "is_valid"), [
    (PERSON, True), ("652801195001018007", False), ("65280119500101800x", False), ("652801500101800", True),
    ("052801195001018006", False), ("6528011950010180", False), ("", False), (" 652801195001018006", True),
    ("６５２８０１１９５００１０１８００６", True), ("652801-19500101-8006", True), ("652801 19500101 8006", True),
])
def test_numbers_of_persons_are_known_valid_or_not(store, number, is_valid):
    load(store, payout(证件号码=number), kind="payout")

    found = rows(store, "SELECT * FROM payout")[0]
    assert found["is_person_no_valid"] is is_valid
    assert found["person_hash"] == (person_hash(KEY, bare(number)) if number else None)


FAULTS = [
    (payment, {"支付日期": "2021-02-30"}, "第3行：“支付日期”不是日期"),
    (payment, {"支付日期": ""}, "第3行：没有填“支付日期”"),
    (payment, {"支付日期": "2020-12-31"}, "第3行：日期不在本次导出的期间内"),
    (payment, {"实际支付金额": "若干"}, "第3行：“实际支付金额”不是金额，或不是整数分"),
    (payment, {"实际支付金额": "0.001"}, "第3行：“实际支付金额”不是金额，或不是整数分"),
    (payment, {"实际支付金额": "1e5"}, "第3行：“实际支付金额”不是金额，或不是整数分"),
    (payment, {"单位名称": "乌有县", "财政区划代码": "659999"}, "第3行：单位名称和区划代码都对不上已有的单位"),
    (payment, {"支出功能分类": "低保"}, "第3行：“支出功能分类”的写法不认识"),
    (payment, {"支付凭证号": f"V{ACCOUNT}"}, "第3行：“支付凭证号”里有姓名、证件号码、账号或手机号码"),
    (payment, {"本级指标文号": PERSON}, "第3行：“本级指标文号”的写法不认识"),
    (payment, {"支付日期": "", "实际支付金额": "x"},
     "第3行：没有填“支付日期”；“实际支付金额”不是金额，或不是整数分"),
    (payout, {"救助类别": "某项"}, "第3行：“救助类别”的写法不认识"),
    (payout, {"发放状态": ""}, "第3行：没有填“发放状态”"),
    (payout, {"发放月份": "2021-13"}, "第3行：“发放月份”不是年月"),
    (payout, {"发放明细主键": f"F{PERSON}"}, "第3行：“发放明细主键”里有姓名、证件号码、账号或手机号码"),
    *((payout, {"发放状态": blank}, "第3行：没有填“发放状态”") for blank in (" ", "　", "'")),
    (payment, {"支付明细主键": " "}, "第3行：没有填“支付明细主键”"),
    (stop, {"证件号码": " "}, "第3行：没有填“证件号码”"),
    (stop, {"证件号码": "--"}, "第3行：没有填“证件号码”"),
    (standard, {"是否定额": " "}, "第3行：没有填“是否定额”"),
    (payout, {"发放月份": "2021.1"}, "第3行：“发放月份”分不清是1月还是10月，请写成 2021-10 的样子"),
    (allotment, {"指标金额": "9999999999999999.99"}, "第3行：“指标金额”超过十万亿元"),
    (allotment, {"支出功能分类": "13912345678"}, "第3行：“支出功能分类”里有姓名、证件号码、账号或手机号码"),
    (payment, {"财政区划代码": "652801000"}, "第3行：单位名称和区划代码说的不是同一个单位"),
    (allotment, {"预算年度": "21"}, "第3行：“预算年度”不是年份"),
    (stop, {"证件号码": ""}, "第3行：没有填“证件号码”"),
    (standard, {"是否定额": "或许"}, "第3行：“是否定额”的写法不认识"),
    (allotment, {"是否删除": "已作废"}, "第3行：“是否删除”的写法不认识"),
]


@pytest.mark.parametrize(("make", "changes", "sentence"), FAULTS, ids=[words for *_, words in FAULTS])
def test_each_row_that_cannot_be_read_is_located(store, make, changes, sentence):
    kind = next(kind for kind, maker in MAKERS.items() if maker is make)
    key = next(iter(make()))
    other = {key: "第二"} if key.endswith("主键") else {}
    loaded = load(store, make(), make(**{**other, **changes}), kind=kind)

    assert (loaded.read.row_count, loaded.read.rejected_count) == (1, 1)
    assert loaded.rejects[0]["sentence_text"] == f"{sentence}，请在导出系统中更正后重新导出。"
    assert rows(store, "SELECT line_no, sentence_text FROM docked_reject")[0]["line_no"] == 3


@pytest.mark.parametrize(("make", "changes", "column", "value"), [
    (allotment, {"支出功能分类": "２０８１９０２"}, "budget_item_code", "2081902"),
    (allotment, {"直达资金标识": "1"}, "marker_text", "01 中央直达资金"),
    (allotment, {"直达资金标识": "01-中央直达资金"}, "marker_text", "01 中央直达资金"),
    (allotment, {"直达资金标识": "02 中央直达资金"}, "marker_text", "02 中央直达资金"),
    (allotment, {"登记时间": "20211224153000"}, "registered_on", date(2021, 12, 24)),
    (allotment, {"登记时间": "2021-12-24T15:30:00"}, "registered_on", date(2021, 12, 24)),
    (payout, {"发放月份": "2021.10"}, "pay_month", date(2021, 10, 1)),
    (payout, {"发放月份": "2021.2"}, "pay_month", date(2021, 2, 1)),
])
def test_what_can_be_told_is_read_in_every_spelling(store, make, changes, column, value):
    kind = next(kind for kind, maker in MAKERS.items() if maker is make)
    loaded = load(store, make(**changes), kind=kind)

    assert loaded.read.rejected_count == 0, loaded.rejects
    assert rows(store, f"SELECT {column} AS found FROM {TABLES[kind]}") == [{"found": value}]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("word", ["是", "1", "Y", "true"])
def test_a_deleted_row_of_any_kind_is_left_out(store, kind, word):
    key = next(iter(MAKERS[kind]()))
    other = {key: "第二"} if key.endswith("主键") else {}
    made = [MAKERS[kind](**{"是否删除": "否"}), MAKERS[kind](**{**other, "是否删除": word})]
    loaded = load(store, *made, kind=kind)

    assert (loaded.read.row_count, loaded.read.deleted_count) == (1, 1)
    assert len(rows(store, f"SELECT * FROM {TABLES[kind]}")) == 1


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n", "mixed"])
def test_lines_may_end_in_any_way(store, ends):
    made = payment(), payment(支付明细主键="P2"), payment(支付明细主键="P3", 支付日期="x")
    head, *lines = as_csv(made).splitlines()
    marks = ["\r\n", "\n", "\r", "\n"] if ends == "mixed" else [ends] * 4
    content = b"".join(line + mark.encode() for line, mark in zip((head, *lines), marks, strict=True))
    loaded = load(store, content=content)

    assert (loaded.read.row_count, loaded.rejects[0]["place_text"]) == (2, "第4行")


def test_keys_come_once_in_a_file_and_among_the_exports_that_hold(store):
    first = load(store, payment(支付日期="2021-11-05"), payment(支付日期="2021-11-05"), end=date(2021, 11, 30))
    assert first.rejects[0]["sentence_text"].startswith("第3行：与第 2 行的主键相同")

    second = load(store, payment(), payment(支付明细主键="P2"), start=date(2021, 12, 1))
    assert second.rejects[0]["sentence_text"].startswith("第2行：主键在第 1 次导出的第 2 行已有")
    assert second.read.row_count == 1


def test_all_faults_of_the_head_line_are_told_at_once(store):
    made = {head: cell for head, cell in payment().items() if head not in ("支付明细主键", "实际支付金额")}
    with pytest.raises(IntakeError) as told:
        load(store, made)
    assert [issue.code for issue in told.value.issues] == ["missing-column"] * 2

    text = as_csv([payment()]).decode("utf-8-sig").replace("支付凭证号", "支付日期")
    with pytest.raises(IntakeError) as told:
        load(store, content=text.encode())
    assert [issue.code for issue in told.value.issues] == ["duplicate-column"]


@pytest.mark.parametrize(("content", "name", "words"), [
    (b"", "a.csv", "空文件"), (b"a,b\n1\n", "a.csv", "首行缺少"), (b"PK\x03\x04", "a.zip", "不是可以对接的文件"),
    (b"a,b\x00\n", "a.csv", "空字节"), (b"\xff\xfe\xfd\n,", "a.csv", "无法识别的字符"),
    (b"not parquet", "a.parquet", "内容却不是"), (b"not xlsx", "a.xlsx", "内容却是"),
], ids=range(7))
def test_files_that_are_no_table_get_a_sentence(store, content, name, words):
    with pytest.raises(WenxiaoError, match=words):
        load(store, content=content, name=name)
    assert rows(store, "SELECT * FROM docked_export") == []


def test_a_line_with_other_cells_is_named_and_nothing_of_it_repeated(store):
    text = as_csv([payment(), payment(支付明细主键="P2")]).decode("utf-8-sig")
    with pytest.raises(IntakeError, match=r"有 2 处需要更正，一条也没有写入。第4行的格数与首行不同") as told:
        load(store, content=f"{text}{NAME},{PERSON}\r\n{NAME}\r\n".encode())
    said = [issue.sentence for issue in told.value.issues]
    assert [sentence[:3] for sentence in said] == ["第4行", "第5行"]
    assert NAME not in str(said) and PERSON not in str(said)


def test_where_no_row_can_be_taken_all_are_named_and_counted(store):
    with pytest.raises(IntakeError, match="有 205 处需要更正") as told:
        load(store, *(payment(支付明细主键=f"P{place}", 支付日期="x") for place in range(205)))
    said = [issue.sentence for issue in told.value.issues]

    assert said[1].startswith("第3行：“支付日期”不是日期")
    assert said[200:] == ["另有 5 处没有列出。"]


def test_a_payment_may_be_taken_back_once_under_its_own_number(store):
    back = {"实际支付金额": "-1000.50"}
    loaded = load(store, payment(), payment(**back), payment(**back), payment(实际支付金额="-7"))
    assert (loaded.read.row_count, [row["line_no"] for row in loaded.rejects]) == (2, [4, 5])

    load(store, payment(支付明细主键="P2", 支付日期="2020-11-05"), start=date(2020, 1, 1), end=date(2020, 12, 31))
    later = payment(支付明细主键="P2", **back), payment(支付明细主键="P2", 实际支付金额="-1")
    assert load(store, *later).read.row_count == 1


def test_units_know_their_rows_by_their_own_numbers(store):
    load(store, payment(单位名称="尉犁县", 财政区划代码="652823"), unit="yuli")

    loaded = load(store, payment(), payment(支付明细主键="P2"), actor=clerk("luntai"), unit="luntai")
    assert (loaded.read.row_count, loaded.read.rejected_count) == (2, 0)


def test_a_far_smaller_export_is_not_taken_unless_that_is_meant(store):
    load(store, *(payment(支付明细主键=f"P{place}") for place in range(5)))
    tried = load(store, payment(), dry_run=True)
    assert "替换第 1 次导出（5 行，减少 4 行）" in outcome_sentence(tried)

    with pytest.raises(RefusedError, match=r"只有 1 行.*第 1 次导出有 5 行，少了一半以上.*--yes"):
        load(store, payment(), may_shrink=False)
    assert load(store, *(payment(支付明细主键=f"P{place}") for place in range(3)), may_shrink=False).ended == (1,)


def test_the_same_export_twice_changes_nothing(store):
    load(store, payment())
    before = rows(store, "SELECT * FROM audit_log")
    again = load(store, payment(), at=datetime(2021, 12, 28, 9))

    assert (again.outcome, again.export_no, again.entry) == ("nothing_changed", 1, None)
    assert rows(store, "SELECT * FROM audit_log") == before
    assert len(rows(store, "SELECT * FROM payment")) == 1


def test_a_corrected_export_replaces_and_the_old_rows_stay(store):
    load(store, payment(), payment(支付明细主键="P2"))
    later = datetime(2021, 12, 28, 9)
    loaded = load(store, payment(实际支付金额="7"), at=later)

    assert loaded.ended == (1,)
    assert len(rows(store, "SELECT * FROM payment WHERE export_no = 1")) == 2
    with store.reading() as cursor:
        for at, number in ((datetime(2021, 12, 27, 23), 1), (later, 2)):
            held = cursor.rows(sql_text("data", "queries/current_export"), {"as_of": at})
            assert [row["export_no"] for row in held] == [number]


@pytest.mark.parametrize(("first", "second", "outcome"), ids=range(8), argvalues=[
    ({}, {"unit": "luntai"}, "refused"), ({"unit": "luntai"}, {}, "replaced"),
    ({"unit": "luntai"}, {"unit": "yuli"}, "beside"),
    ({"end": date(2021, 6, 30)}, {}, "replaced"), ({}, {"end": date(2021, 6, 30)}, "refused"),
    ({"end": date(2021, 6, 30)}, {"start": date(2021, 7, 1)}, "beside"),
    ({"end": date(2021, 7, 1)}, {"start": date(2021, 7, 1)}, "refused"),
    ({"system": "monitoring"}, {}, "beside"),
])
def test_an_export_replaces_what_it_covers_and_none_in_part(store, first, second, outcome):
    def row(asked, number):
        unit, code = {"yuli": ("尉犁县", "652823000")}.get(asked.get("unit", ""), ("轮台县", "652822000"))
        day = asked.get("end", asked.get("start", date(2021, 5, 5)))
        paid_on = min(day, date(2021, 12, 26)).isoformat()
        return payment(支付明细主键=number, 单位名称=unit, 财政区划代码=code, 支付日期=paid_on)

    load(store, row(first, "P1"), **first)
    if outcome == "refused":
        with pytest.raises(RefusedError, match="只有一部分重叠"):
            load(store, row(second, "P9"), **second)
        return
    loaded = load(store, row(second, "P9"), **second)
    assert loaded.ended == ((1,) if outcome == "replaced" else ())


def test_a_withdrawn_export_holds_no_longer(store):
    load(store, payment())
    with pytest.raises(RefusedError, match="写明理由"):
        withdraw_export(store, OFFICER, AT, 1, " ")
    withdraw_export(store, OFFICER, datetime(2021, 12, 28, 9), 1, "导错了年度")

    assert rows(store, "SELECT end_reason FROM docked_export")[0]["end_reason"] == "导错了年度"
    with pytest.raises(RefusedError, match="已经被替换、撤回"):
        withdraw_export(store, OFFICER, datetime(2021, 12, 28, 10), 1, "再撤一次")
    assert len(rows(store, "SELECT * FROM payment")) == 1


def test_a_dry_run_writes_nothing(store):
    tried = load(store, payment(), payment(支付明细主键="P2", 支付日期="x"), dry_run=True)

    assert (tried.outcome, tried.read.row_count, tried.read.rejected_count) == ("dry_run", 1, 1)
    assert tried.amount_yuan == Decimal("1000.50")
    assert rows(store, "SELECT * FROM docked_export") == rows(store, "SELECT * FROM payment") == []


def test_a_unit_loads_its_own_rows_only(store):
    others = payment(支付明细主键="P2", 单位名称="尉犁县", 财政区划代码="652823000")
    loaded = load(store, payment(), others, actor=clerk("luntai"), unit="luntai")

    assert loaded.read.rejected_count == 1 and "不是本次导出的单位" in loaded.rejects[0]["sentence_text"]
    for unit in ("", "yuli"):
        with pytest.raises(WenxiaoError, match="只能办理本单位的事项"):
            load(store, payment(), actor=clerk("luntai"), unit=unit)


def test_a_unit_withdraws_its_own_export_only(store):
    load(store, allotment(), kind="allotment")
    load(store, payment(), actor=clerk("luntai"), unit="luntai")

    for who, export_no in ((clerk("luntai"), 1), (clerk("yuli"), 2), (clerk("luntai"), 9)):
        with pytest.raises(WenxiaoError, match="只能办理本单位的事项"):
            withdraw_export(store, who, datetime(2021, 12, 28, 9), export_no, "载错了")
    withdraw_export(store, clerk("luntai"), datetime(2021, 12, 28, 9), 2, "载错了")

    ended = rows(store, "SELECT export_no FROM docked_export WHERE end_reason = '载错了'")
    assert [row["export_no"] for row in ended] == [2]


def test_deleted_rows_are_left_out(store):
    loaded = load(store, allotment(), allotment(指标主键="Z2", 是否删除="1"), kind="allotment")

    assert (loaded.read.row_count, loaded.read.deleted_count) == (1, 1)
    assert len(rows(store, "SELECT * FROM allotment")) == 1


def test_lines_are_counted_as_rows_where_a_cell_holds_a_line_break(store):
    loaded = load(store, payment(用途="一\n二"), payment(支付明细主键="P2", 支付日期="x"))

    assert loaded.rejects[0]["place_text"] == "第2条"


def test_the_key_is_made_once_and_known_again(store, tmp_path, monkeypatch):
    key = read_or_make_key(tmp_path)
    assert read_or_make_key(tmp_path) == key
    assert (tmp_path / "person.key").stat().st_mode & 0o777 == 0o600
    load(store, payment(), key=key)
    with pytest.raises(RefusedError, match="人员密钥文件与数据库里的数据不是一对"):
        load(store, payment(支付明细主键="P2"), key=KEY)

    monkeypatch.setenv(VARIABLE, str(tmp_path / "elsewhere.key"))
    assert read_or_make_key(tmp_path) != key
    (tmp_path / "elsewhere.key").write_text("abc")
    with pytest.raises(WenxiaoError, match="读不出"):
        read_or_make_key(tmp_path)
    (tmp_path / "elsewhere.key").write_text("abcd")
    with pytest.raises(WenxiaoError, match="不完整"):
        read_or_make_key(tmp_path)


def test_sql_hashes_as_python_does(store):
    with store.transaction() as cursor:
        cursor.run(sql_text("data", "writes/begin_export_words"))
        found = cursor.rows("SELECT hashed($words, $inner_pad, $outer_pad) AS h", {"words": NAME, **pads(KEY)})

    assert found[0]["h"] == person_hash(KEY, NAME) != person_hash(bytes(32), NAME)
    assert fingerprint(KEY) != fingerprint(bytes(32))


def test_a_unit_that_is_none_is_refused(store):
    with pytest.raises(RefusedError, match="没有这个单位"):
        load(store, payment(), unit="x' OR 'a' = 'a")


@pytest.mark.parametrize("kind", MAKERS)
def test_heads_tell_the_kind(kind):
    guessed = guess_mapping(shipped_mappings().values(), list(MAKERS[kind]()))

    assert guessed is not None and guessed.record_kind == kind


def test_nothing_of_persons_is_left_in_store_or_log(tmp_path):
    store = opened_store(tmp_path)
    load(store, payment(), payment(支付明细主键="P2", 支付日期="x", 用途=f"{NAME}{PERSON}"))
    load(store, payout(), payout(发放明细主键=f"F{PERSON}"), kind="payout")
    load(store, stop(), kind="stop")
    log = str(rows(store, "SELECT * FROM audit_log")) + str(rows(store, "SELECT * FROM docked_reject"))
    store.close()

    content = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for words in (NAME, PERSON, ACCOUNT):
        assert words.encode() not in content
        assert words not in log


def test_the_same_file_is_read_again_where_rows_had_stayed_out(store):
    made = payment(), payment(支付明细主键="P2", 单位名称="塔什店镇", 财政区划代码="")
    assert load(store, *made).read.rejected_count == 1
    with store.transaction() as cursor:
        cursor.insert("recipient", [{
            "recipient_id": "tashidian", "recipient_name": "塔什店镇", "short_name": "塔什店",
            "recipient_kind": "county", "division_code": "", "display_no": 99,
        }])

    again = load(store, *made)
    assert (again.outcome, again.read.row_count, again.read.rejected_count) == ("loaded", 2, 0)


@pytest.mark.parametrize("kind", ["allotment", "standard", "stop"])
def test_an_older_export_of_how_things_stand_never_replaces_a_newer(store, kind):
    load(store, MAKERS[kind](), kind=kind)
    older = {"kind": kind, "start": date(2020, 1, 1), "end": date(2021, 12, 25)}
    for dry_run in (True, False):
        with pytest.raises(RefusedError, match=r"截至 2021-12-25，比.*第 1 次导出.*重新导出到 2021-12-26 或以后"):
            load(store, MAKERS[kind](), **older, dry_run=dry_run)

    withdraw_export(store, OFFICER, AT, 1, "要用年中的一份")
    assert load(store, MAKERS[kind](), **older).outcome == "loaded"


def test_a_unit_is_told_who_can_withdraw_the_export_in_its_way(store):
    load(store, payment())
    with pytest.raises(RefusedError) as told:
        load(store, payment(), actor=clerk("luntai"), unit="luntai")
    assert "payment.csv" not in str(told.value)
    assert f"或请州级经办撤回那一次（由{OFFICER.name}载入）" in str(told.value)

    with pytest.raises(RefusedError, match="或先撤回那一次"):
        load(store, payment(), unit="luntai")


@pytest.mark.parametrize("name", ["库尔勒经济开发区", "库尔勒经济技术开发区", "库尔勒 经济开发区"])
def test_a_unit_s_rows_are_known_by_every_name_of_it(store, name):
    load(store, payment(单位名称=name, 财政区划代码=""))

    found = rows(store, "SELECT recipient_id FROM payment")
    assert [row["recipient_id"] for row in found] == [resolve_recipient("库尔勒经济技术开发区").recipient_id]
