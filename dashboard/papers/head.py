"""The bureau's own red head: a Word template in the workspace, filled in and put above an official paper."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2.sandbox import SandboxedEnvironment

from dashboard.papers.content import Paper, printable
from data.errors import FileError
from data.files import FileKind, check_bytes, file_content

FOLDER, FILE_NAME = "papers", "红头.docx"


def head_template(folder: Path) -> bytes:
    """The template of a workspace as it lies there; empty where the bureau has put none.

    What it holds is looked at by ``fill_head``: a broken one stops only the papers that stand under it.

    Raises: FileError if it cannot be read.
    """
    path = folder / FOLDER / FILE_NAME
    return file_content(path, FILE_NAME) if path.is_file() else b""


def fill_head(template: bytes, paper: Paper) -> bytes:
    """The head with the paper's own words; a template may name 发文机关, 文号, 年份, 标题, 主送 and 抄送.

    What stands there are words, never markup; the template can reach nothing but them.

    Raises: FileError if the template is no Word document or cannot be filled in.
    """
    check_bytes(template, FILE_NAME, frozenset({FileKind.DOCX}))
    number = paper.own_number or f"　　　〔{paper.as_of_on.year}〕　　号"
    words = {
        "发文机关": paper.sender, "文号": number, "年份": str(paper.as_of_on.year), "标题": paper.title,
        "主送": paper.addressees, "抄送": paper.copied_to,
    }
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render({name: printable(text) for name, text in words.items()}, SandboxedEnvironment(autoescape=True))
        buffer = io.BytesIO()
        document.save(buffer)
        filled = Document(io.BytesIO(buffer.getvalue()))
        # A paper is put under the head in its last section and in its ordinary style.
        if not filled.sections or "Normal" not in filled.styles:
            raise ValueError("no section or no style Normal")
    except Exception as error:      # what a template does when it runs may fail in any way
        raise FileError(
            f"红头模板《{FILE_NAME}》套不上：{type(error).__name__}。请用 Word 重新保存，核对双花括号里的名称后再试；"
            "取走这个文件则用普通版头。"
        ) from error
    return buffer.getvalue()
