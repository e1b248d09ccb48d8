"""What programs send as JSON; money and figures as text, so that nothing is rounded on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NaiveDatetime

MAX_ROWS = 1000


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError("请把数写成文字，例如 \"29390000.00\"，以免丢位。")
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=18, decimal_places=2)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoundBody(_Body):
    """一个填报轮次。"""

    document_number: Short = Field(title="文号")
    round_id: Short = Field(title="轮次", examples=["2021-12"])
    round_name: Short = Field(title="轮次名称", examples=["2021年12月"])
    period_end_on: date = Field(title="数据截至日")
    opens_on: date = Field(title="填报开始日")
    due_on: date = Field(title="填报截止日")


class ReceiptBody(_Body):
    """一个单位办理文件的一个环节。"""

    recipient_id: Short = Field(title="单位编码", description="州本级写 region")
    step: Short = Field(title="环节", description="received、registered、marked、imported，或 duties.limit_steps 所列")
    happened_at: NaiveDatetime = Field(title="办理时间", description="当地时间，不带时区")
    amount_yuan: Exact | None = Field(None, title="金额（元）")
    marker_text: Words = Field("", title="直达资金标识")
    evidence_text: Words = Field("", title="依据")


class ReceiptsBody(_Body):
    """一份文件的若干环节，按所列次序登记。"""

    document_number: Short = Field(title="文号")
    receipts: list[ReceiptBody] = Field(title="环节", min_length=1, max_length=MAX_ROWS)


class PaperBody(_Body):
    """一份公文或报表。"""

    paper: Short = Field(title="公文报表", description="GET /papers 所列的名称", examples=["unit-assessment"])
    document_number: Words = Field("", title="文号", description="不写时取最新一份")
    round_id: Words = Field("", title="轮次", description="不写时取最近一轮")
    as_of: date | None = Field(None, title="统计截止日", description="不写时取今天")
    recipient_id: Words = Field("", title="单位", description="单位代码或名称；县市不写时为本单位")
    inquiry_no: int = Field(0, title="问效单号", ge=0, le=999_999)
    form: Short = Field("docx", title="格式", description="docx 或 xlsx")
    is_batch: bool = Field(False, title="全部单位", description="全部单位各一份，得到一个 zip")


class InquiryBody(_Body):
    """一份问效单。"""

    document_number: Short = Field(title="文号")
    round_id: Annotated[str, Field(max_length=200)] = Field("", title="轮次")
    recipient_id: Short = Field(title="单位编码")
    indicator_no: int = Field(0, title="指标序号", description="0 为单位整体")
    question_text: Words = Field(title="要问的事")
    answer_days: int | None = Field(None, title="答复期限（工作日）", description="不写时取监控界限里的默认数")
    rule_key: Words = Field("", title="提议规则", description="自行开出的不写")
    facts_key: Words = Field("", title="提议依据", description="inquiries.proposals 的 facts_key，原样")
    fact_text: Words = Field("", title="事实", description="自行开出的必填")
    is_audit_rectification: bool = Field(False, title="是否审计整改")


class TargetBody(_Body):
    """一项指标给一个单位的目标。"""

    indicator_no: int = Field(title="指标序号")
    recipient_id: Short = Field(title="单位编码", description="区域目标写 region")
    target_text: Words = Field(title="指标值")


class TargetsBody(_Body):
    """目标分解或调整。"""

    document_number: Short = Field(title="文号")
    valid_from_on: date = Field(title="生效日")
    reason: Words = Field("", title="理由")
    approval_text: Words = Field("", title="批准依据")
    targets: list[TargetBody] = Field(title="目标", min_length=1, max_length=10 * MAX_ROWS)
