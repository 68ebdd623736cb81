// The page on which a reader watches EM: a slider over the iterations of a restart, the mixture over the rows, the
// log-likelihood, and the parameters. Reads #replay-data and fills #replay.
"use strict";

var mogul = globalThis.mogul || {};

mogul.Replay = class {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.restart = Math.max(0, data.restarts.findIndex((restart) => restart.kept));
    this.features = data.features.length === 1 ? [0] : [0, 1];
    this.index = 0;  // into the steps of the restart
    this.close_up = false;
    this.timer = null;
    this.add_choosers();
    this.add_player();
    const panels = mogul.add(root, "div", { class: "panels" });
    this.mixture = this.add_chart(panels, "rows and components", this.mixture_caption(), () => this.draw_mixture());
    this.convergence = this.add_chart(panels, "log-likelihood by iteration",
      "Log-likelihood L by iteration of EM.", () => this.draw_convergence());
    this.parameters = mogul.add(root, "div", { class: "parameters" });
    document.addEventListener("keydown", (event) => this.on_key(event));
    this.choose_restart(this.restart);
  }

  get steps() {
    return this.data.restarts[this.restart].steps;
  }

  get step() {
    return this.steps[this.index];
  }

  add_choosers() {
    const { features, restarts, rows } = this.data;
    const bar = mogul.add(this.root, "div", { class: "controls" });
    if (mogul.has_outliers(rows)) this.add_close_up(bar);
    if (restarts.length > 1) {
      const choose = (i) => this.choose_restart(i);
      this.add_chooser(bar, "restart", "restart", restarts.map(mogul.restart_name), this.restart, choose);
    }
    if (features.length <= 2) return;
    const names = features.map((feature) => mogul.shortened(feature, 40));
    this.feature_choosers = ["x", "y"].map((axis, i) => {
      const choose = (feature) => this.choose_feature(i, feature);
      return this.add_chooser(bar, `feature on ${axis}`, `feature_${axis}`, names, this.features[i], choose);
    });
  }

  // Whoever chooses the feature of the other axis changes places: a feature against itself would be a line.
  choose_feature(i, feature) {
    if (this.features[1 - i] === feature) this.features[1 - i] = this.features[i];
    this.features[i] = feature;
    this.feature_choosers.forEach((select, axis) => { select.value = this.features[axis]; });
    this.find_ranges();
    this.add_parameters();
    this.show();
  }

  add_close_up(bar) {
    const words = "leave out the outermost rows";
    const box = mogul.add_labelled(bar, words, "input", { type: "checkbox", name: "close_up" });
    box.addEventListener("change", () => {
      this.close_up = box.checked;
      this.find_ranges();
      this.show();
    });
  }

  add_chooser(bar, words, name, options, chosen, choose) {
    const select = mogul.add_labelled(bar, words, "select", { name });
    options.forEach((text, i) => mogul.add(select, "option", { value: i }, text));
    select.value = chosen;
    select.addEventListener("change", () => choose(Number(select.value)));
    return select;
  }

  add_player() {
    const bar = mogul.add(this.root, "div", { class: "controls player" });
    this.button = mogul.add(bar, "button", { type: "button", class: "play" }, "play");
    this.button.addEventListener("click", () => (this.timer === null ? this.play() : this.pause()));
    this.slider = mogul.add_labelled(bar, "iteration", "input", { type: "range", name: "step", min: 0, step: 1 });
    this.slider.addEventListener("input", () => {
      this.pause();
      this.go(Number(this.slider.value));
    });
    this.status = mogul.add(this.root, "p", { class: "status", role: "status", "aria-live": "polite" });
    const keys = "Space plays and pauses, left and right arrows step, Home and End go to the first and the last.";
    mogul.add(this.root, "p", { class: "note" }, [this.data.note, keys].filter(Boolean).join(" "));
  }

  add_chart(panels, label, caption, draw) {
    const figure = mogul.add(panels, "figure");
    const chart = new mogul.Chart(figure, label, draw);
    mogul.add(figure, "figcaption", {}, caption);
    return chart;
  }

  mixture_caption() {
    if (this.features.length === 1) {
      return "Weighted densities of the components (dashed) and their sum, the mixture (solid). Each row is a mark " +
        "at the bottom, coloured by its responsibilities.";
    }
    const marginal = this.data.features.length > 2 ? " of these two features" : "";
    const masses = mogul.shown_masses(this.step.weights.length).length === 1
      ? "Each ellipse holds 86.5 % of its component"
      : "The ellipses hold 39.3, 86.5 and 98.9 % of their component";
    return `${masses}${marginal}. Each row is coloured by its responsibilities.`;
  }

  choose_restart(i) {
    this.pause();
    this.restart = i;
    this.index = 0;
    this.slider.max = this.steps.length - 1;
    this.find_ranges();
    this.add_parameters();
    this.show();
  }

  // The ranges stay the same while the iterations go by, so that what moves is the mixture.
  find_ranges() {
    const { rows } = this.data;
    const seen = [...rows, ...this.steps[0].means];
    const last = this.steps[this.steps.length - 1];
    const ranges = this.close_up ? mogul.central_ranges(rows) : mogul.ranges(seen, last);
    this.ranges = this.features.map((i) => ranges[i]);
    if (this.features.length === 1) this.ranges.push([0, 1.05 * mogul.highest_density(this.steps)]);
  }

  add_parameters() {
    const names = this.data.features;
    const headers = ["component", "weight", "N_k", ...names.map((name) => `mean of ${name}`),
      ...names.map((name) => `standard deviation of ${name}`)];
    if (this.features.length === 2) {
      const [x, y] = this.features.map((i) => names[i]);
      headers.push(`correlation of ${x} and ${y}`);
    }
    this.parameters.replaceChildren();
    const { table, rows } = mogul.add_table(this.parameters, "Parameters at this iteration", headers,
      this.step.weights.length, "sortable");
    this.rows = rows;
    mogul.set_symbols(table.tHead.rows[0].cells[headers.indexOf("N_k")]);
    mogul.make_sortable(table);
  }

  go(index) {
    this.index = Math.max(0, Math.min(this.steps.length - 1, index));
    this.show();
  }

  show() {
    this.slider.value = this.index;
    const last = this.steps[this.steps.length - 1].iteration;
    this.status.textContent = mogul.step_text(this.step, this.steps[this.index - 1], last);
    this.slider.setAttribute("aria-valuetext", `iteration ${this.step.iteration} of ${last}`);
    this.mixture.redraw();
    this.convergence.redraw();
    this.show_parameters();
  }

  show_parameters() {
    const { weights, component_sizes, means, covariances } = this.step;
    this.rows.forEach((row, k) => {
      const deviations = means[k].map((_, i) => Math.sqrt(covariances[k][i][i]));
      mogul.set_cells(row, [
        [weights[k], weights[k].toPrecision(4)],
        [component_sizes[k], mogul.number(component_sizes[k], 1)],
        ...means[k].map((mean, i) => [mean, mogul.number(mean, deviations[i])]),
        ...deviations.map((deviation) => [deviation, deviation.toPrecision(4)]),
        ...this.correlation_cells(covariances[k], deviations),
      ]);
    });
  }

  // Of the two features that are shown: by it their ellipses turn.
  correlation_cells(covariance, deviations) {
    if (this.features.length === 1) return [];
    const [i, j] = this.features;
    const correlation = covariance[i][j] / deviations[i] / deviations[j];
    return [[correlation, (Math.round(1000 * correlation) / 1000).toFixed(3)]];  // rounded first: never -0.000
  }

  draw_mixture() {
    const { data, step, mixture, features } = this;
    const [x, y] = this.ranges;
    const colours = mogul.row_colours(mogul.prepare(step), data.rows);
    const rows = data.rows.map((row) => features.map((i) => row[i]));
    const names = features.map((i) => data.features[i]);
    mixture.axes({ name: names[0], low: x[0], high: x[1] }, { name: names[1] || "density", low: y[0], high: y[1] });
    if (features.length === 1) {
      mixture.rug(rows, colours);
      mixture.density(step, x[0], x[1]);
    } else {
      mixture.points(rows, colours);
      mixture.components(mogul.marginal(step, features));
    }
  }

  draw_convergence() {
    const chart = this.convergence;
    const points = this.steps.map((step) => [step.iteration, step.log_likelihood]);
    const [low, high] = mogul.with_room(points.map((point) => point[1]), 0.08);
    const first = points[0][0];
    const span = Math.max(1, points[points.length - 1][0] - first);
    const most = Math.min(10, span + 1);  // iterations are whole numbers
    const x = { name: "iteration", low: first - 0.03 * span, high: first + 1.03 * span, most };
    chart.axes(x, { name: "L", low, high });
    chart.curve(points, "mixture ink");
    const [iteration, log_likelihood] = points[this.index];
    if (!Number.isFinite(log_likelihood)) return;
    const at = chart.x(iteration);
    mogul.add(chart.inner, "line", { class: "now", x1: at, x2: at, y1: 0, y2: chart.bottom });
    mogul.add(chart.inner, "circle", { class: "now", cx: at, cy: chart.y(log_likelihood), r: 5 });
  }

  // All iterations pass in about eight seconds; where the reader asked for less motion, one a second.
  play() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const wait = calm ? 1000 : Math.max(60, Math.min(500, 8000 / this.steps.length));
    if (this.index === this.steps.length - 1) this.go(0);
    this.status.setAttribute("aria-live", "off");  // or a screen reader would read every iteration
    this.button.textContent = "pause";
    this.timer = setInterval(() => {
      if (this.index + 2 >= this.steps.length) this.pause();  // before the last is shown, so that it is announced
      this.go(this.index + 1);
    }, wait);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.status.setAttribute("aria-live", "polite");
    this.button.textContent = "play";
  }

  // Keys work wherever on the page the reader is, except where they mean something else.
  on_key(event) {
    const taken = event.target.closest("select, input:not([name=step]), textarea, .scroll");
    const pressed = event.key === " " && event.target.closest("button, a, summary");
    if (taken || pressed || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const moves = {
      ArrowLeft: () => this.index - 1,
      ArrowRight: () => this.index + 1,
      Home: () => 0,
      End: () => this.steps.length - 1,
    };
    if (event.key === " ") {
      if (this.timer === null) this.play();
      else this.pause();
    } else if (moves[event.key] !== undefined) {
      this.pause();
      this.go(moves[event.key]());
    } else {
      return;
    }
    event.preventDefault();
  }
};

// Restarts are counted from 0 in files, for people from 1.
mogul.restart_name = function (restart) {
  const last = restart.steps[restart.steps.length - 1];
  const kept = restart.kept ? ", kept" : "";
  return `${restart.restart + 1}: L = ${mogul.number(last.log_likelihood, 0.01)}${kept}`;
};

mogul.step_text = function (step, before, last) {
  const parts = [`iteration ${step.iteration} of ${last}`, `L = ${mogul.number(step.log_likelihood, 0.01)}`];
  const change = before === undefined ? NaN : step.log_likelihood - before.log_likelihood;
  if (change === 0) parts.push("no change");
  else if (Number.isFinite(change)) parts.push(`change ${change < 0 ? "" : "+"}${change.toPrecision(3)}`);
  return parts.join(", ");
};

document.addEventListener("DOMContentLoaded", () => {
  const data = mogul.read_data("replay-data");
  if (data !== null) mogul.replay = new mogul.Replay(document.getElementById("replay"), data);
});
