"""What is to be reached, each goal once: the groups of figures, in the order in which the README prints them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Goal:
    """One figure that is measured; ``most`` or ``least`` is its limit, neither where it is only reported.

    ``why_missed`` is what keeps it from its limit, printed where it is missed, or was not measured, and the
    measurement says nothing nearer.
    """

    key: str
    words: str
    unit: str
    most: float | None = None
    least: float | None = None
    why_missed: str = ""

    @property
    def limit_words(self) -> str:
        """The limit as it is printed; 「只记录」 where there is none."""
        if self.most is not None:
            return f"≤ {number(self.most)}{self.unit}"
        if self.least is not None:
            return f"≥ {number(self.least)}{self.unit}"
        return "只记录"

    def is_reached_by(self, value: float) -> bool:
        """Whether a value keeps the limit."""
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)


@dataclass(frozen=True)
class Group:
    """What one module of this folder measures, in a process of its own."""

    name: str          # the module
    title: str
    goals: tuple[Goal, ...]


def number(value: float) -> str:
    """A figure with three digits that count, never in powers of ten.

    >>> number(1234567), number(12.345), number(0.01234), number(6)
    ('1,234,567', '12.3', '0.0123', '6')
    """
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return format(Decimal(f"{value:.3g}"), "f")


# What keeps more than one goal from its limit.
_PLANNING = "每条语句都要重新规划，一次报送约 40 条，规划计分那一条就要 50 毫秒"
_REDRAWN = "同样的图表，本页另有整页的表、句子和导航；两边都在重画"
_ONE_CORE = "一个进程只用满一个核，每次点击约要 36 毫秒处理器时间"
_TOO_LONG = "按 1,000 万行推算，两遍约要 170 分钟，没有做"
_CONDITIONS = "每行经过约 60 个判断，每个 2 到 3 纳秒；求和只读压缩后的列"

GROUPS = (
    Group("scoring", "计分", (
        Goal("times_floor_10m", "1,000 万行计分到单位×轮次，是只求和的几倍", " 倍", most=6, why_missed=_CONDITIONS),
        Goal("times_floor_100m", "1 亿行计分到单位×轮次，是只求和的几倍", " 倍", most=6, why_missed=_CONDITIONS),
        Goal("pandas_over_ours", "同一规则用 pandas 算，用时是本程序的几倍（1,000 万行）", " 倍", least=8,
             why_missed="对照程序全是整列的 NumPy 运算，定点数直接取 64 位整数，比逐列写的 pandas 快得多"),
        Goal("polars_over_ours", "同一规则用 Polars 流式算，用时是本程序的几倍（1,000 万行）", " 倍", least=1.5,
             why_missed="两边都按列、按块、用两核算，同样用 128 位整数"),
        Goal("peak_mib_100m", "1 亿行计分的内存峰值", " MiB", most=2048),
        Goal("seconds_10m", "1,000 万行计分并汇总到州级用时", " 秒"),
        Goal("seconds_100m", "1 亿行计分并汇总到州级用时", " 秒"),
        Goal("equal_rows", "与 pandas、Polars 逐行相同的行数（1,000 万行）", " 行", least=10_000_000),
    )),
    Group("submitting", "报送一份 20 项的填报（得分、合计、记录在一个事务里）", (
        Goal("p95_ms_1m", "库里有 100 万行得分时 p95", " 毫秒", most=50, why_missed=_PLANNING),
        Goal("p95_ms_10m", "库里有 1,000 万行得分时 p95", " 毫秒", most=50, why_missed=_PLANNING),
        Goal("p95_ms_100m", "库里有 1 亿行得分时 p95", " 毫秒", most=50, why_missed=_PLANNING),
    )),
    Group("boards", "页面上的每张表和图（全部看板，逐个列出）", (
        Goal("worst_p95_ms_10m", "1,000 万行得分时最慢的看板 p95", " 毫秒", most=20),
        Goal("worst_p95_ms_100m", "1 亿行得分时最慢的看板 p95", " 毫秒", most=50),
        Goal("board_count", "测了多少个看板", " 个"),
    )),
    Group("pages", "页面：服务器每次重算的处理器时间", (
        Goal("worst_p50_ms", "最慢的页面 p50", " 毫秒", most=20,
             why_missed="页面上的字和表按次发送，每个元素都要编成消息；提示、导航等也在其中"),
        Goal("page_count", "测了多少个页面", " 个"),
        Goal("first_load_kib", "首次打开传输量", " KiB"),
    )),
    Group("browser", "页面：Chromium 里看到的", (
        Goal("filter_ms", "换轮次到画完，中位数", " 毫秒", most=400,
             why_missed="一次换轮次要重画整页的表和图"),
        Goal("warm_ms", "已打开过，再打开，中位数", " 毫秒", most=1500,
             why_missed="Streamlit 的前端每次打开都要启动，约占一半"),
        Goal("cold_ms", "新浏览器第一次打开，中位数", " 毫秒", most=4000,
             why_missed="首次要下载约 2.5 MB 的前端和图表库"),
        Goal("pushed_ms", "别人报送后，开着的页面自己换上新数，最慢", " 毫秒", most=2000,
             why_missed="数据变了，看板要重算一遍，开着的几页约要 5 秒处理器时间"),
    )),
    Group("superset", "与 Apache Superset 同机、同数据、同图表", (
        Goal("filter_times", "筛选用时，Superset 是本程序的几倍", " 倍", least=3, why_missed=_REDRAWN),
        Goal("warm_times", "再次打开，Superset 是本程序的几倍", " 倍", least=3, why_missed=_REDRAWN),
        Goal("cold_times", "首次打开，Superset 是本程序的几倍", " 倍", least=3, why_missed=_REDRAWN),
    )),
    Group("sessions", "同时在线（每人每 3 秒点一次，两核）", (
        Goal("p95_ms_100", "100 人 p95", " 毫秒", most=300, why_missed=_ONE_CORE),
        Goal("kib_per_session", "每人占用内存", " KiB", most=1024,
             why_missed="每个开着的页面留着它显示的元素"),
        Goal("p95_ms_200", "200 人 p95", " 毫秒", most=1000, why_missed=_ONE_CORE),
        Goal("p95_ms_200_replica", "200 人，另开一个只读副本，p95", " 毫秒", most=1000,
             why_missed="两个进程用满两核，测量程序本身也在同一台机器上"),
    )),
    Group("intake", "读入", (
        Goal("workbook_seconds", "5 万行工作簿读入并校验", " 秒", most=3,
             why_missed="读工作簿本身约 1 秒；其余是 2,500 个单位逐个按填报表的规则核对，Parquet 文件也要 6 秒"),
        Goal("payout_seconds", "1,000 万行发放明细 CSV 读入，错行逐行定位", " 秒", most=30,
             why_missed="每行四次 SHA-256（证件号码、账号各一个带密钥的哈希），每个留下的词都要查有没有夹带人员信息"),
        Goal("indicator_seconds", "由 1,000 万行发放明细算出佐证指标", " 秒", most=2,
             why_missed="每次由明细按人、按月重新归并，没有存下合计"),
    )),
    Group("spark", "全国：同一份 SQL 在 Spark 集群上", (
        Goal("equal_rows_10m", "与 DuckDB 逐行相同的行数（1,000 万行）", " 行", least=10_000_000),
        Goal("equal_rows_killed", "中途杀掉一个执行进程，仍逐行相同的行数", " 行", least=10_000_000),
        Goal("seconds_10m_1_worker", "1,000 万行，1 个执行进程", " 秒"),
        Goal("seconds_10m_2_workers", "1,000 万行，2 个执行进程", " 秒"),
        Goal("seconds_100m_1_worker", "1 亿行，1 个执行进程", " 秒", why_missed=_TOO_LONG),
        Goal("seconds_100m_2_workers", "1 亿行，2 个执行进程", " 秒", why_missed=_TOO_LONG),
    )),
    Group("growth", "数据增长的代价（每行用时和字节，10⁴–10⁸ 行）", (
        Goal("bytes_per_score_100m", "每行得分占库文件（1 亿行）", " 字节"),
        Goal("bytes_per_archived_row", "每行得分占归档", " 字节"),
    )),
)
