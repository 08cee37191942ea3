package dev.telltale.jobs.report;

/** Scripts that look at an open report. Each is a function without arguments. */
final class Probes {
  private Probes() {}

  /** Unfolds everything. */
  static final String UNFOLD =
      """
      () => document.querySelectorAll("details").forEach((fold) => (fold.open = true))
      """;

  /** Brings every chart on the screen once, as a reader does, so that it is drawn. */
  static final String SCROLL_THROUGH =
      """
      async () => {
        for (const chart of document.querySelectorAll(".chart")) {
          if (chart.checkVisibility()) {
            chart.scrollIntoView({ block: "center", behavior: "instant" });
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
          }
        }
      }
      """;

  /** Visible charts that are neither drawn in their colour nor say why there is nothing to draw. */
  static final String BLANK_CHARTS =
      """
      () => {
        const colours = { rows: "--current", findings: "--firing", effects: "--s0", effect: "--current",
          missing: "--current", mean: "--current", answer: "--current", experiment: "--current" };
        const blank = [];
        for (const chart of document.querySelectorAll(".chart")) {
          const canvas = chart.querySelector("canvas");
          const name = chart.dataset.chart + " of " + (chart.dataset.column || "all");
          if (!chart.checkVisibility() || (!canvas && chart.textContent.trim())) continue;
          if (!canvas) { blank.push(name + ": no canvas"); continue; }
          const style = getComputedStyle(document.documentElement);
          const hex = style.getPropertyValue(colours[chart.dataset.chart]).trim();
          const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] > 200 && wanted.every((part, at) => Math.abs(data[i + at] - part) < 12)) found++;
          }
          if (found < 60) blank.push(`${name}: ${found} pixels of ${hex}`);
        }
        return blank;
      }
      """;

  /** What a finger cannot hit: links, folds and fields below 24 by 24 pixels. */
  static final String SMALL_TARGETS =
      """
      () => [...document.querySelectorAll("a, summary, input, button")]
        .filter((node) => node.checkVisibility() && !node.matches(".skip"))
        .map((node) => ({ node, box: node.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ node, box }) => `${node.tagName} "${node.textContent.trim().slice(0, 40)}" ${box.width} x ${box.height}`)
      """;

  /**
   * By how many pixels the page is wider than the screen. Not against {@code innerWidth}: a phone
   * zooms out until a page that is too wide fits, and that grows with it.
   */
  static final String TOO_WIDE =
      """
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth
      """;

  /** What sticks out to the right, other than what scrolls by itself. */
  static final String STICKS_OUT =
      """
      () => [...document.querySelectorAll("body *")]
        .filter((node) => node.checkVisibility() && !node.closest(".scroll, nav, svg, .skip"))
        .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
        .map((node) => `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 40)}`)
      """;

  /** Texts below the contrast of WCAG 2.2 AA, and how many of each kind were looked at. */
  static final String CONTRAST =
      """
      () => {
        const rgb = (text) => { const part = text.match(/[\\d.]+/g).map(Number); return { c: part.slice(0, 3), a: part.length > 3 ? part[3] : 1 }; };
        const luminance = (c) => {
          const [r, g, b] = c.map((v) => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
        const over = (top, below) => top.c.map((v, i) => v * top.a + below[i] * (1 - top.a));
        const behind = (node) => {
          const layers = [];
          for (let at = node; at; at = at.parentElement) {
            const layer = rgb(getComputedStyle(at).backgroundColor);
            if (layer.a > 0) layers.push(layer);
            if (layer.a === 1) break;
          }
          return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
        };
        const kinds = { text: "body", muted: ".muted", chip: ".chip", status: ".status", link: "a", axis: ".axis", note: ".note" };
        const seen = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0]));
        const low = new Set();
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const node = texts.currentNode.parentElement;
          if (!texts.currentNode.textContent.trim() || !node.checkVisibility() || node.closest("script, style, noscript, svg")) continue;
          const style = getComputedStyle(node);
          const size = parseFloat(style.fontSize);
          const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
          const below = behind(node);
          const found = ratio(over(rgb(style.color), below), below);
          for (const [kind, selector] of Object.entries(kinds)) if (node.closest(selector)) seen[kind]++;
          if (found < (large ? 3 : 4.5)) low.add(`${node.tagName}.${node.className} ${found.toFixed(2)}: ${texts.currentNode.textContent.trim().slice(0, 40)}`);
        }
        const card = behind(document.querySelector(".tiles li"));
        const root = getComputedStyle(document.documentElement);
        for (const name of ["current", "reference", "limit", "firing", "other", "estimate", "unknown", "s0", "s1", "s2", "s3", "s4", "s5"]) {
          const hex = root.getPropertyValue("--" + name).trim();
          const found = ratio([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)), card);
          if (!(found >= 3)) low.add(`line --${name} ${hex} ${found.toFixed(2)}`);
        }
        return { seen, low: [...low] };
      }
      """;

  /** Ids that are not unique, and links that lead nowhere. */
  static final String BROKEN_LINKS =
      """
      () => {
        const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
        const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => "twice: " + id);
        const nowhere = [...document.querySelectorAll("a[href]")]
          .map((link) => link.getAttribute("href"))
          .filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1)))
          .map((href) => "nowhere: " + href);
        return [...twice, ...nowhere];
      }
      """;

  /** For every link to the section of a column: what the link says, and the name in the section. */
  static final String COLUMN_LINKS =
      """
      () => [...document.querySelectorAll("a[href^='#column-']")].map((link) => [
        link.textContent,
        document.getElementById(link.getAttribute("href").slice(1)).querySelector("h3").textContent,
      ])
      """;
}
