"use strict";
(() => {
  const data = JSON.parse(document.getElementById("charts").textContent);
  const drawn = new Map();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const percent = (value) => (value === null || value === undefined ? "–" : plain.format(value * 100) + " %");
  const number = (value) => (value === null || value === undefined ? "–" : plain.format(value));
  const constant = (value) => data.windows.map(() => value);
  const limit = (value) => ({ values: constant(value), colour: "--limit", dash: [5, 4], width: 1.2, label: "threshold" });
  const line = (label, values, name) => ({ label, values, colour: name, width: 2 });
  const known = (values) => (values || []).some((value) => value !== null);

  /* The six leading columns, as multiples of their thresholds. */
  function effects() {
    const leading = Object.values(data.columns).slice(0, 6);
    const series = [];
    leading.forEach((column, index) => {
      if (known(column.effect) && column.threshold) {
        series.push(line("column " + (index + 1), column.effect.map((v) => (v === null ? null : v / column.threshold)), "--s" + index));
      }
    });
    return series.length ? { series: [...series, limit(1)], format: number, legend: false, zero: true } : null;
  }

  function describe(node) {
    const column = data.columns[node.dataset.column];
    switch (node.dataset.chart) {
      case "rows":
        return { series: [line("rows", data.rows, "--current")], format: number, zero: true, bars: true };
      case "findings":
        return { series: [line("findings", data.findings, "--firing")], format: number, zero: true, bars: true };
      case "effects":
        return effects();
      case "effect":
        return known(column.effect)
          ? { series: [line("effect", column.effect, "--current"), ...(column.threshold ? [limit(column.threshold)] : [])], format: number, zero: true }
          : null;
      case "missing":
        return known(column.missing) ? { series: [line("missing", column.missing, "--current")], format: percent, zero: true, share: true } : null;
      case "mean":
        return known(column.mean) ? { series: [line("mean", column.mean, "--current")], format: number } : null;
      default:
        return null;
    }
  }

  function draw(node) {
    const chart = describe(node);
    const old = drawn.get(node);
    if (old) {
      old.destroy();
      drawn.delete(node);
    }
    if (!chart || data.windows.length === 0) {
      node.textContent = "No values in these windows.";
      node.classList.add("empty");
      return;
    }
    const width = node.clientWidth;
    if (width === 0) {
      return;
    }
    const ink = colour("--muted");
    const grid = { stroke: colour("--line"), width: 1 };
    const single = data.windows.length === 1;
    const axis = { stroke: ink, grid, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    const options = {
      width,
      height: node.classList.contains("tall") ? 240 : 170,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
      padding: [8, 8, 0, 0],
      cursor: { y: false, points: { size: 6 } },
      legend: { show: chart.legend !== false },
      scales: {
        x: { time: true, range: single ? [data.windows[0] - 43200, data.windows[0] + 43200] : undefined },
        y: {
          range: (plot, low, high) => {
            const bottom = chart.zero ? 0 : low - (high - low || Math.abs(low) || 1) * 0.1;
            const top = high + (high - bottom || Math.abs(high) || 1) * 0.08;
            return [bottom, chart.share ? Math.min(1.02, Math.max(top, 0.01)) : top];
          },
        },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 64,
          values: (plot, splits) =>
            splits.map((seconds) =>
              new Date(seconds * 1e3).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
            ),
        },
        { ...axis, size: 52, space: 34, values: (plot, splits) => splits.map(chart.share ? percent : (v) => compact.format(v)) },
      ],
      series: [
        {
          label: "window",
          value: (plot, seconds) => (seconds === null || seconds === undefined ? "–" : new Date(seconds * 1e3).toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "")),
        },
        ...chart.series.map((series) => ({
          label: series.label,
          stroke: colour(series.colour),
          fill: chart.bars ? colour(series.colour) + "55" : undefined,
          paths: chart.bars ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined,
          width: chart.bars ? 0 : series.width,
          dash: series.dash,
          points: { show: !chart.bars && !series.dash && data.windows.length < 3 },
          spanGaps: false,
          value: (plot, value) => chart.format(value),
        })),
      ],
    };
    drawn.set(node, new uPlot(options, [data.windows, ...chart.series.map((series) => series.values)], node));
  }

  const charts = document.querySelectorAll(".chart");
  const visible = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting && !drawn.has(entry.target)).forEach((entry) => draw(entry.target)),
    { rootMargin: "300px" }
  );
  charts.forEach((node) => visible.observe(node));

  let pending = 0;
  const redraw = () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => [...drawn.keys()].forEach(draw));
  };
  let lastWidth = window.innerWidth;
  addEventListener("resize", () => {
    if (window.innerWidth !== lastWidth) {
      lastWidth = window.innerWidth;
      redraw();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  /* A link to a section opens it. */
  function open() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) {
      open();
    }
  });
  open();

  const find = document.getElementById("find");
  if (find) {
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      let found = 0;
      document.querySelectorAll("#column-table tbody tr").forEach((row) => {
        row.hidden = !row.querySelector("a").title.toLowerCase().includes(wanted);
        found += row.hidden ? 0 : 1;
      });
      document.getElementById("none-found").hidden = found > 0;
    });
  }
})();
