"""Texts that try to be more than text: each would do something where it is read as HTML, Markdown or a formula."""

from __future__ import annotations

EVIL = "evil.example"

PAYLOADS = (
    # HTML, in an element, in an attribute, cut off, in other letters.
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    f"<img src=//{EVIL}/p.png>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>",
    f"<iframe src=//{EVIL}></iframe>",
    f"<object data=//{EVIL}></object>",
    f'<form action=//{EVIL}><button>登录</button></form>',
    '<input autofocus onfocus=alert(1)>',
    "<details open ontoggle=alert(1)>",
    "<style>*{display:none}</style>",
    f'<link rel=stylesheet href=//{EVIL}/a.css>',
    f'<meta http-equiv=refresh content="0;url=//{EVIL}">',
    f'<base href="//{EVIL}/">',
    "<a href=javascript:alert(1)>点</a>",
    f'<a href="https://{EVIL}/">点</a>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)" x="',
    "</td></tr></table><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    # Markdown, with Streamlit's own additions.
    f"[登录](https://{EVIL}/login)",
    f"![图](https://{EVIL}/p.png)",
    "[点](javascript:alert(1))",
    f"https://{EVIL}/bare",
    f"www.{EVIL}/bare",
    f"who@{EVIL}",
    f"<https://{EVIL}/auto>",
    f"[一]: https://{EVIL}/ref",
    "**粗** _斜_ ~~删~~ `码`",
    "$\\frac{1}{2}$ 与 $$x^2$$",
    ":material/delete: :smile: :red[红] :red-badge[标]",
    "| 表 | 头 |",
    # Templates, formulas, printf.
    "{{7*7}} ${7*7} <%= 7*7 %> %s %n {0.__class__}",
    "=HYPERLINK(\"https://" + EVIL + "\",\"点\")",
)
# What begins a line can only be tried at the beginning of one.
LINE_PAYLOADS = ("# 标题", "> 引用", "- 一条", "1. 一条", "---", "===", "    代码", "| a |\n| - |")
CORPUS = " ".join(PAYLOADS) + "\n" + "\n".join(LINE_PAYLOADS)
