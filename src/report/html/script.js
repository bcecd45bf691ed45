"use strict";
(() => {
  const parsed = (id) => JSON.parse(document.getElementById(id).textContent);
  const all = parsed("data");
  // The quoted lines are most of the page; they are read when the first is asked for.
  let quotes = null;
  const make = (name, cls, text) => {
    const node = document.createElement(name);
    if (cls) node.className = cls;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  };

  // Theme: follows the system until the button is pressed.
  const theme = document.getElementById("theme");
  const dark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.hidden = false;
  name();
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    name();
  });

  // Citations open beside the text, with the lines around them.
  const dialog = document.getElementById("quote");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.cite");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    quotes ||= parsed("quotes");
    const quote = quotes[Number(link.hash.slice(2))];
    if (!quote) return;
    event.preventDefault();
    const [title, first, from, to, lines] = quote;
    document.getElementById("quote-name").textContent = title;
    const pre = dialog.querySelector("pre");
    pre.replaceChildren(...lines.map((line, n) => {
      const row = make("span", n >= from && n <= to ? "cited" : "");
      row.append(make("i", "", String(first + n)), line);
      return row;
    }));
    dialog.showModal();
    pre.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  const classes = {
    before: "calm", followup: "calm", impact: "bad", detection: "alarm", escalation: "alarm",
    investigation: "search", identification: "search", mitigation: "work", resolution: "good",
  };

  // The timeline: filtered from the data, drawn a part at a time.
  const STEP = 250;
  function timeline(article, data) {
    const list = article.querySelector(".events");
    const form = article.querySelector(".filters");
    const more = article.querySelector(".more");
    const rows = data.rows;
    if (!list || !form || !rows) return { within: () => {} };
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    const output = form.querySelector("output");
    let shown = rows;
    let drawn = list.querySelectorAll(":scope > li:not(.day)").length;
    let span = null;

    const row = (r) => {
      const item = make("li", `${r.o} ${classes[r.p] || "calm"}`);
      const text = make("div", "", r.x);
      if (r.g) text.append(" ", make("i", `grade ${r.g}`, r.g));
      for (const [number, label] of r.c) {
        const link = make("a", "cite", label);
        link.href = `#q${number}`;
        text.append(" ", link);
      }
      item.append(make("time", "", r.t), make("span", "phase", r.p), text);
      return item;
    };
    const draw = (until) => {
      const part = document.createDocumentFragment();
      for (const r of shown.slice(drawn, until)) {
        if (r.d) part.append(make("li", "day", r.d));
        part.append(row(r));
      }
      drawn = Math.min(until, shown.length);
      list.append(part);
      if (more) more.hidden = drawn >= shown.length;
    };
    let texts = null;
    const filter = () => {
      texts ||= rows.map((r) => `${r.t} ${r.p} ${r.x} ${r.s || ""}`.toLowerCase());
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const origins = new Set([...form.querySelectorAll("[name=origin]:checked")].map((b) => b.value));
      shown = rows.filter((r, n) => origins.has(r.o) && (!span || (r.m >= span[0] && r.m <= span[1]))
        && words.every((w) => texts[n].includes(w)));
      list.replaceChildren();
      drawn = 0;
      draw(STEP);
      if (!shown.length) list.append(make("li", "none", "No event matches."));
      output.textContent = `${shown.length} of ${rows.length} events`;
    };
    form.addEventListener("input", filter);
    output.textContent = `${rows.length} events`;
    if (more) {
      new IntersectionObserver((seen) => {
        if (seen.some((s) => s.isIntersecting)) draw(drawn + STEP);
      }, { rootMargin: "600px" }).observe(more);
    }
    addEventListener("beforeprint", () => draw(shown.length));
    return { within: (range) => { span = range; filter(); } };
  }

  // The chart: what is drawn is moved and stretched, never drawn anew.
  function chart(article, data, within) {
    const svg = article.querySelector(".chart");
    if (!svg) return;
    const figure = svg.closest("figure");
    const readout = figure.querySelector(".readout");
    const tools = figure.querySelector(".tools");
    const LEFT = 84, RIGHT = 944;
    const whole = [Number(svg.dataset.from), Number(svg.dataset.to)];
    const bottom = Number(svg.dataset.bottom);
    let [from, to] = whole;
    const x = (t) => LEFT + ((t - from) / (to - from)) * (RIGHT - LEFT);
    const clock = (t, seconds) => new Date(t + (data.offset_ms || 0)).toISOString().slice(11, seconds ? 19 : 16);
    const ns = "http://www.w3.org/2000/svg";
    tools.hidden = false;

    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
    function layout() {
      const scale = (whole[1] - whole[0]) / (to - from);
      const shift = x(whole[0]) - LEFT * scale;
      for (const path of svg.querySelectorAll(".stretch")) path.setAttribute("transform", `matrix(${scale} 0 0 1 ${shift} 0)`);
      for (const node of svg.querySelectorAll("[data-at]")) {
        const at = x(Number(node.dataset.at));
        if (node.localName === "text") node.setAttribute("x", at);
        else node.setAttribute("transform", `translate(${at} ${node.dataset.y})`);
      }
      for (const bar of svg.querySelectorAll("rect[data-from]")) {
        const a = x(Number(bar.dataset.from)), b = x(Number(bar.dataset.to));
        bar.setAttribute("x", a);
        bar.setAttribute("width", Math.max(b - a, 0));
      }
      const axis = svg.querySelector(".axis");
      axis.replaceChildren();
      const length = (to - from) / 1000;
      const step = (steps.find((s) => length / s <= 10) || Math.ceil(length / 864000) * 86400) * 1000;
      const offset = data.offset_ms || 0;
      for (let t = Math.ceil((from + offset) / step) * step - offset; t < to; t += step) {
        const line = document.createElementNS(ns, "line");
        for (const [k, v] of [["x1", x(t)], ["x2", x(t)], ["y1", bottom], ["y2", bottom + 4]]) line.setAttribute(k, v);
        const label = document.createElementNS(ns, "text");
        label.setAttribute("x", x(t));
        label.setAttribute("y", bottom + 17);
        label.setAttribute("text-anchor", "middle");
        label.textContent = clock(t, step < 60000);
        axis.append(line, label);
      }
    }
    function zoom(a, b) {
      const least = 10000;
      if (b - a < least) { const mid = (a + b) / 2; a = mid - least / 2; b = mid + least / 2; }
      from = Math.max(a, whole[0]);
      to = Math.min(b, whole[1]);
      layout();
      within(from === whole[0] && to === whole[1] ? null : [from, to]);
    }
    tools.addEventListener("click", (event) => {
      const how = event.target.dataset.zoom;
      const mid = (from + to) / 2, half = (to - from) / 2;
      if (how === "in") zoom(mid - half / 2, mid + half / 2);
      else if (how === "out") zoom(mid - half * 2, mid + half * 2);
      else if (how === "all") zoom(...whole);
    });

    // Reading values: with the pointer, or with the arrow keys.
    const cursor = svg.querySelector(".cursor");
    let at = null;
    function read(t) {
      at = Math.min(Math.max(t, from), to);
      cursor.removeAttribute("hidden");
      cursor.setAttribute("transform", `translate(${x(at)} 0)`);
      const parts = [clock(at, true)];
      const s = data.series;
      if (s) {
        const n = Math.floor((at - s.start) / s.step);
        const failed = s.failed[n];
        if (failed !== undefined) {
          const requests = s.requests && s.requests[n];
          if (s.requests) parts.push(requests ? `${failed} of ${requests} failed (${(100 * failed / requests).toFixed(1)} %)` : "no requests");
          else parts.push(`${failed} errors`);
          if (s.p99[n] !== null && s.p99[n] !== undefined) parts.push(`p99 ${s.p99[n]} ms, median ${s.p50[n]} ms`);
        }
      }
      const near = (to - from) / 120;
      const events = [...svg.querySelectorAll(".milestone, .event")].filter((e) => Math.abs(Number(e.dataset.at) - at) < near);
      for (const e of events.slice(0, 2)) parts.push(e.querySelector("title").textContent);
      readout.textContent = parts.join(" · ");
    }
    const time = (event) => {
      const box = svg.getBoundingClientRect();
      const user = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      return from + ((user - LEFT) / (RIGHT - LEFT)) * (to - from);
    };
    svg.setAttribute("tabindex", "0");
    let start = null, brush = null;
    svg.addEventListener("pointerdown", (event) => { start = time(event); });
    svg.addEventListener("pointermove", (event) => {
      const t = time(event);
      if (t < from || t > to) return;
      read(t);
      if (start === null) return;
      if (!brush) {
        brush = document.createElementNS(ns, "rect");
        brush.setAttribute("class", "brush");
        brush.setAttribute("y", 10);
        brush.setAttribute("height", bottom - 10);
        svg.append(brush);
      }
      const a = x(Math.max(Math.min(start, t), from)), b = x(Math.min(Math.max(start, t), to));
      brush.setAttribute("x", a);
      brush.setAttribute("width", b - a);
    });
    addEventListener("pointerup", (event) => {
      if (start !== null && brush) {
        const t = time(event);
        if (Math.abs(x(t) - x(start)) > 6) zoom(Math.min(start, t), Math.max(start, t));
        brush.remove();
      }
      start = null;
      brush = null;
    });
    svg.addEventListener("keydown", (event) => {
      const step = (to - from) / 100;
      if (event.key === "ArrowRight") read((at === null ? from : at) + step);
      else if (event.key === "ArrowLeft") read((at === null ? to : at) - step);
      else if (event.key === "+") zoom(from + (to - from) / 4, to - (to - from) / 4);
      else if (event.key === "-") zoom(from - (to - from) / 2, to + (to - from) / 2);
      else if (event.key === "0") zoom(...whole);
      else return;
      event.preventDefault();
    });
  }

  for (const article of document.querySelectorAll("article[data-incident]")) {
    const data = all[Number(article.dataset.incident)] || {};
    const list = timeline(article, data);
    chart(article, data, list.within);
  }
})();
