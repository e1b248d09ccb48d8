"""The law book: every rule that the product uses, with its words, its place and how far it can be trusted.

References: the founding notice 巴财社〔2021〕96号; statutes as kept in github.com/LawRefBook/Laws;
            municipal pages and filed forms, each named in its ``url``.
Checked with: the founding notice's quotes are compared with its text by ``tests/test_law.py``.
Limitations: the articles of 财预〔2020〕10号 on weights, scoring and grades and the footnotes of the
             区域绩效目标自评表 could not be read, so no article number of theirs is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Trust(StrEnum):
    """How far a rule's wording can be relied on."""

    OFFICIAL = "V"      # read in an official text or on an official body's page
    SECOND_HAND = "S"   # press, journal, a filed form, a reprint
    PRACTICE = "C"      # how running systems work, or a setting of this product
    DERIVED = "D"       # calculated
    UNVERIFIED = "M"    # nobody has held it against the paper


TRUST_LABELS = MappingProxyType({
    Trust.OFFICIAL: "已见原文",
    Trust.SECOND_HAND: "二手来源",
    Trust.PRACTICE: "系统惯例",
    Trust.DERIVED: "推算",
    Trust.UNVERIFIED: "出处待核",
})


@dataclass(frozen=True)
class LegalSource:
    """A rule's words and where they stand.

    ``quote`` is verbatim or empty; ``note`` says what a reader must know, and why there is no quote.
    ``checked_on`` is the day when the quote was held against the text; None if nobody did.
    """

    document_number: str
    title: str
    place: str
    quote: str
    checked_on: date | None
    trust: Trust
    url: str = ""
    note: str = ""


def trust_label(source: LegalSource) -> str:
    """The words that stand beside a rule on every page (已见原文, 二手来源, …, 出处待核).

    An official text whose words nobody here has held against it is 出处待核, whatever its rank.
    """
    if source.trust is Trust.OFFICIAL and source.checked_on is None:
        return TRUST_LABELS[Trust.UNVERIFIED]
    return TRUST_LABELS[source.trust]


def citation(source: LegalSource) -> str:
    """One line for a page or a paper: number, title, place, words, trust.

    >>> citation(WORKING_DAY_SOURCE)[:35]
    '国务院令第146号《国务院关于职工工作时间的规定》第七条：“国家机关、'
    """
    words = f"：“{source.quote}”" if source.quote else ""
    return f"{source.document_number}《{source.title}》{source.place}{words}（{trust_label(source)}）"


_CHECKED = date(2026, 11, 23)
_STATUTES = "https://github.com/LawRefBook/Laws"
_SELF_ASSESSMENT_FORM = "https://www.wenku365.com/s-60761775.html"


def _founding(place: str, quote: str, note: str = "") -> LegalSource:
    return LegalSource(
        "巴财社〔2021〕96号", "关于调整2021年部分中央困难群众救助补助资金分配方案的通知",
        place, quote, _CHECKED, Trust.OFFICIAL, note=note,
    )


def _evaluation_rules(place: str, quote: str, trust: Trust, url: str = "", note: str = "") -> LegalSource:
    return LegalSource("财预〔2020〕10号", "项目支出绩效评价管理办法", place, quote, None, trust, url, note)


def _filed_form(place: str, quote: str, url: str, note: str = "") -> LegalSource:
    """A self-assessment form as a unit filed it: how 财预〔2020〕10号 is applied, not its words."""
    return LegalSource(
        "", "项目支出绩效自评表（2022年公开样表，据称依财预〔2020〕10号）", place, quote, None,
        Trust.SECOND_HAND, url, note,
    )


def _statute(number: str, title: str, place: str, quote: str, note: str = "") -> LegalSource:
    return LegalSource(number, title, place, quote, _CHECKED, Trust.OFFICIAL, _STATUTES, note)


def _budget_law(place: str, quote: str, note: str = "") -> LegalSource:
    return _statute("", "中华人民共和国预算法（2018年修正）", place, quote, note)


# The founding notice's own orders.

THREE_WORKING_DAYS_SOURCE = _founding(
    "附件2 时效指标", "收到自治区财政调整资金文件3个工作日内",
    "从收到自治区文件之日起算；这一时限只见于本通知。",
)
COUNTY_IMPORT_SOURCE = _founding(
    "正文三", "各县(市)收到文件后,应及时在指标管理系统中登录有关指标和直达资金标识,并导入直达资金监控系统",
    "原文只说“及时”；按各县自己的收文日起3个工作日计算，是本系统的设定，不是原文规定。",
)
SAME_DATA_SOURCE = _founding("正文三", "确保相关数据同步一致、准确完整")
DIRECT_FUND_MARKER_SOURCE = _founding(
    "正文二",
    "此项资金纳入直达资金管理,标识为“01 中央直达资金”,贯穿资金分配、拨付、使用等整个过程环节,且保持不变。",
)
ASK_FOR_EFFECT_SOURCE = _founding(
    "正文四",
    "及时分解区域绩效目标,做好绩效目标完成情况、效益与预期目标偏差情况等跟踪监控,切实做到花钱必问效、无效必问责。",
)
SEPARATE_BOOKS_SOURCE = _founding("正文一", "各县(市)按实际支出内容方向单独记账,分别核算。")
ONE_CARD_SOURCE = _founding("正文五", "强化加强困难群众救助补助资金“一卡通”发放的行业监督和管理监管。")
DRAW_DOWN_SOURCE = _founding("正文五", "加大结转结余消化力度,加快预算执行进度,提高资金使用效益")
AUDIT_RECTIFICATION_SOURCE = _founding("正文", "为做好中央财政困难群众救助补助资金审计整改工作")
REGIONAL_TARGET_SHEET_SOURCE = _founding("附件2", "中央对地方转移支付区域绩效目标表")

# Scoring.

WEIGHT_SOURCE = _filed_form(
    "单位自评权重", "产出指标(50分)",
    "http://www.anthempetcare.com/upload_cz/download?id=502364&siteId=2",
    "数字取自2022年一份公开的自评表：预算执行率10分、产出50分、效益30分、满意度10分；办法中的条款号待核。",
)
WEIGHT_CHANGE_SOURCE = _evaluation_rules(
    "单位自评权重的调整", "如有特殊情况", Trust.UNVERIFIED, note="可以调整权重的前提，全句与条款号待核。",
)
LOWER_WEIGHT_SOURCE = _evaluation_rules(
    "二、三级指标权重", "", Trust.UNVERIFIED,
    note="由单位按重要程度确定，合计应等于一级指标分值；未见原文，所以没有引文。未印权重时本系统平均分配并标“默认均分”。",
)
EXECUTION_SCORE_SOURCE = _filed_form(
    "预算执行率得分", "最高不得超过分值上限", _SELF_ASSESSMENT_FORM,
    "得分＝执行率×该项分值；取自公开的自评表。",
)
SCORE_REACHED_SOURCE = _filed_form(
    "定量指标得分：达到", "完成值达到指标值,记满分", _SELF_ASSESSMENT_FORM,
)
SCORE_PROPORTION_SOURCE = _filed_form(
    "定量指标得分：未达到", "按B/A或A/B*该指标分值记分", _SELF_ASSESSMENT_FORM,
    "正向指标按B/A，反向指标按A/B；不超过该指标分值。",
)
OVER_FULFILMENT_SOURCE = _evaluation_rules(
    "定量指标得分：超额完成", "按照偏离度适度调减", Trust.UNVERIFIED,
    note="全国没有规定超过多少算明显偏低；本系统只提示，由人决定是否扣分。",
)
QUALITATIVE_BAND_SOURCE = _evaluation_rules(
    "定性指标得分", "", Trust.UNVERIFIED,
    note="达成100%–80%（含）、部分达成并具有一定效果80%–60%（含）、未达成且效果较差60%–0%；未见原文，所以没有引文。",
)
GRADE_SOURCE = _evaluation_rules(
    "评价等级", "", Trust.UNVERIFIED, "http://www.dz-gczx.com/wap/articleDetails_id_1290.html",
    "网页转述为优90–100、良80–89、中60–79、差0–59；半开区间的写法未见原文，所以没有引文；整数写法管不到89.5分，故取半开区间。",
)
EXECUTION_RATE_SOURCE = _evaluation_rules(
    "附件 项目支出绩效评价指标体系框架（参考）", "预算执行率=（实际支出资金/实际到位资金）×100%",
    Trust.UNVERIFIED,
    note="各县不填实际到位资金，本系统以调整后下达数为分母；公开的自评表用全年执行数(B)÷全年预算数(A)。",
)
SELF_ASSESSMENT_FORM_SOURCE = _filed_form(
    "自评表栏目", "偏差原因分析及改进措施", _SELF_ASSESSMENT_FORM,
)
DEVIATION_SOURCE = LegalSource(
    "", "问效系统设定", "偏差率", "", None, Trust.PRACTICE,
    note="偏差率＝（实际−目标）÷目标，反向指标变号，比率指标另示百分点；没有找到全国统一公式，所以没有引文。",
)
ROLL_UP_SOURCE = LegalSource(
    "", "区域绩效目标自评表", "填表说明（定量指标汇总）",
    "对绝对值直接累加计算,相对值按照资金额度加权平均计算", None, Trust.UNVERIFIED,
    note="有分子分母的比率，本系统用分子之和÷分母之和；未填报的单位不计入并点名。",
)
TARGET_CHANGE_SOURCE = LegalSource(
    "财预〔2015〕163号", "中央对地方专项转移支付绩效目标管理暂行办法", "绩效目标的调整", "一般不予调整",
    None, Trust.UNVERIFIED,
    note="目标一经下达一般不予调整，确需调整的按原程序报批；未见原文，条款号待核。",
)
OWN_SETTING_SOURCE = LegalSource(
    "", "问效系统设定", "可修改的界限", "", None, Trust.PRACTICE,
    note="没有找到规定这一界限的全国文件，所以没有引文；由本单位设定，可以修改。",
)

# Monitoring, elsewhere in the country.

DUAL_MONITORING_SOURCE = LegalSource(
    "焦发〔2019〕24号", "焦作市文件（标题待核）", "绩效运行监控", "谁支出、谁负责", None, Trust.OFFICIAL,
    "http://sthjj.jiaozuo.gov.cn/article.thtml?id=14749",
    "绩效目标实现程度与预算执行进度双监控；这是一个地市的转述，国家文件待核。",
)
SUSPENSION_SOURCE = LegalSource(
    "焦发〔2019〕24号", "焦作市文件（标题待核）", "绩效运行监控", "暂缓或停止预算拨款", None, Trust.OFFICIAL,
    "http://sthjj.jiaozuo.gov.cn/article.thtml?id=14749", "问题严重时的处理；一个地市的规定。",
)
SICHUAN_GAP_SOURCE = LegalSource(
    "川财绩〔2025〕10号", "部门预算绩效运行监控管理办法", "目标实现与预算执行的差距",
    "", None, Trust.SECOND_HAND,
    note="差距超过10个百分点预警；四川省规定的摘要，非新疆规定，只见转述，所以没有引文。",
)
SICHUAN_MILESTONE_SOURCE = LegalSource(
    "川财绩〔2025〕10号", "部门预算绩效运行监控管理办法", "累计执行进度", "", None, Trust.SECOND_HAND,
    note="1–4月低于25%、1–6月低于40%、1–8月低于60%、1–10月低于80%预警，10个工作日内处理；只见转述，所以没有引文。",
)
IDLE_MONEY_SOURCE = LegalSource(
    "", "叶城县2025年做法（报道摘要）", "资金闲置", "", None, Trust.SECOND_HAND,
    "https://reportify.ai/news/1189261207568257024",
    "进度滞后或资金闲置超过2个月的暂停拨款、督促整改；一个县的做法，只见转述，所以没有引文。",
)

# Time.

WORKING_DAY_SOURCE = _statute(
    "国务院令第146号", "国务院关于职工工作时间的规定", "第七条",
    "国家机关、事业单位实行统一的工作时间，星期六和星期日为周休息日。",
    "再按国务院办公厅每年的放假通知扣除放假日、加上调休上班日。",
)
YEARLY_ARRANGEMENT_SOURCE = LegalSource(
    "国办发明电〔2020〕27号、〔2021〕11号等", "国务院办公厅关于部分节假日安排的通知", "每年一份", "", None,
    Trust.OFFICIAL, "http://www.beijing.gov.cn/zhengce/zhengcefagui/202110/t20211026_2520500.html",
    "逐日数据取自chinesecalendar，2018–2026年与另一个独立的库逐日相同，所以不逐条引文；未公布的年份拒绝推算。",
)
REGIONAL_HOLIDAY_SOURCE = _statute(
    "国务院令第644号", "全国年节及纪念日放假办法（2013年修订）", "第四条",
    "少数民族习惯的节日，由各少数民族聚居地区的地方人民政府，按照各该民族习惯，规定放假日期。",
    "新疆各年安排逐行记在地区节日表，每行有出处。",
)
XINJIANG_2025_HOLIDAY_SOURCE = LegalSource(
    "", "新疆维吾尔自治区人民政府办公厅关于2025年节假日放假和冬夏季作息时间安排的通知", "一、（七）",
    "古尔邦节:6月6日(周五)是少数民族习惯节日古尔邦节,6月6日(周五)至10日(周二)放假,共5天。",
    _CHECKED, Trust.SECOND_HAND, "http://www.mnw.cn/news/cj/3018205.html", "闽南网转载全文，文号未见。",
)
DAY_COUNT_SOURCE = LegalSource(
    "", "中华人民共和国民法典", "第二百零一条",
    "按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。", None, Trust.OFFICIAL, _STATUTES,
    "民事法律，这里参照适用：收文当日为第0日；没有找到规定内部公文期限算法的法律。",
)
OFFICE_HOURS_SOURCE = LegalSource(
    "", "中华人民共和国民法典", "第二百零三条", "", None, Trust.OFFICIAL, _STATUTES,
    "最后一日到二十四时止，有业务时间的到停止业务活动时止；按大意转述，没有引文。民事法律，这里参照适用；下班时间由本单位设定。",
)

# Money.

CARRYOVER_SOURCE = _budget_law(
    "第四十二条",
    "各级政府上一年预算的结转资金，应当在下一年用于结转项目的支出；连续两年未用完的结转资金，应当作为结余资金管理。",
)
RELEASE_LIMIT_SOURCE = _budget_law(
    "第五十二条",
    "省、自治区、直辖市政府接到中央一般性转移支付和专项转移支付后，应当在三十日内正式下达到本行政区域县级以上各级政府。",
)
PAYMENT_DUTY_SOURCE = _budget_law(
    "第五十七条",
    "各级政府财政部门必须依照法律、行政法规和国务院财政部门的规定，及时、足额地拨付预算支出资金，加强对预算支出的管理和监督。",
)
EVALUATION_DUTY_SOURCE = _budget_law("第五十七条", "各级政府、各部门、各单位应当对预算支出情况开展绩效评价。")
EVALUATION_USE_SOURCE = LegalSource(
    "", "中华人民共和国预算法实施条例（2020年修订）", "第二十条", "作为改进管理和编制以后年度预算的依据",
    None, Trust.OFFICIAL, _STATUTES,
)
REAL_NAME_SOURCE = LegalSource(
    "财预〔2020〕56号", "中央财政实行特殊转移支付机制资金监督管理办法", "第五条", "实名制",
    None, Trust.SECOND_HAND, "http://dilbar.cn/tuwen/16101347029613721612.html",
    "受益对象实名台账，直接支付到受益人，不得转入单位实有资金账户。",
)
TO_OWN_ACCOUNT_SOURCE = LegalSource(
    "财社〔2017〕58号", "中央财政困难群众救助补助资金管理办法", "第十条", "", None, Trust.SECOND_HAND,
    "http://crsrw.com/falvjiangtang/21998.html",
    "低保金、分散特困供养金、临时救助金原则上支付到本人账户，集中供养支付到机构账户；只见转述，所以没有引文。",
)
MONTHLY_PAYOUT_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第十二条", "按月发给最低生活保障金",
    "条例只说按月发给；“每月10日前”是各地惯例，出处待核。",
)
SEPARATE_FUND_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第五条",
    "社会救助资金实行专项管理，分账核算，专款专用，任何单位或者个人不得挤占挪用。",
)
NO_FEE_SOURCE = LegalSource(
    "", "海南省困难群众救助补助资金管理办法（报道摘要）", "资金使用", "不得向救助对象收取任何管理费用",
    _CHECKED, Trust.SECOND_HAND, "https://www.workercn.cn/papers/grrb/2017/12/16/7/news-8.html",
    "《工人日报》2017年12月16日07版转述；所引的话管收费，不得从资金中提取是由“专款专用”（社会救助暂行办法第五条）推出的。",
)
CONFIDENTIALITY_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第六十一条",
    "履行社会救助职责的工作人员对在社会救助工作中知悉的公民个人信息，除按照规定应当公示的信息外，应当予以保密。",
)

ALLOTMENT_CONTROL_SOURCE = LegalSource(
    "财办〔2020〕13号", "预算管理一体化规范（试行）", "预算指标控制支付", "", None, Trust.SECOND_HAND,
    "https://www.nmdbkk.com/html_3/chumu/16557/list/10.html",
    "预算指标直接控制资金支付；只见转述，所以没有引文。",
)
PAYMENT_HOOK_SOURCE = LegalSource(
    "", "一种在用的直达资金监控产品", "支付数据规范性检查", "", None, Trust.PRACTICE,
    note="次月3日以后才挂接的支付单独列出；这是产品的做法，不是规定，所以没有引文，日期可以修改。",
)
MONITORING_DATA_SOURCE = LegalSource(
    "", "一种在用的直达资金监控产品", "指标数据规范性检查、疑似错用科目", "", None, Trust.PRACTICE,
    note="检查指标文号为空或没有汉字、科目为空、疑似错用科目；这是产品的做法，不是规定，所以没有引文。",
)

EXCLUSIVE_AID_SOURCE = LegalSource(
    "", "各项社会救助待遇的衔接", "不能同时享受的待遇", "", None, Trust.UNVERIFIED,
    note="城市低保、农村低保、特困供养一般只享受一项，孤儿与事实无人抚养儿童只享受一项；未见原文，所以没有引文。",
)

# Accountability: the program lists them, a person chooses.

FUND_MISUSE_SOURCE = _statute(
    "国务院令第427号", "财政违法行为处罚处分条例", "第六条",
    "国家机关及其工作人员有下列违反规定使用、骗取财政资金的行为之一的，责令改正，调整有关会计账目，"
    "追回有关财政资金，限期退还违法所得。",
    "所列行为：（一）以虚报、冒领等手段骗取；（二）截留、挪用；（三）滞留应当下拨的财政资金；"
    "（四）违反规定扩大开支范围，提高开支标准；（五）其他。",
)
TRANSFER_RULE_BREACH_SOURCE = _statute(
    "国务院令第427号", "财政违法行为处罚处分条例", "第七条（六）", "违反国家关于转移支付管理规定的行为",
)
CHANGED_PURPOSE_SOURCE = _budget_law("第九十三条（四）", "违反本法规定，改变预算支出用途的")
CHANGED_TRANSFER_PURPOSE_SOURCE = _budget_law("第九十三条（五）", "擅自改变上级政府专项转移支付资金用途的")
FALSE_CLAIM_SOURCE = _budget_law("第九十五条（二）", "以虚报、冒领等手段骗取预算资金的")
WIDENED_SCOPE_SOURCE = _budget_law("第九十五条（三）", "违反规定扩大开支范围、提高开支标准的")
AID_DUTY_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第六十六条",
    "违反本办法规定，有下列情形之一的，由上级行政机关或者监察机关责令改正；"
    "对直接负责的主管人员和其他直接责任人员依法给予处分",
    "情形之（六）：不按照规定发放社会救助资金、物资或者提供相关服务的。",
)
AID_DIVERSION_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第六十七条",
    "违反本办法规定，截留、挤占、挪用、私分社会救助资金、物资的，由有关部门责令追回；有违法所得的，没收违法所得；"
    "对直接负责的主管人员和其他直接责任人员依法给予处分。",
)
AID_FRAUD_SOURCE = _statute(
    "国务院令第649号", "社会救助暂行办法", "第六十八条",
    "采取虚报、隐瞒、伪造等手段，骗取社会救助资金、物资或者服务的，由有关部门决定停止社会救助，"
    "责令退回非法获取的救助资金、物资，可以处非法获取的救助款额或者物资价值1倍以上3倍以下的罚款",
)

ACCOUNTABILITY_SOURCES = (
    FUND_MISUSE_SOURCE,
    TRANSFER_RULE_BREACH_SOURCE,
    CHANGED_PURPOSE_SOURCE,
    CHANGED_TRANSFER_PURPOSE_SOURCE,
    FALSE_CLAIM_SOURCE,
    WIDENED_SCOPE_SOURCE,
    AID_DUTY_SOURCE,
    AID_DIVERSION_SOURCE,
    AID_FRAUD_SOURCE,
)

# What a consequence against the money may rest on.
CONSEQUENCE_SOURCES = (SUSPENSION_SOURCE, EVALUATION_USE_SOURCE, *ACCOUNTABILITY_SOURCES)

# A key is stable: fund-misuse for FUND_MISUSE_SOURCE. Scores, papers and links may keep it.
ALL_SOURCES = MappingProxyType({
    name.removesuffix("_SOURCE").lower().replace("_", "-"): value
    for name, value in list(globals().items())
    if isinstance(value, LegalSource)
})
