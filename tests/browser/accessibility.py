"""What a page must hold for people who do not see it or do not use a mouse, asked of the page in the browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# Kinds of trace that figures may be made of: no pies, no dials, no ribbons.
TRACES = {"bar", "scatter"}

_FIGURES = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart] .js-plotly-plot")].map((chart) => {
  const axes = Object.entries(chart._fullLayout).filter(([name]) => /^[xy]axis[0-9]*$/.test(name));
  const zero = (trace) => {
    const axis = chart._fullLayout[(trace.orientation === "h" ? trace.xaxis : trace.yaxis).replace(/^./, "$&axis")];
    return Math.min(...axis.range) <= 0 && Math.max(...axis.range) >= 0;
  };
  return {
    words: chart.getAttribute("aria-label") || "",
    role: chart.getAttribute("role"),
    types: [...new Set(chart._fullData.map((trace) => trace.type))],
    second_axes: axes.filter(([, axis]) => axis.overlaying).map(([name]) => name),
    bars_off_zero: chart._fullData.filter((trace) => trace.type === "bar" && !zero(trace)).length,
    points: chart._fullData.reduce((sum, trace) => sum + (trace.x || []).length, 0),
    faint_words: [...chart.querySelectorAll("text")].filter((text) => {
      const opacity = getComputedStyle(text).fillOpacity;
      return text.textContent.trim() && Number(opacity) < 1;
    }).map((text) => text.textContent),
  };
})"""
_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  // The ring may stand on the element or on the box that holds it.
  const isMarked = (node) => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const box = element.getBoundingClientRect();
  return {
    name: (element.getAttribute("aria-label") || element.textContent || element.placeholder || "").trim().slice(0, 40),
    tag: `${element.tagName} ${element.dataset.testid || ""}`.trim(),
    part: element.closest("[data-testid=stSidebar]") ? "menu" : element.closest("[data-testid=stMain]") ? "main" : "",
    shows: isMarked(element) || isMarked(element.parentElement),
    has_size: box.width > 0 && box.height > 0,
  };
}"""


def grave_findings(page: Page) -> list[str]:
    """What axe-core, as it is bundled, finds serious or critical: rule, place and markup."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{finding['id']} {node['target']}: {node['html'][:160]}"
        for finding in found["violations"] if finding["impact"] in GRAVE for node in finding["nodes"]
    ]


def figures(page: Page) -> list[dict[str, Any]]:
    """Each figure of the page: what it is made of, and the words that stand for it."""
    found: list[dict[str, Any]] = page.evaluate(_FIGURES)
    return found


def poor_figures(page: Page) -> list[str]:
    """What a statistician, or somebody who hears the page, would object to in its figures."""
    objections = []
    for number, figure in enumerate(figures(page), start=1):
        if figure["role"] != "img" or len(figure["words"]) < 10:
            objections.append(f"图 {number} 没有文字说明")
        if set(figure["types"]) - TRACES:
            objections.append(f"图 {number} 是 {figure['types']}")
        if figure["second_axes"]:
            objections.append(f"图 {number} 有第二坐标轴 {figure['second_axes']}")
        if figure["bars_off_zero"]:
            objections.append(f"图 {number} 的条形不从零起")
        if not figure["points"]:
            objections.append(f"图 {number} 是空的")
        if figure["faint_words"]:
            objections.append(f"图 {number} 的字太淡：{figure['faint_words']}")
    return objections


def tab_stops(page: Page, at_most: int) -> list[dict[str, Any]]:
    """What the Tab key reaches, one after the other, until it leaves the page or ``at_most`` are reached."""
    stops = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            break
        stops.append(focused)
    return stops
