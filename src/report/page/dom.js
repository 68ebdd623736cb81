// The elements of a page. Scripts stand in this order, each needing only those before it: gaussian, ticks, dom, chart,
// tables, replay, lesson; a page whose only script is for its tables takes dom and tables.
"use strict";

var mogul = globalThis.mogul || {};

mogul.palette_size = 8;  // --k0 to --k7; more components begin again

mogul.component_class = function (k) {
  return `k${k % mogul.palette_size}`;
};

mogul.component_colour = function (k) {
  return `var(--${mogul.component_class(k)})`;
};

// Adds an element, of SVG inside SVG, with attributes and a text. A number that is not finite is not written; others
// are cut to what renderers can hold.
mogul.add = function (parent, name, attributes = {}, text = null) {
  const svg = "http://www.w3.org/2000/svg";
  const is_svg = name === "svg" || parent.namespaceURI === svg;
  const element = is_svg ? document.createElementNS(svg, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (!is_svg || typeof value !== "number") element.setAttribute(key, value);
    else if (Number.isFinite(value)) element.setAttribute(key, mogul.pixels(value));
  }
  if (text !== null) element.textContent = text;
  parent.append(element);
  return element;
};

mogul.pixels = function (value) {
  return Math.round(Math.max(-1e5, Math.min(1e5, value)) * 100) / 100;
};

// A <label> with its words and the control inside it.
mogul.add_labelled = function (parent, words, name, attributes = {}) {
  const label = mogul.add(parent, "label");
  mogul.add(label, "span", {}, words);
  return mogul.add(label, name, attributes);
};

// Sets the symbols in the words of an element as the page's formulas are: single letters in italics, _k below.
mogul.set_symbols = function (element) {
  const words = element.textContent.match(/_?[A-Za-z]+|[^A-Za-z_]+/g);
  element.textContent = "";
  for (const word of words) {
    const letters = word.replace("_", "");
    const place = letters === word ? element : mogul.add(element, "sub");
    if (letters.length === 1 && /[A-Za-z]/.test(letters)) mogul.add(place, "i", {}, letters);
    else place.append(letters);
  }
};

// A table in a box of its own that scrolls where the page is narrow, also by keyboard. Headers and cells are texts;
// cells are filled by set_cells().
mogul.add_table = function (parent, caption, headers, n_rows, name = "") {
  const box = mogul.add(parent, "div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption });
  const table = mogul.add(box, "table", { class: name });
  mogul.add(table, "caption", {}, caption);
  const head = mogul.add(mogul.add(table, "thead"), "tr");
  for (const header of headers) {
    const cell = mogul.add(head, "th", { scope: "col", "data-value": header }, mogul.shortened(header, 40));
    if (cell.textContent !== header) cell.title = header;
  }
  const body = mogul.add(table, "tbody");
  const rows = Array.from({ length: n_rows }, (_, k) => {
    const row = mogul.add(body, "tr");
    const number = mogul.add(row, "th", { scope: "row", "data-value": k });
    const swatch = mogul.add(number, "span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = mogul.component_colour(k);
    number.append(String(k));
    for (let i = 1; i < headers.length; ++i) mogul.add(row, "td");
    return row;
  });
  return { table, rows };
};

// The cells of a row of add_table() after its number: [value in full precision, text].
mogul.set_cells = function (row, cells) {
  cells.forEach(([value, text], i) => {
    row.cells[i + 1].dataset.value = value;
    row.cells[i + 1].textContent = text;
  });
};

// The data that a page carries, or null.
mogul.read_data = function (id) {
  const element = document.getElementById(id);
  return element === null ? null : JSON.parse(element.textContent);
};
