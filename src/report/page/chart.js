// Pictures of a mixture in SVG, drawn at the width that there is: axes, curves, points, ellipses. Names of features
// come from anywhere, so text is only ever set as text.
"use strict";

var mogul = globalThis.mogul || {};

// The colours of the components as [red, green, blue] in linear light, from the page's variables ("#rrggbb").
mogul.palette = function () {
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: mogul.palette_size }, (_, k) => {
    const hex = style.getPropertyValue(`--k${k}`).trim().slice(1);
    return [0, 2, 4].map((i) => (parseInt(hex.slice(i, i + 2), 16) / 255) ** 2.2);
  });
};

// The colours of the components mixed in shares that sum to one, in linear light as in the library's pictures.
mogul.mixed_colour = function (palette, shares) {
  const light = [0, 0, 0];
  shares.forEach((share, k) => {
    palette[k % palette.length].forEach((channel, i) => (light[i] += share * channel));
  });
  const channels = light.map((channel) => Math.round(255 * Math.min(1, channel) ** (1 / 2.2)));
  return `rgb(${channels.join(", ")})`;
};

// The colour of each row under a model: its components' colours, mixed by its responsibilities.
mogul.row_colours = function (prepared, rows) {
  const palette = mogul.palette();
  return rows.map((row) => mogul.mixed_colour(palette, mogul.responsibilities(prepared, row)));
};

// Where the curves of a model of one feature are computed: evenly, and close by around each mean, so that narrow
// components are not missed.
mogul.curve_positions = function (model, low, high) {
  const positions = Array.from({ length: 301 }, (_, i) => low + ((high - low) * i) / 300);
  model.means.forEach(([mean], k) => {
    const deviation = Math.sqrt(model.covariances[k][0][0]);
    for (let i = -16; i <= 16; ++i) positions.push(mean + (i / 4) * deviation);
  });
  return positions.filter((x) => x >= low && x <= high).sort((a, b) => a - b);
};

// What the ellipses of each component hold: 1, 2 and 3 standard deviations; 2 alone where there are many components.
mogul.shown_masses = function (n_components) {
  return n_components <= 8 ? [0.393, 0.865, 0.989] : [0.865];
};

// For each feature, where its rows are and where three standard deviations of the components of `model` end.
mogul.ranges = function (rows, model) {
  return model.means[0].map((_, i) => {
    const ends = model.means.flatMap((mean, k) => {
      const reach = 3 * Math.sqrt(model.covariances[k][i][i]);
      return model.weights[k] > 0 ? [mean[i] - reach, mean[i] + reach] : [];
    });
    return mogul.with_room([...rows.map((row) => row[i]), ...ends], 0.04);
  });
};

// For each feature, where its rows are without the outermost 1 % at either end, or one at least.
mogul.central_ranges = function (rows) {
  const cut = Math.ceil(0.01 * rows.length);
  return rows[0].map((_, i) => {
    const values = rows.map((row) => row[i]).sort((a, b) => a - b);
    return mogul.with_room(values.slice(cut, rows.length - cut), 0.2);
  });
};

// Whether a few rows are so far out that nothing can be seen of the others.
mogul.has_outliers = function (rows) {
  const length = ([low, high]) => high - low;
  const central = mogul.central_ranges(rows).map(length);
  const whole = rows[0].map((_, i) => length(mogul.with_room(rows.map((row) => row[i]), 0)));
  return rows.length >= 10 && whole.some((all, i) => all > 5 * central[i]);
};

// One coordinate system. draw(chart) is called by redraw(), and whenever the width of the parent or the colours of the
// page change; it calls axes() first, and then what is to be seen.
mogul.Chart = class {
  constructor(parent, label, draw) {
    this.parent = parent;
    this.draw = draw;
    this.svg = mogul.add(parent, "svg", { class: "chart", role: "img", "aria-label": label });
    // In the next frame, because drawing may change the height that is being observed.
    const when_wider = () => this.width !== this.available_width() && requestAnimationFrame(() => this.redraw());
    new ResizeObserver(when_wider).observe(parent);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  available_width() {
    return Math.max(160, Math.floor(this.parent.clientWidth));
  }

  redraw() {
    this.width = this.available_width();
    this.height = Math.round(Math.min(400, Math.max(220, 0.7 * this.width)));
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.svg.replaceChildren();
    this.draw(this);
  }

  // x and y are {name, low, high}; x may also have `most`, for ticks(). Sets what the others need:
  // x(value) and y(value) in pixels, pixels per unit (that of y is negative: SVG counts downward), and `inner`, which
  // clips what reaches beyond the axes.
  axes(x, y) {
    const top = 26;
    const bottom = this.height - 40;
    const y_ticks = mogul.ticks(y.low, y.high, Math.max(2, Math.floor((bottom - top) / 40)));
    const left = 12 + 7 * Math.max(...y_ticks.map((tick) => tick.text.length), 2);
    const right = this.width - 14;
    this.x_per_unit = (right - left) / (x.high - x.low);
    this.y_per_unit = -(bottom - top) / (y.high - y.low);
    this.x = (value) => left + (value - x.low) * this.x_per_unit;
    this.y = (value) => bottom + (value - y.low) * this.y_per_unit;
    this.x_value = (pixel) => x.low + (pixel - left) / this.x_per_unit;
    this.y_value = (pixel) => y.low + (pixel - bottom) / this.y_per_unit;
    Object.assign(this, { left, right, top, bottom });
    for (const tick of y_ticks) {
      const at = this.y(tick.value);
      mogul.add(this.svg, "line", { class: "grid", x1: left, x2: right, y1: at, y2: at });
      mogul.add(this.svg, "text", { class: "quiet", x: left - 6, y: at + 4, "text-anchor": "end" }, tick.text);
    }
    for (const tick of this.x_ticks(x, right - left)) {
      const at = this.x(tick.value);
      mogul.add(this.svg, "line", { class: "grid", x1: at, x2: at, y1: top, y2: bottom });
      mogul.add(this.svg, "text", { class: "quiet", x: at, y: bottom + 16, "text-anchor": "middle" }, tick.text);
    }
    mogul.add(this.svg, "text", { x: 4, y: 14 }, mogul.shortened(y.name, Math.floor(this.width / 8)));
    mogul.add(this.svg, "text", { x: (left + right) / 2, y: this.height - 6, "text-anchor": "middle" },
      mogul.shortened(x.name, Math.floor((right - left) / 8)));
    const place = { x: left, y: top, width: right - left, height: bottom - top };
    this.inner = mogul.add(this.svg, "svg", {
      ...place,
      viewBox: `${left} ${top} ${place.width} ${place.height}`,
      preserveAspectRatio: "none",
    });
  }

  // As many as have room beside each other for their numbers, which are long far from the origin.
  x_ticks(x, width) {
    for (let most = x.most || 10; most >= 2; --most) {
      const ticks = mogul.ticks(x.low, x.high, most);
      const letters = Math.max(...ticks.map((tick) => tick.text.length), 1);
      if (ticks.length > 0 && ticks.length * (7 * letters + 14) <= width) return ticks;
    }
    return mogul.ticks(x.low, x.high, 3).slice(0, 1);
  }

  // Through points [x, y] in data units.
  curve(points, name) {
    const place = ([x, y]) => `${mogul.pixels(this.x(x))} ${mogul.pixels(this.y(y))}`;
    const known = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    if (known.length > 0) mogul.add(this.inner, "path", { class: name, d: "M" + known.map(place).join("L") });
  }

  // The densities of a model of one feature: the mixture solid, and over it each weighted component dashed.
  density(model, low, high) {
    const prepared = mogul.prepare(model);
    const positions = mogul.curve_positions(model, low, high);
    const log_joint = positions.map((x) => mogul.log_joint(prepared, [x]));
    this.curve(positions.map((x, i) => [x, Math.exp(mogul.log_sum_exp(log_joint[i]))]), "mixture ink");
    model.weights.forEach((weight, k) => {
      if (!(weight > 0)) return;
      const points = positions.map((x, i) => [x, Math.exp(log_joint[i][k])]);
      this.curve(points, `component ${mogul.component_class(k)}`);
    });
    const taken = [];
    model.means.forEach((mean, k) => {
      const height = Math.exp(mogul.log_joint(prepared, mean)[k]);
      if (!(height > 0)) return;
      const x = this.x(mean[0]);
      let y = Math.max(this.y(height) - 5, this.top + 14);
      while (taken.some((other) => Math.abs(other.x - x) < 18 && Math.abs(other.y - y) < 14)) y -= 4;
      taken.push({ x, y });
      this.label(x, y, String(k), "number");
    });
  }

  points(rows, colours) {
    rows.forEach(([x, y], i) => {
      const circle = mogul.add(this.inner, "circle", { class: "row", cx: this.x(x), cy: this.y(y), r: 3 });
      circle.style.fill = colours[i];
    });
  }

  // Bars {low, high, height} in data units.
  histogram(bars) {
    for (const bar of bars) {
      const [left, top] = [this.x(bar.low), this.y(bar.height)];
      const size = { width: this.x(bar.high) - left, height: Math.max(0, this.bottom - top) };
      mogul.add(this.inner, "rect", { class: "bin", x: left, y: top, ...size });
    }
  }

  // Where rows of one feature lie, along the bottom.
  rug(rows, colours) {
    rows.forEach(([x], i) => {
      const at = this.x(x);
      const place = { x1: at, x2: at, y1: this.bottom - 12, y2: this.bottom };
      const line = mogul.add(this.inner, "line", { class: "rug", ...place });
      line.style.stroke = colours[i];
    });
  }

  // The points at `radius` standard deviations of a Gaussian of two features. The scales of x and y differ, so it is
  // the covariance in pixels whose axes are drawn. `mass`, where given, is written at the top of the ellipse.
  ellipse(mean, covariance, radius, name, mass = "") {
    const xx = covariance[0][0] * this.x_per_unit ** 2;
    const xy = covariance[0][1] * this.x_per_unit * this.y_per_unit;
    const yy = covariance[1][1] * this.y_per_unit ** 2;
    const axes = mogul.ellipse_axes(xx, xy, yy);
    const [cx, cy] = [this.x(mean[0]), this.y(mean[1])];
    const turn = `rotate(${mogul.pixels((axes.angle * 180) / Math.PI)} ${mogul.pixels(cx)} ${mogul.pixels(cy)})`;
    mogul.add(this.inner, "ellipse",
      { class: name, cx, cy, rx: radius * axes.major, ry: radius * axes.minor, transform: turn });
    if (mass === "" || radius * axes.minor < 14) return;
    const [x, y] = [cx - (radius * xy) / Math.sqrt(yy), cy - radius * Math.sqrt(yy) + 4];
    if (x < this.left || x > this.right) return;
    this.label(Math.max(this.left + 20, Math.min(this.right - 20, x)), y, mass, "mass");
  }

  // The components of a model of two features, and their numbers at the means.
  components(model) {
    const masses = mogul.shown_masses(model.weights.length);
    const largest = model.weights.indexOf(Math.max(...model.weights));
    const drawn = model.weights.map((_, k) => k).filter((k) => model.weights[k] > 0);
    for (const k of drawn) {
      for (const mass of masses) {
        const text = k === largest ? `${(100 * mass).toFixed(1)} %` : "";
        const name = `component ${mogul.component_class(k)}`;
        this.ellipse(model.means[k], model.covariances[k], mogul.ellipse_radius(mass), name, text);
      }
    }
    for (const k of drawn) {
      const [x, y] = model.means[k];
      this.label(this.x(x), this.y(y) + 5, String(k), "number");
    }
  }

  // A short text centred at a place in pixels, readable over what lies beneath it.
  label(x, y, text, name) {
    mogul.add(this.inner, "text", { class: `label ${name}`, x, y, "text-anchor": "middle" }, text);
  }
};
