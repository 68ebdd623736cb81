// The parts of the lesson page that a reader moves: the posterior at an x of the reader's choice (#posterior), and
// ancestral sampling, z before x (#sampling). Both read #lesson-data.
"use strict";

var mogul = globalThis.mogul || {};

// The axes and the model of a picture of the first two features, or of the density of the only one, up to `highest` at
// least; `beneath` draws what lies under the components.
mogul.draw_lesson = function (chart, data, ranges, highest, beneath) {
  const { features, model } = data;
  const x = { name: features[0], low: ranges[0][0], high: ranges[0][1] };
  if (features.length === 1) {
    chart.axes(x, { name: "density", low: 0, high: 1.15 * Math.max(highest, mogul.highest_density([model])) });
    beneath();
    chart.density(model, x.low, x.high);
  } else {
    chart.axes(x, { name: features[1], low: ranges[1][0], high: ranges[1][1] });
    beneath();
    chart.components(mogul.marginal(model, [0, 1]));
  }
};

mogul.component_table = function (root, caption, headers, model) {
  const { table, rows } = mogul.add_table(root, caption, ["k", ...headers], model.weights.length);
  Array.from(table.tHead.rows[0].cells).forEach(mogul.set_symbols);
  return rows;
};

mogul.below = function (k) {
  return String(k).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
};

mogul.Posterior = class {
  constructor(root, data) {
    this.data = data;
    this.prepared = mogul.prepare(data.model);
    this.ranges = mogul.ranges(data.rows, data.model);
    this.x = [...data.x];
    this.controls = data.features.map((name, i) => this.add_control(root, mogul.shortened(name, 40), i));
    const figure = mogul.add(root, "figure");
    this.chart = new mogul.Chart(figure, "the mixture and the point x; arrow keys move it", () => this.draw());
    this.chart.svg.setAttribute("role", "application");
    this.chart.svg.setAttribute("tabindex", 0);
    this.chart.svg.addEventListener("click", (event) => this.on_click(event));
    this.chart.svg.addEventListener("keydown", (event) => this.on_key(event));
    const what = data.features.length > 2 ? " The picture shows the first two features." : "";
    mogul.add(figure, "figcaption", {}, `Click, or move x with the arrow keys.${what}`);
    this.marginal = mogul.add(root, "p", { class: "status", role: "status" });
    const headers = ["prior \u03c0_k", "density N(x | \u03bc_k, \u03a3_k)", "joint p(x, z_k = 1)", "posterior r_k"];
    this.rows = mogul.component_table(root, "Bayes' theorem at x", headers, data.model);
    this.rows.forEach((row) => row.lastElementChild.classList.add("bar"));
    this.move(0, this.x[0]);
  }

  add_control(root, name, i) {
    const bar = mogul.add(root, "div", { class: "controls" });
    const [low, high] = this.ranges[i];
    const step = mogul.round_step((high - low) / 500);
    const min = Math.floor(low / step) * step;
    const slider = mogul.add_labelled(bar, name, "input", { type: "range", min, max: high, step });
    const field = mogul.add(bar, "input", { type: "number", step: "any", "aria-label": `${name}, as a number` });
    slider.addEventListener("input", () => this.move(i, Number(slider.value)));
    field.addEventListener("input", () => {
      const valid = field.value !== "" && Math.abs(field.valueAsNumber) <= 1e100;
      field.setAttribute("aria-invalid", !valid);
      if (valid) this.move(i, field.valueAsNumber, field);
    });
    return { slider, field };
  }

  // Not the field that the reader is typing in.
  move(i, value, typing = null) {
    this.x[i] = value;
    this.controls.forEach(({ slider, field }, j) => {
      slider.value = this.x[j];
      if (field === typing) return;
      field.value = this.x[j];
      field.setAttribute("aria-invalid", false);
    });
    this.show();
  }

  on_click(event) {
    const box = this.chart.svg.getBoundingClientRect();
    const scale = this.chart.width / box.width;
    const at = [
      this.chart.x_value((event.clientX - box.left) * scale),
      this.chart.y_value((event.clientY - box.top) * scale),
    ];
    at.slice(0, this.data.features.length).forEach((value, i) => this.move(i, this.rounded(i, value)));
  }

  on_key(event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
    const [i, direction] = moves[event.key] || [Infinity, 0];
    if (i >= this.data.features.length || event.ctrlKey || event.altKey || event.metaKey) return;
    const [low, high] = this.ranges[i];
    this.move(i, this.rounded(i, this.x[i] + (direction * (high - low)) / 100));
    event.preventDefault();
  }

  // To as many digits as the picture can show.
  rounded(i, value) {
    const [low, high] = this.ranges[i];
    return Number(mogul.number(value, (high - low) / 10));
  }

  show() {
    const { prepared, x } = this;
    const log_densities = mogul.log_densities(prepared, x);
    const log_joint = mogul.log_joint(prepared, x);
    const responsibilities = mogul.responsibilities(prepared, x);
    const log_density = mogul.log_sum_exp(log_joint);
    this.marginal.textContent = `The joint densities sum to p(x) = ${mogul.from_log(log_density)}, ` +
      `log p(x) = ${log_density.toPrecision(6)}. The posterior is each one's share.`;
    this.rows.forEach((row, k) => {
      const r = responsibilities[k];
      mogul.set_cells(row, [
        [prepared.weights[k], prepared.weights[k].toPrecision(4)],
        [Math.exp(log_densities[k]), mogul.from_log(log_densities[k])],
        [Math.exp(log_joint[k]), mogul.from_log(log_joint[k])],
        [r, mogul.from_log(log_joint[k] - log_density)],
      ]);
      const bar = row.lastElementChild.style;
      bar.backgroundImage = `linear-gradient(${mogul.component_colour(k)}, ${mogul.component_colour(k)})`;
      bar.backgroundSize = `${100 * r}% 5px`;
    });
    this.chart.redraw();
  }

  draw() {
    const { chart, data, x } = this;
    const muted = data.rows.map(() => "var(--muted)");
    const is_line = data.features.length === 1;
    mogul.draw_lesson(chart, data, this.ranges, 0, () =>
      (is_line ? chart.rug(data.rows, muted) : chart.points(data.rows, muted)));
    const at = chart.x(x[0]);
    mogul.add(chart.inner, "line", { class: "now", x1: at, x2: at, y1: 0, y2: chart.height });
    if (is_line) {
      const height = chart.y(Math.exp(mogul.log_density(this.prepared, x)));
      mogul.add(chart.inner, "circle", { class: "now", cx: at, cy: height, r: 5 });
    } else {
      const level = chart.y(x[1]);
      mogul.add(chart.inner, "line", { class: "now", x1: 0, x2: chart.width, y1: level, y2: level });
      mogul.add(chart.inner, "circle", { class: "now", cx: at, cy: level, r: 5 });
    }
  }
};

mogul.Sampling = class {
  constructor(root, data) {
    this.data = data;
    this.prepared = mogul.prepare(data.model);
    this.ranges = mogul.ranges(data.rows, data.model);
    this.uniform = mogul.generator(1);
    const bar = mogul.add(root, "div", { class: "controls" });
    const button = (words, act) => mogul.add(bar, "button", { type: "button" }, words).addEventListener("click", act);
    button("draw one", () => this.draw_one());
    button("draw 100", () => this.draw_many(100));
    button("clear", () => this.clear());
    this.status = mogul.add(root, "p", { class: "status", role: "status" });
    const figure = mogul.add(root, "figure");
    this.chart = new mogul.Chart(figure, "what was drawn, and the mixture", () => this.draw());
    const caption = data.features.length === 1
      ? "Histogram of the draws, and the mixture's density. The marks at the bottom have the colours of the components."
      : "The draws in the colours of their components. At most the latest 2,000 are shown.";
    mogul.add(figure, "figcaption", {}, caption);
    const headers = ["prior \u03c0_k", "expected N \u03c0_k", "drawn"];
    this.rows = mogul.component_table(root, "How often each component was drawn", headers, data.model);
    this.clear();
  }

  clear() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.draws = [];
    this.is_marked = false;
    this.counts = this.prepared.weights.map(() => 0);
    this.status.textContent = "Nothing is drawn yet.";
    this.show();
  }

  // First the component, a moment later the row: the order is what the reader is to see.
  draw_one() {
    this.finish();
    const z = mogul.draw_component(this.prepared.weights, this.uniform);
    this.finish_with = () => {
      const x = this.add_draw(z);
      this.is_marked = true;
      const values = x.map((value, i) => this.rounded(i, value)).join(", ");
      this.status.textContent = `z = ${z}, then x = ${values} from component ${z}.`;
      this.show();
    };
    const prior = this.prepared.weights[z].toPrecision(4);
    this.status.textContent = `z = ${z}: this component is drawn with probability \u03c0${mogul.below(z)} = ${prior}.`;
    this.rows.forEach((row, k) => row.classList.toggle("drawn", k === z));
    this.is_marked = false;
    this.chart.redraw();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.waiting = setTimeout(() => this.finish(), calm ? 0 : 700);
  }

  rounded(i, value) {
    const [low, high] = this.ranges[i];
    return mogul.number(value, (high - low) / 100);
  }

  finish() {
    if (this.waiting === null) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    this.finish_with();
  }

  draw_many(n) {
    this.finish();
    this.is_marked = false;
    for (let i = 0; i < n; ++i) this.add_draw(mogul.draw_component(this.prepared.weights, this.uniform));
    this.status.textContent = `${this.draws.length} draws.`;
    this.show();
  }

  add_draw(z) {
    const x = mogul.draw_row(this.prepared, z, this.uniform);
    this.draws.push({ z, x });
    this.counts[z] += 1;
    return x;
  }

  show() {
    const n = this.draws.length;
    const marked = this.is_marked ? this.draws[n - 1].z : -1;
    this.rows.forEach((row, k) => {
      const weight = this.prepared.weights[k];
      row.classList.toggle("drawn", k === marked);
      mogul.set_cells(row, [
        [weight, weight.toPrecision(4)],
        [n * weight, (n * weight).toFixed(1)],
        [this.counts[k], String(this.counts[k])],
      ]);
    });
    this.chart.redraw();
  }

  draw() {
    const { chart } = this;
    const latest = this.draws.slice(-2000);
    const rows = latest.map((draw) => draw.x);
    const colours = latest.map((draw) => mogul.component_colour(draw.z));
    const bars = this.data.features.length > 1 ? [] : this.bars();
    const highest = bars.reduce((most, bar) => Math.max(most, bar.height), 0);
    mogul.draw_lesson(chart, this.data, this.ranges, highest, () => {
      if (this.data.features.length > 1) return chart.points(rows, colours);
      chart.histogram(bars);
      return chart.rug(rows, colours);
    });
    if (!this.is_marked) return;
    const [x, y] = rows[rows.length - 1];
    const at = this.data.features.length > 1 ? chart.y(y) : chart.bottom - 6;
    mogul.add(chart.inner, "circle", { class: "now", cx: chart.x(x), cy: at, r: 6 });
  }

  // Bars on the density's scale: their areas sum to one. About 2 n^(1/3) of them (Rice), as in the library's pictures,
  // so that the first draws do not tower above the density; rounding the width leaves 0.6 to 1.6 times as many.
  bars() {
    const n = this.draws.length;
    const [low, high] = this.ranges[0];
    const width = mogul.round_step((high - low) / (1.6 * Math.max(5, 2 * Math.cbrt(n))));
    const counts = new Map();
    for (const { x } of this.draws) {
      const bin = Math.floor(x[0] / width);
      counts.set(bin, (counts.get(bin) || 0) + 1);
    }
    return Array.from(counts, ([bin, count]) =>
      ({ low: bin * width, high: (bin + 1) * width, height: count / (n * width) }));
  }
};

document.addEventListener("DOMContentLoaded", () => {
  const data = mogul.read_data("lesson-data");
  if (data === null) return;
  for (const [id, widget] of [["posterior", mogul.Posterior], ["sampling", mogul.Sampling]]) {
    const root = document.getElementById(id);
    if (root !== null) mogul[id] = new widget(root, data);
  }
});
