// Streamlit draws its own words in English only. This puts them into Chinese in the page.
// It also tells screen readers and the keyboard what Streamlit leaves out.
// Loaded before Streamlit's modules; `words` stands in for chrome_words.json.
(() => {
  "use strict";
  const words = /*words*/ null;

  // Its calendar, number and chart parts do know Chinese, and ask the browser which language to use.
  for (const [name, value] of [["language", "zh-CN"], ["languages", Object.freeze(["zh-CN", "zh"])]]) {
    Object.defineProperty(navigator, name, { configurable: true, get: () => value });
  }
  window.prerenderReady = false;

  const months = Array.from({ length: 12 }, (_, month) => `${month + 1}月`);
  const weekdays = ["日", "一", "二", "三", "四", "五", "六"];
  const format = {
    days: weekdays.map((day) => `星期${day}`), shortDays: weekdays.map((day) => `周${day}`),
    months, shortMonths: months,
    date: "%Y-%m-%d", year: "%Y年", month: "%Y年%-m月", dayMonth: "%-m月%-d日", dayMonthYear: "%Y年%-m月%-d日",
  };
  // Plotly asks for en-US unless a chart says otherwise, so both names carry the Chinese words.
  window.PlotlyLocales = ["en-US", "zh-CN"].map((name) => (
    { moduleType: "locale", name, dictionary: words.plotly, format }));

  // A page whose session has ended is asked for again: the gate then shows the sign-in page and leads back here.
  const askAgain = () => fetch("/_stcore/health").then(
    (answer) => { if ([401, 403].includes(answer.status)) location.reload(); }, () => setTimeout(askAgain, 2000));
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", askAgain);
    }
  };

  const exact = new Map([...Object.entries(words.plotly), ...Object.entries(words.exact)]);
  const patterns = words.patterns.map(([pattern, chinese]) => [new RegExp(pattern, "s"), chinese]);
  const attributes = ["aria-label", "title", "placeholder", "data-title", "alt"];
  // What people wrote stays as it is: cells of tables, what is typed, code, scripts.
  const ours = "canvas, textarea, code, script, style, [contenteditable=true]";

  function translated(text) {
    const trimmed = text.trim();
    if (trimmed.length < 2 || trimmed.length > 400 || !/[A-Za-z]{2}/.test(trimmed)) return null;
    const word = exact.get(trimmed);
    if (word !== undefined) return word === trimmed ? null : word;
    for (const [pattern, chinese] of patterns) {
      if (pattern.test(trimmed)) return trimmed.replace(pattern, chinese);
    }
    return null;
  }

  function mendText(node) {
    if (node.parentElement && node.parentElement.closest(ours)) return;
    const chinese = translated(node.nodeValue);
    if (chinese !== null) node.nodeValue = chinese;
  }

  function mendAttributes(element) {
    for (const name of attributes) {
      const value = element.getAttribute(name);
      const chinese = value ? translated(value) : null;
      if (chinese !== null) element.setAttribute(name, chinese);
    }
  }

  function mend(root) {
    if (root.nodeType === Node.TEXT_NODE) return mendText(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest("canvas")) return;
    mendAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => (
      node.nodeName === "CANVAS" ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) mendText(node);
      else mendAttributes(node);
    }
  }

  // A figure is what the sentence under it says.
  function sentenceUnder(chart) {
    let next = chart.closest("[data-testid=stElementContainer]");
    while (next && (next = next.nextElementSibling)) {
      if (next.querySelector("[data-testid=stPlotlyChart], [data-testid=stHeading]")) return "";
      const sentence = next.querySelector("[data-testid=stCaptionContainer], .wx-legend");
      if (sentence) return sentence.textContent.replace(/\s+/g, " ").trim();
    }
    return "";
  }

  function describe() {
    for (const chart of document.querySelectorAll("[data-testid=stPlotlyChart] .js-plotly-plot")) {
      const sentence = sentenceUnder(chart);
      if (!sentence || chart.getAttribute("aria-label") === sentence) continue;
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", sentence);
    }
    // The menu is one list of headings and entries mixed; each part of it is a list of its own.
    for (const part of document.querySelectorAll("[data-testid=stSidebarNavItems] > div:not([role])")) {
      const head = part.querySelector("header");
      if (!head) continue;
      part.parentElement.setAttribute("role", "none");
      part.setAttribute("role", "list");
      part.setAttribute("aria-label", head.querySelector("p")?.textContent || "");
      head.setAttribute("aria-hidden", "true");
    }
    // What scrolls must be reachable without a mouse.
    for (const table of document.querySelectorAll(".wx-table, .wx-issued")) {
      const scrolls = table.scrollHeight > table.clientHeight + 1 || table.scrollWidth > table.clientWidth + 1;
      if (scrolls === table.hasAttribute("tabindex")) continue;
      if (!scrolls) for (const name of ["tabindex", "role", "aria-label"]) table.removeAttribute(name);
      else for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "表格，可以滚动"]]) {
        table.setAttribute(name, value);
      }
    }
  }
  let waiting = 0;
  const describeSoon = () => { waiting ||= setTimeout(() => { waiting = 0; describe(); }, 150); };
  addEventListener("resize", describeSoon);

  new MutationObserver((changes) => {
    describeSoon();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(mend);
      else if (change.type === "characterData") mendText(change.target);
      else mendAttributes(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
})();
