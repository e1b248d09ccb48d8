"""问效单: what was asked of whom, how it stands, what the rules propose, who answers, and which rules were right."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.errors import NotFoundError
from data.store import Store, sql_text, with_relations
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.inquiries import CLOSED, RULES, inquiries_key, inquiry_label, register_sql, rule_name, standing_sql
from metrics.inquiries import rule_records as records_of
from metrics.inquiry_money import money_left
from metrics.inquiry_proposals import Proposal, propose
from metrics.law import citation, trust_label

PAGE = "问效单"
QUICK_RULES = tuple(key for key, rule in RULES.items() if not rule.is_slow)
SLOW_RULES = tuple(key for key, rule in RULES.items() if rule.is_slow)
PROPOSAL_COLUMNS = (
    "rule_key", "rule_name", "recipient_id", "recipient_name", "recipient_short_name", "indicator_no",
    "indicator_short_name", "fact_text", "question_text", "severity", "source_text", "trust", "facts_key", "round_id",
    "is_audit_rectification", "open_inquiry_no",
)


@board(
    page=PAGE,
    title="问效单台账",
    asks="开出过哪些问效单，各到哪一步，谁该办，何时到期，逾期几个工作日，该提醒、催办、通报还是约谈",
    formula="一行一份，状态取统计截止日以前最后一步。待答复和整改中有期限，按工作日算，起算当日不计；"
    "逾期天数从期限次一工作日起数，达到监控界限里的天数依次该提醒、催办、通报、约谈；后两样由人办理和登记，程序只提示。",
    sources=(law.ASK_FOR_EFFECT_SOURCE, law.DAY_COUNT_SOURCE, law.OWN_SETTING_SOURCE),
)
def register(store: Store, scope: Scope) -> pd.DataFrame:
    """Every 问效单 of a notice as it stood at the end of the day, the newest first.

    Shape:  one row per inquiry; ``inquiry_state`` and ``ladder_step`` are keys of ``metrics.inquiries``.
    Unit:   working days.
    Empty:  ``due_on`` where the unit owes nothing; ``late_days`` where nothing is late or the days are not published;
            ``rule_key`` where a person opened it freely.
    """
    return _registered(store, scope.document_number, "", scope)


@board(
    page=PAGE,
    title="本单位的问效单",
    asks="本单位在所有文件里还有哪些问效单没有销号，何时到期",
    formula="口径同“问效单台账”，只列没有销号的，先到期的在前，等州级办理的在后。",
    sources=(law.ASK_FOR_EFFECT_SOURCE,),
)
def my_inquiries(store: Store, today: date, recipient_id: str) -> pd.DataFrame:
    """The open 问效单 of one unit in every notice by the end of a day, what is due first first; as ``register``."""
    table = _registered(store, "", recipient_id, Scope("", "", today))
    table = table[table["inquiry_state"] != CLOSED]
    return table.sort_values(["due_on", "inquiry_no"], na_position="last", kind="stable", ignore_index=True)


def _registered(store: Store, document_number: str, recipient_id: str, scope: Scope) -> pd.DataFrame:
    with store.reading() as cursor:
        table = cursor.frame(
            register_sql(), inquiries_key(scope.as_of, document_number=document_number, recipient_id=recipient_id)
        )
    table.insert(1, "inquiry_label", [inquiry_label(number) for number in table["inquiry_no"]])
    table["rule_name"] = [rule_name(key) for key in table["rule_key"]]
    table["late_days"] = table["late_days"].astype("Int64")
    return table


@board(
    page=PAGE,
    title="问效单的办理经过",
    asks="一份问效单每一步是谁、以什么身份、在什么时候办的，写了什么",
    formula="每一步一行，先办的在前；办过的不改、不删。",
)
def events(store: Store, scope: Scope, inquiry_no: int) -> pd.DataFrame:
    """The signed steps of one 问效单 by the end of the day, the oldest first; no rows where there is none."""
    return store.query("inquiry_steps", inquiry_no=int(inquiry_no), as_of=scope.as_of)


@board(
    page=PAGE,
    title="问效单的佐证材料",
    asks="单位在答复和报送整改结果时附了哪些材料",
    formula="每个文件一行，注明随哪一步附上。",
)
def files(store: Store, scope: Scope, inquiry_no: int) -> pd.DataFrame:
    """The files that a unit gave with the steps of one 问效单, the oldest first."""
    return store.query("inquiry_files", inquiry_no=int(inquiry_no), as_of=scope.as_of)


@board(
    page=PAGE,
    title="问效单佐证材料原件",
    asks="一个佐证材料的原件",
    formula="按收到时的字节原样给出。",
)
def file_content(store: Store, recipient_id: str, file_no: int) -> bytes:
    """The bytes of one file that a unit gave with a 问效单.

    Raises: NotFoundError if the unit gave no such file.
    """
    with store.reading() as cursor:
        found = cursor.rows(sql_text("data", "queries/inquiry_file_content"), {
            "recipient_id": recipient_id, "file_no": int(file_no),
        })
    if not found:
        raise NotFoundError("没有找到这个佐证材料，请刷新页面。")
    return bytes(found[0]["content"])


@board(
    page=PAGE,
    title="提议开出的问效单",
    asks="按规则该问哪个单位什么事，依据哪些数，还没有人决定开不开",
    formula="逐条规则列出符合的单位或指标：" + "、".join(RULES[key].name for key in QUICK_RULES) + "。"
    "同一条规则、同一单位、同一指标、依据的数也相同的，开出过或决定不开的不再提议；数变了才重新提议。"
    "这个单位这项指标已有没销号的问效单的，写明是哪一份，等它销号。停用的规则不提议。程序只提议，由人决定。",
    sources=tuple(dict.fromkeys(rule.source for rule in RULES.values())),
)
def proposals(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """What the rules propose by the day and nobody has opened or dismissed, but for the slow ones.

    Shape:  one row per unit, rule and indicator, units in printed order; ``severity`` is fatal or warning.
            ``open_inquiry_no`` is 0, or the inquiry of the same unit and indicator that has to be closed first:
            those rows come last.
    """
    return _proposed(store, scope, region_code, QUICK_RULES)


@board(
    page=PAGE,
    title="由疑点提议开出的问效单",
    asks="哪些单位有严重疑点，还没有人决定问不问",
    formula="运行疑点核查的全部检查，标为严重的疑点每个单位合成一份提议；其余口径同“提议开出的问效单”。数据多时要算一会儿。",
    sources=(law.SEPARATE_FUND_SOURCE, law.OWN_SETTING_SOURCE),
)
def doubt_proposals(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """As ``proposals``, for the rule over the findings of all checks, which takes longer."""
    return _proposed(store, scope, region_code, SLOW_RULES)


def _proposed(store: Store, scope: Scope, region_code: str, rule_keys: tuple[str, ...]) -> pd.DataFrame:
    units = store.query("allocation_units", document_number=scope.document_number).set_index("recipient_id")
    indicators = store.query("indicators", document_number=scope.document_number).set_index("indicator_no")
    unit_names = {str(key): str(name) for key, name in units["recipient_name"].items()}
    found = propose(store, scope, region_code, rule_keys, unit_names)
    names = indicators["short_name"].to_dict()
    short_names = units["recipient_short_name"].to_dict()

    def row(one: Proposal, open_inquiry_no: int) -> tuple[object, ...]:
        rule = RULES[one.rule_key]
        return (
            rule.key, rule.name, one.recipient_id, unit_names[one.recipient_id],
            short_names[one.recipient_id], one.indicator_no, names.get(one.indicator_no, ""), one.fact_text,
            rule.question, rule.severity, f"{citation(rule.source)}。{rule.note}", trust_label(rule.source),
            one.facts_key, scope.round_id, rule.key == "audit_rectification", open_inquiry_no,
        )

    rows = [*(row(one, 0) for one in found.waiting), *(row(one, number) for one, number in found.held)]
    return pd.DataFrame(rows, columns=list(PROPOSAL_COLUMNS))


@board(
    page=PAGE,
    title="不予开出的提议",
    asks="哪些提议有人决定不开，为什么",
    formula="每次决定一行，最近的在前；计入规则的提议数和不属实数。",
)
def dismissals(store: Store, scope: Scope) -> pd.DataFrame:
    """What was proposed in a notice and turned down by the end of the day, the newest first."""
    return store.query("inquiry_dismissals", document_number=scope.document_number, as_of=scope.as_of)


@board(
    page=PAGE,
    title="答复率",
    asks="各单位被问了几次，答复了几次，其中几次按时，还有几份没有销号",
    formula="答复率＝已答复÷（已答复＋到期未答复）；按时答复率＝按时答复÷（已答复＋到期未答复）。"
    "按第一次答复计，退回后重新答复不算迟；期限未到又没有答复的不进分子分母。"
    "逾期以后才准的延期不改按时与否，仍按延期前的期限算；逾期没有答复而提请问责的，仍算到期未答复。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def response_rates(store: Store, scope: Scope) -> pd.DataFrame:
    """Both sides of the response rates of every unit that was asked in a notice.

    Shape:  one row per unit, in printed order.
    Unit:   counts of inquiries; ``due_count`` is the denominator.
    Empty:  a ``due_count`` of 0 gives no rate; no rows where nobody was asked.
    """
    sql = with_relations(sql_text("metrics", "inquiry_response"), {"inquiry_standing": standing_sql()})
    with store.reading() as cursor:
        return cursor.frame(sql, inquiries_key(scope.as_of, document_number=scope.document_number))


@board(
    page=PAGE,
    title="规则属实率",
    asks="每条规则提议过几份，认定属实几份，不属实几份，还用不用它",
    formula="属实率＝认定属实÷（认定属实＋不属实）；不属实含认定正常和不予开出。提议数只算有人开出或决定不开的，各文件合计。"
    "已认定的达到监控界限里的件数而属实率低于下限的，提请停用；停用、继续使用、恢复由人决定，写明理由。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def rule_records(store: Store, scope: Scope) -> pd.DataFrame:
    """How often each rule was right, over all notices by the end of the day.

    Shape:  one row per rule, in the order of the rules; ``is_up_for_decision`` where it is below the bar, in use, and
            nobody kept it on the same number of judged ones.
    Unit:   counts of inquiries and dismissals.
    """
    with store.reading() as cursor:
        rows = records_of(cursor, scope)
    return pd.DataFrame([
        {**row, "source_text": citation(RULES[row["rule_key"]].source), "note": RULES[row["rule_key"]].note,
         "trust": trust_label(RULES[row["rule_key"]].source)}
        for row in rows
    ])


@board(
    page=PAGE,
    title="对资金的处理",
    asks="问效的结果怎样落到钱上：暂缓拨款、收回、下年因素各多少，谁定的，解除了没有",
    formula="每项处理一行，最近的在前；金额不超过决定时单位未支付的金额减去已暂缓、已收回的金额。解除的保留，注明何时、何人、为何。",
    sources=law.CONSEQUENCE_SOURCES,
)
def consequences(store: Store, scope: Scope) -> pd.DataFrame:
    """What 问效单 of a notice came to against the money of units, the newest first.

    Unit:   元.
    Empty:  ``amount_yuan`` for next_year; ``lifted_at`` while it holds.
    """
    return store.query("inquiry_consequences", document_number=scope.document_number, as_of=scope.as_of)


@board(
    page=PAGE,
    title="可以处理的金额",
    asks="每个单位还有多少钱没有支付，其中多少已经暂缓或收回，还能处理多少",
    formula="未支付＝调整后金额－累计支付；支付取对接的支付信息，没有对接的取最近一次填报，都没有的按未支付计。"
    "可处理＝未支付－仍有效的暂缓和收回。",
    sources=(law.SUSPENSION_SOURCE,),
)
def money_at_stake(store: Store, scope: Scope) -> pd.DataFrame:
    """The money of each unit that a consequence may be about.

    Shape:  one row per unit, in printed order.
    Unit:   元.
    """
    with store.reading() as cursor:
        return pd.DataFrame(money_left(cursor, scope), dtype=object)
