"""What ``wenxiao`` can be asked on the command line, with Chinese help and Chinese refusals."""

from __future__ import annotations

import argparse
import ipaddress
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn

from data.errors import WenxiaoError

_MAXIMUM_WORKING_DAYS = 2000
# As dashboard.papers.catalogue has them, which is too much to load for a line of help; a test compares the two.
PAPERS = {
    "unit-assessment": "绩效目标自评表", "unit-report": "绩效自评报告", "unit-monitoring": "绩效运行监控情况表",
    "unit-notice": "分送各单位的资金通知", "circular": "通报", "region-assessment": "区域绩效目标自评表",
    "region-report": "区域绩效自评报告", "region-monitoring": "绩效运行监控情况表（全部单位）",
    "rectification": "整改通知书", "supervision": "督办单",
}
_REFUSALS = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"one of the arguments (.+) is required", r"要写 \1 中的一个"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 和 \2 只能写一个"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"\1 后面缺少内容"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"没有“\2”，可以是 \3"),
    (r"argument (\S+): (.+)", r"\1：\2"),
)


class UsageError(WenxiaoError):
    """The command was written wrongly; the sentence says how to write it."""


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", _Formatter)
        # allow_abbrev: an abbreviation that works today would turn ambiguous with the next option.
        super().__init__(allow_abbrev=False, add_help=False, **settings)  # type: ignore[arg-type]
        self._positionals.title = "内容"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这页说明")

    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _REFUSALS:
            if re.fullmatch(pattern, message, re.S):
                message = re.sub(pattern, chinese, message, flags=re.S)
                break
        raise UsageError(f"命令写得不对：{message}。正确写法见 {self.prog} --help。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2021-12-22") from None


def _whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
            raise argparse.ArgumentTypeError(f"“{text}”不是整数")
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{what}要在 {least} 到 {most} 之间，现在是 {text}")
        return int(text)

    return read


def _setting(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key and sign):
        raise argparse.ArgumentTypeError(f"“{text}”不是设置，请写成 spark.executor.memory=2g")
    return key, value


def _peer(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是 IP 地址或网段，请写成 10.1.2.3 或 10.1.2.0/24") from None
    if not network.prefixlen:
        raise argparse.ArgumentTypeError(f"“{text}”是所有地址，等于谁的话都信，请写网关自己的地址")
    return text


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """The command and its options; ``command`` is a name such as 「notice read」.

    Raises: UsageError with a sentence; SystemExit(0) after ``--help``.
    """
    parser = _Parser(prog="wenxiao", description="问效：财政转移支付绩效监控。")
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command", parser_class=_Parser)

    def command(name: str, summary: str, within: argparse._SubParsersAction[_Parser] = commands) -> _Parser:
        made: _Parser = within.add_parser(name, help=summary, description=summary)
        made.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
        return made

    def group(name: str, summary: str) -> argparse._SubParsersAction[_Parser]:
        made = commands.add_parser(name, help=summary, description=summary)
        return made.add_subparsers(metavar="命令", required=True, dest="subcommand", parser_class=_Parser)

    read = command("read", "读一份资金文件，核对其中的合计", group("notice", "资金文件"))
    read.add_argument("file", metavar="文件", type=Path, help="txt、docx、pdf、xlsx 或 xls 文件")

    command("parse", "逐行读标准输入中的指标值，说明各是哪一类目标", group("target", "绩效目标"))

    score = command("score", "按目标值、实际完成值和分值逐行计分")
    score.add_argument(
        "file", metavar="文件", type=Path,
        help="CSV 表，首行为列名：target_text、actual_text、weight，可另有 indicator、level2、prior_text 等",
    )
    score.add_argument("--as-of", metavar="日期", type=_day, help="算到哪一天，默认今天")
    score.add_argument("--region", metavar="区划代码", default="", help="计入当地节假日，如 652800")

    deadline = command("deadline", "从收文日起数工作日，得出截止日")
    deadline.add_argument(
        "--received", metavar="日期", type=_day, required=True, help="收文日期，如 2021-12-22"
    )
    deadline.add_argument(
        "--working-days", metavar="天数", required=True, help="工作日天数，如 3",
        type=_whole_number("工作日天数", 1, _MAXIMUM_WORKING_DAYS),
    )
    deadline.add_argument("--region", metavar="区划代码", default="", help="计入当地节假日，如 652800")

    demo = command("demo", "建立演示数据")
    demo.add_argument("directory", metavar="目录", type=Path, help="新建的目录")

    archive = command("archive", "导出可复算档案：原件、输入、规则、结果和校验码")
    archive.add_argument("out", metavar="档案", type=Path, help="要写出的 zip 文件")
    archive.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    archive.add_argument(
        "--round", metavar="轮次", dest="round_ids", action="append", default=[],
        help="只要这一轮，如 2021-12，可写多次；默认全部轮次",
    )

    verify = command("verify", "核对可复算档案，全部重新计算，指出第一处不同")
    verify.add_argument("archive", metavar="档案", type=Path, help="要核对的 zip 文件")

    importing = group("import", "批量导入")
    imported = command("actuals", "批量导入多个单位的数据，每一行有回执", importing)
    imported.add_argument("file", metavar="文件", type=Path, help="csv、parquet 或 xlsx 文件，一行一个单位一项指标")
    imported.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    imported.add_argument("--dry-run", action="store_true", help="只试读：说明每一行会怎样，什么也不写入")

    docked = command("export", "载入一体化系统或监控系统的导出，不能载入的行逐行说明", importing)
    docked.add_argument("file", metavar="文件", type=Path, help="csv、parquet 或只有一张工作表的 xlsx 文件")
    docked.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    docked.add_argument(
        "--system", metavar="系统", required=True, choices=["integrated", "monitoring"],
        help="integrated 一体化系统，monitoring 监控系统",
    )
    docked.add_argument(
        "--kind", metavar="类别", required=True, choices=["allotment", "payment", "payout", "standard", "stop"],
        help="allotment 预算指标，payment 支付，payout 发放，standard 救助标准，stop 停发名单",
    )
    docked.add_argument("--from", metavar="日期", dest="from_on", type=_day, help="期间起，默认今年1月1日")
    docked.add_argument("--to", metavar="日期", dest="to_on", type=_day, help="期间止，默认今天")
    docked.add_argument("--unit", metavar="单位", default="", help="只是一个单位的导出时写单位代码或名称，默认全部单位")
    docked.add_argument("--dry-run", action="store_true", help="只试读：说明会载入多少行，什么也不写入")
    docked.add_argument("--yes", action="store_true", help="行数比要替换的导出少一半以上时，仍然替换")

    papers = command("papers", "出具公文和报表（草稿），写成文件，并在办理记录里记一条")
    papers.add_argument(
        "paper", metavar="公文", choices=PAPERS, help="；".join(f"{key} {name}" for key, name in PAPERS.items())
    )
    papers.add_argument("out", metavar="文件", type=Path, help="要写出的 docx 或 xlsx 文件；全部单位的写成 zip")
    papers.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    papers.add_argument("--notice", metavar="文号", default="", help="资金文件，默认最新的一份")
    papers.add_argument("--round", metavar="轮次", dest="round_id", default="", help="填报轮次，默认最近一轮")
    papers.add_argument("--as-of", metavar="日期", type=_day, help="统计截止日，默认今天")
    whose = papers.add_mutually_exclusive_group()
    whose.add_argument("--unit", metavar="单位", default="", help="单位代码或名称")
    whose.add_argument("--all", action="store_true", dest="is_batch", help="全部单位各一份，写成一个 zip")
    papers.add_argument("--inquiry", metavar="序号", default=0, type=_whole_number("序号", 1, 999_999), help="问效单号")
    papers.add_argument(
        "--form", metavar="格式", choices=["docx", "xlsx"], default="docx", help="全部单位的用哪种格式，默认 docx"
    )

    lake = group("lake", "全国的数据湖")
    pushed = command("push", "把本地的得分、资金、目标和口径推送到数据湖，替换以前推送的", lake)
    pushed.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    pushed.add_argument("--out", metavar="湖", type=Path, required=True, help="数据湖的目录，可以是新的")

    scored = command("score-lake", "按同一套口径计算数据湖里的全部得分、总分、汇总和全国各表")
    scored.add_argument("--in", metavar="湖", dest="source", type=Path, required=True, help="各地推送到的目录")
    scored.add_argument("--out", metavar="湖", type=Path, required=True, help="结果写到的目录，可以是同一个")
    scored.add_argument(
        "--engine", metavar="引擎", default="duckdb", help="duckdb（默认，本机），或 spark://主机:端口（Spark 集群）"
    )
    scored.add_argument(
        "--set", metavar="键=值", dest="settings", action="append", default=[], type=_setting,
        help="Spark 的设置，如 spark.executor.memory=2g，可写多次",
    )

    national = command("nation", "列出全国、各省、各县、各项资金，没有填报的点名")
    national.add_argument("--lake", metavar="湖", type=Path, required=True, help="已用 score-lake 计算过的目录")
    national.add_argument("--year", metavar="年", default="", help="哪一年的资金，默认最近一年")

    # Only for the list of commands: what stands behind it is read by what measures.
    commands.add_parser("bench", help="测量速度，每个数与目标并列（在源代码目录里）")

    audit = group("audit", "办理记录")
    exported = command("export", "导出全部办理记录", audit)
    exported.add_argument("out", metavar="文件", type=Path, help="要写出的 csv 或 xlsx 文件")
    exported.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")

    held = command("verify", "核对办理记录，指出哪一条被改动、删去或调换", audit)
    where = held.add_mutually_exclusive_group(required=True)
    where.add_argument("--workspace", metavar="目录", type=Path, help="数据所在的目录")
    where.add_argument("--file", metavar="文件", type=Path, help="导出的办理记录，csv 或 xlsx")
    held.add_argument("--last-hash", metavar="校验码", default="", help="另存的最后一条校验码，查末尾有没有被截去")

    backup = command("backup", "备份数据，服务运行时也可以；备份做好就读一遍核对")
    backup.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    backup.add_argument("--to", metavar="目录", type=Path, help="备份放在哪里，默认数据目录下的 backups")
    backup.add_argument(
        "--keep", metavar="份数", type=_whole_number("份数", 1, 10_000), default=30, help="保留最近几份，默认 30"
    )

    restored = command("restore", "用备份换回数据（先停止服务），原来的数据改名留着")
    restored.add_argument("backup", metavar="备份", type=Path, help="备份的 .duckdb 文件，旁边要有同名的 .json")
    where_to = restored.add_mutually_exclusive_group(required=True)
    where_to.add_argument("--workspace", metavar="目录", type=Path, help="恢复到哪个目录")
    where_to.add_argument("--check", action="store_true", dest="is_check", help="只核对备份，不恢复")

    salvaged = command("salvage", "断电等使最近的办理损坏、打不开时，截去损坏的末尾，原来的数据留着")
    salvaged.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")

    doctor = command("doctor", "核对数据：引用、合计、原件、得分和办理记录，服务运行时也可以")
    doctor.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")

    messages = group("messages", "消息：每日摘要和即时告知")
    sending = command("send", "把该发的放进发件箱并发出，可由定时任务调用", messages)
    sending.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    sending.add_argument("--dry-run", action="store_true", help="只说明会发什么给谁，什么也不写入、不发出")
    tested = command("test", "在一个渠道上发一条测试消息，不成的说明原因", messages)
    tested.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    tested.add_argument("--channel", metavar="渠道", required=True, help="channels.toml 里方括号中的名称")
    tested.add_argument("--to", metavar="地址", default="", help="电子邮件渠道要写明发到哪个邮箱，群不用写")

    init = command("init", "首次启用：写入本单位、单位名单和第一名系统管理员；没写明的逐项询问")
    init.add_argument("directory", metavar="目录", type=Path, help="数据所在的目录，可以是新的")
    init.add_argument("--bureau", metavar="名称", help="本单位名称，例如 巴州财政局")
    init.add_argument("--region", metavar="区划代码", help="6 位数字，例如 652800")
    init.add_argument(
        "--units", metavar="文件", help="单位名单，CSV 或 Excel，列名为 单位名称、简称、区划代码、类别；可以没有"
    )
    init.add_argument("--admin", metavar="登录名", help="第一名系统管理员的登录名")
    init.add_argument("--admin-name", metavar="姓名", help="第一名系统管理员的姓名")
    init.add_argument("--password-stdin", action="store_true", help="从标准输入读一行作为密码")

    account = group("account", "账号：没有人能登录时，由服务器的主人办理")
    account_commands = {
        name: command(name, summary, account) for name, summary in (
            ("list", "列出全部账号"), ("add", "新建账号，给出初始密码"),
            ("reset", "重设密码，给出初始密码，并解除锁定"), ("disable", "停用账号"),
        )
    }
    for name, made in account_commands.items():
        if name != "list":
            made.add_argument("account_id", metavar="登录名")
        made.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    account_commands["add"].add_argument("--name", metavar="姓名", dest="person_name", required=True, help="本人姓名")
    account_commands["add"].add_argument(
        "--role", metavar="角色", required=True, help="领导、县市填报、县市审核、州级经办、州级复核、系统管理员或审计"
    )
    account_commands["add"].add_argument("--unit", metavar="单位", default="", help="县市填报、县市审核所在的单位")
    account_commands["reset"].add_argument("--totp", action="store_true", help="改为重设动态口令，密码不变")
    account_commands["disable"].add_argument("--enable", action="store_true", help="改为重新启用")

    serve = command("serve", "启动网页服务")
    serve.add_argument("--workspace", metavar="目录", type=Path, required=True, help="数据所在的目录")
    serve.add_argument("--host", metavar="地址", default="127.0.0.1", help="默认 127.0.0.1，只有本机能打开")
    serve.add_argument(
        "--port", metavar="端口", default=8501, type=_whole_number("端口", 0, 65535), help="默认 8501"
    )
    serve.add_argument(
        "--name", metavar="域名", dest="names", action="append", default=[],
        help="人们打开网页所用的域名，可写多次；localhost 和 IP 地址不用写",
    )
    serve.add_argument(
        "--trusted-proxy", metavar="地址", dest="trusted_proxies", action="append", default=[], type=_peer,
        help="https 网关自己的 IP 地址或网段，可写多次；只相信它转告的来访地址和 https，默认谁也不信",
    )
    serve.add_argument(
        "--replica", action="store_true", dest="is_replica",
        help="只读副本：与同一数据目录的主服务并排运行，只看不办，分担访问；先启动主服务",
    )
    serve.add_argument("--bureau", metavar="名称", default="", help="本单位名称，写入数据目录，例如 巴州财政局")
    serve.add_argument(
        "--region", metavar="区划代码", default="", help="计入当地节假日，写入数据目录，例如 652800；发布文件前设定"
    )

    command("version", "版本")

    found = parser.parse_args(arguments)
    found.command = " ".join(part for part in (found.command, getattr(found, "subcommand", "")) if part)
    return found
