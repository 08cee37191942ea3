"use strict";
(() => {
  const data = JSON.parse(document.getElementById("charts").textContent);
  const { windows } = data;
  const drawn = new Map();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /* Numbers and times. A null is an en dash. */
  const orDash = (format) => (value) => (value === null || value === undefined ? "–" : format(value));
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const brief = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
  const whole = orDash(new Intl.NumberFormat("en").format);
  const number = orDash((value) => plain.format(value));
  const percent = orDash((value) => plain.format(value * 100) + " %");
  const times = orDash((value) => plain.format(Math.round(value * 100) / 100) + " ×");
  const utc = (options) => {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
    return (seconds) => format.format(new Date(seconds * 1e3));
  };
  const day = utc({ day: "numeric", month: "short", year: "numeric" });
  const shortDay = utc({ day: "numeric", month: "short" });
  const month = utc({ month: "short", year: "numeric" });
  const hour = utc({ hour: "2-digit", minute: "2-digit" });
  const midnight = (seconds) => seconds % 86400 === 0;
  const when = (seconds) => (midnight(seconds) ? day(seconds) : day(seconds) + " " + hour(seconds));
  const step = windows.length > 1 ? Math.min(...windows.slice(1).map((start, i) => start - windows[i])) : 86400;
  const years = windows.length > 1 && windows[windows.length - 1] - windows[0] > 300 * 86400;
  const tick = (seconds) => (!midnight(seconds) ? hour(seconds) : years ? month(seconds) : shortDay(seconds));

  /* What each chart shows: series to draw, and the sentence about one window. */
  const some = (values) => (values || []).some((value) => value !== null);
  const line = (values, name) => ({ values, colour: name, width: 2 });
  const bars = (values, name) => ({ values, colour: name, bars: true });
  const limit = (value) => ({ values: windows.map(() => value), colour: "--limit", dash: [5, 4], width: 1.2 });
  const sum = (names) => data.findings.map((count) => count && names.reduce((total, name) => total + count[name], 0));

  /* Values from labels with their interval, hollow while labels are awaited; estimate and training beside them. */
  function answer(metric) {
    if (!some(metric.value) && !some(metric.estimate)) {
      return { nothing: "No value in these windows." };
    }
    const pick = (mature) => (metric.value || []).map((value, i) => (metric.mature[i] === mature ? value : null));
    const known = (values, i) => Boolean(values) && values[i] !== null;
    return {
      series: [
        ...(some(metric.low) ? [{ values: metric.high, colour: "--current", width: 0 }, { values: metric.low, colour: "--current", width: 0 }] : []),
        ...(metric.training ? [{ values: metric.training, colour: "--limit", dash: [5, 4], width: 1.2 }] : []),
        ...(some(metric.estimate) ? [{ ...line(metric.estimate, "--estimate"), width: 1.2, points: 4 }] : []),
        { ...line(pick(true), "--current"), points: 5 },
        { ...line(pick(false), "--current"), width: 0, points: 7, hollow: true },
      ],
      band: some(metric.low),
      say: (i) =>
        [
          known(metric.value, i) && number(metric.value[i]) + (known(metric.low, i) ? ` (${number(metric.low[i])} to ${number(metric.high[i])})` : ""),
          metric.mature[i] === false && "labels awaited",
          known(metric.estimate, i) && "estimated " + number(metric.estimate[i]),
          known(metric.training, i) && "training " + number(metric.training[i]),
        ]
          .filter(Boolean)
          .join(", "),
      floating: true,
    };
  }

  /* A metric of the service with its interval, and its objective beside it. */
  function service(metric) {
    return {
      series: [
        ...(some(metric.low) ? [{ values: metric.high, colour: "--current", width: 0 }, { values: metric.low, colour: "--current", width: 0 }] : []),
        ...(metric.objective == null ? [] : [limit(metric.objective)]),
        { ...line(metric.value, "--current"), points: 5 },
      ],
      band: some(metric.low),
      say: (i) =>
        [
          metric.value[i] !== null && number(metric.value[i]) + (some(metric.low) && metric.low[i] !== null ? ` (${number(metric.low[i])} to ${number(metric.high[i])})` : ""),
          metric.objective != null && "objective " + number(metric.objective),
        ]
          .filter(Boolean)
          .join(", "),
      floating: true,
    };
  }

  /* A variant after each look: a bar for the interval that holds at all looks, none where there is no bound yet. */
  function course({ days, looks, share, decided, ...series }) {
    const [value, low, high] = [series.value, series.low, series.high].map((values) => values || days.map(() => null));
    if (!some(value)) {
      return { nothing: "No value yet." };
    }
    const bounded = days.map((_, i) => low[i] !== null && high[i] !== null);
    const pick = (wanted) => value.map((one, i) => (bounded[i] === wanted ? one : null));
    const signed = (one) => (one > 0 ? "+" : "") + (share ? brief.format(one * 100) + " %" : brief.format(one));
    const reach = (i) => (low[i] === null ? `at most ${signed(high[i])}` : high[i] === null ? `at least ${signed(low[i])}` : `${signed(low[i])} to ${signed(high[i])}`);
    const known = (values) => values.filter((one) => one !== null);
    const [least, most] = [Math.min(0, ...known(low), ...known(value)), Math.max(0, ...known(high), ...known(value))];
    /* The first intervals are so wide that the last ones would be dots: they are cut off. */
    const last = bounded.lastIndexOf(true);
    const room = last < 0 ? Infinity : 2 * (high[last] - low[last]);
    const from = last < 0 ? least : Math.max(least, Math.min(0, low[last]) - room);
    const to = last < 0 ? most : Math.min(most, Math.max(0, high[last]) + room);
    const margin = (to - from || 1) * 0.06;
    return {
      days,
      range: [from - margin, to + margin],
      label: (one) => (share ? compact.format(one * 100) + " %" : compact.format(one)),
      series: [
        { ...line(pick(true), "--current"), width: 0, points: 6 },
        { ...line(pick(false), "--current"), width: 0, points: 7, hollow: true },
      ],
      say: (i) =>
        [
          `look ${looks[i]}`,
          value[i] !== null && signed(value[i]) + (low[i] === null && high[i] === null ? ", no interval yet" : ` (${reach(i)})`),
          days[i] === decided && "decided",
        ]
          .filter(Boolean)
          .join(", "),
      under: (plot) => {
        const { ctx, bbox } = plot;
        const stroke = (name, width, dash, from, to) => {
          ctx.strokeStyle = colour(name);
          ctx.lineWidth = width * devicePixelRatio;
          ctx.setLineDash(dash.map((one) => one * devicePixelRatio));
          ctx.beginPath();
          ctx.moveTo(...from);
          ctx.lineTo(...to);
          ctx.stroke();
        };
        const x = (seconds) => plot.valToPos(seconds, "x", true);
        const y = (one) => (one === null ? null : plot.valToPos(one, "y", true));
        const [top, bottom] = [bbox.top, bbox.top + bbox.height];
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, top, bbox.width, bbox.height);
        ctx.clip();
        stroke("--muted", 1, [], [bbox.left, y(0)], [bbox.left + bbox.width, y(0)]);
        days.forEach((seconds, i) => {
          if (low[i] !== null || high[i] !== null) {
            stroke("--current", 2, [], [x(seconds), y(high[i]) ?? top], [x(seconds), y(low[i]) ?? bottom]);
          }
        });
        if (decided !== undefined) {
          stroke("--limit", 1.5, [5, 4], [x(decided), top], [x(decided), bottom]);
        }
        ctx.restore();
      },
    };
  }

  function describe(node) {
    const column = data.columns[node.dataset.column];
    const now = node.parentElement.querySelectorAll(".now");
    switch (node.dataset.chart) {
      case "rows":
        return { series: [bars(data.rows, "--current")], say: (i) => whole(data.rows[i]) };
      case "findings":
        return {
          series: [
            bars(sum(["critical", "warning", "info"]), "--reference"),
            bars(sum(["critical", "warning"]), "--other"),
            bars(sum(["critical"]), "--firing"),
          ],
          say: (i) => {
            const count = data.findings[i] || {};
            ["critical", "warning", "info"].forEach((name, at) => (now[at].textContent = whole(count[name])));
            return "";
          },
        };
      case "effects": {
        const leading = data.leading.map((id) => data.columns[id]);
        const relative = leading.map((lead) => lead.effect.map((value) => value === null ? null : value / lead.threshold));
        return {
          series: [...relative.map((values, i) => line(values, "--s" + i)), limit(1)],
          say: (i) => {
            relative.forEach((values, at) => (now[at].textContent = times(values[i])));
            return "";
          },
        };
      }
      case "effect":
        return some(column.effect)
          ? {
              series: [line(column.effect, "--current"), ...(column.threshold ? [limit(column.threshold)] : [])],
              say: (i) => number(column.effect[i]) + (column.threshold ? " / " + number(column.threshold) : ""),
            }
          : { nothing: "No value in these windows." };
      case "missing":
        if (!some(column.missing)) {
          return { nothing: "Not known in these windows." };
        }
        return column.missing.some((value) => value > 0)
          ? { series: [line(column.missing, "--current")], say: (i) => percent(column.missing[i]), share: true }
          : { nothing: "No value is missing in any window." };
      case "answer":
        return answer(data.answers[node.dataset.metric]);
      case "service":
        return service(data.service[node.dataset.metric]);
      case "experiment":
        return course(data.experiments[node.dataset.trial][node.dataset.metric]);
      case "mean":
        return some(column.mean)
          ? { series: [line(column.mean, "--current")], say: (i) => number(column.mean[i]), floating: true }
          : { nothing: "No value in these windows." };
      default:
        return { nothing: "" };
    }
  }

  function draw(node) {
    if (drawn.has(node)) {
      drawn.get(node).destroy();
      drawn.delete(node);
    }
    const chart = describe(node);
    if (chart.nothing !== undefined) {
      node.textContent = chart.nothing;
      node.classList.add("empty");
      return;
    }
    if (node.clientWidth === 0) {
      return;
    }
    const starts = chart.days || windows;
    const wide = chart.days ? 86400 : step;
    const read = node.parentElement.querySelector(".read");
    const say = (i) => (read.textContent = [when(starts[i]), chart.say(i)].filter(Boolean).join(": "));
    const axis = { stroke: colour("--muted"), ticks: { show: false }, font: "12px system-ui, sans-serif" };
    const labels = (values) => values.map(chart.label || (chart.share ? percent : (value) => compact.format(value)));
    const options = {
      width: node.clientWidth,
      height: node.clientHeight,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
      padding: [8, 14, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      legend: { show: false },
      hooks: {
        setCursor: [(plot) => say(plot.cursor.idx === null || plot.cursor.idx === undefined ? starts.length - 1 : plot.cursor.idx)],
        drawAxes: chart.under ? [chart.under] : [],
      },
      scales: {
        x: { time: true, range: [starts[0] - wide / 2, starts[starts.length - 1] + wide / 2] },
        y: {
          range: (plot, low, high) => {
            if (chart.range) {
              return chart.range;
            }
            const bottom = chart.floating ? low - (high - low || Math.abs(low) || 1) * 0.1 : 0;
            const top = high + (high - bottom || 1) * 0.08;
            return [bottom, chart.share ? Math.min(1, top) : top];
          },
        },
      },
      axes: [
        { ...axis, size: 28, grid: { show: false }, space: 64, values: (plot, splits) => splits.map(tick) },
        {
          ...axis,
          size: (plot, values) => 12 + 7 * Math.max(1, ...(values || []).map((value) => value.length)),
          space: 34,
          grid: { stroke: colour("--line"), width: 1 },
          values: (plot, splits) => labels(splits),
        },
      ],
      bands: chart.band ? [{ series: [1, 2], fill: colour("--current") + "33" }] : [],
      series: [
        {},
        ...chart.series.map((series) => ({
          stroke: colour(series.colour),
          fill: series.bars ? colour(series.colour) : undefined,
          paths: series.bars ? uPlot.paths.bars({ size: [0.75, 40] }) : undefined,
          width: series.bars ? 0 : series.width,
          dash: series.dash,
          points: series.points
            ? { show: true, size: series.points, width: series.hollow ? 2 : 0, fill: colour(series.hollow ? "--card" : series.colour) }
            : { show: !series.bars && !series.dash && series.width > 0 && starts.length < 3 },
          spanGaps: false,
        })),
      ],
    };
    drawn.set(node, new uPlot(options, [starts, ...chart.series.map((series) => series.values)], node));
    say(starts.length - 1);
  }

  /* Charts are drawn when they come near the screen: a section that stays closed costs nothing. */
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting && !drawn.has(entry.target)).forEach((entry) => draw(entry.target)),
    { rootMargin: "300px" }
  );
  document.querySelectorAll(".chart").forEach((node) => near.observe(node));

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

  /* A link to a section opens it, and what it is folded into. */
  function open() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) {
      return;
    }
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") {
        node.open = true;
      }
    }
    target.scrollIntoView();
  }
  addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) {
      open();
    }
  });
  open();

  const find = document.getElementById("find");
  if (find) {
    find.parentElement.hidden = false;
    const columns = [...document.querySelectorAll("tr[data-for]")].map((row) => ({
      name: row.querySelector("a").textContent.toLowerCase(),
      nodes: [row, document.getElementById(row.dataset.for)],
    }));
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      let found = false;
      columns.forEach((column) => {
        const hidden = !column.name.includes(wanted);
        column.nodes.forEach((node) => (node.hidden = hidden));
        found = found || !hidden;
      });
      document.getElementById("none-found").hidden = found;
    });
  }
})();
