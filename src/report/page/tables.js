// Tables that readers sort by a click on a header and copy as CSV: every <table class="sortable">. A cell's data-value
// has its value in full precision where the text is rounded.
"use strict";

var mogul = globalThis.mogul || {};

mogul.cell_value = function (cell) {
  return cell === undefined ? "" : cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
};

// The order of two cells: numbers by value, texts by alphabet, empty cells last in either direction.
mogul.compare_cells = function (a, b, direction) {
  if (a === "" || b === "") return (a === "") - (b === "");
  const [x, y] = [Number(a), Number(b)];
  const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
  return direction === "descending" ? -order : order;
};

mogul.sort_table = function (table, column, direction) {
  const headers = Array.from(table.tHead.rows[0].cells);
  for (const header of headers) header.removeAttribute("aria-sort");
  headers[column].setAttribute("aria-sort", direction);
  for (const body of table.tBodies) {
    const keys = new Map(Array.from(body.rows, (row) => [row, mogul.cell_value(row.cells[column])]));
    const sorted = Array.from(body.rows).sort((a, b) => mogul.compare_cells(keys.get(a), keys.get(b), direction));
    body.append(...sorted);
  }
};

// RFC 4180: lines end in CR LF; a field with a comma, a quote or a line break is quoted, and quotes in it are doubled.
mogul.csv_of = function (table) {
  const field = (cell) => {
    const value = mogul.cell_value(cell);
    return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
  };
  return Array.from(table.rows, (row) => Array.from(row.cells, field).join(",") + "\r\n").join("");
};

// Whether the text is in the clipboard now. Pages opened from files have no navigator.clipboard in some browsers, or
// may not use it; then a selected text is copied, as browsers have always allowed after a click.
mogul.copy_text = async function (text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    const area = mogul.add(document.body, "textarea", { class: "off-screen", "aria-hidden": "true" });
    const focused = document.activeElement;
    area.value = text;
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused.focus({ preventScroll: true });
    return copied;
  }
};

mogul.make_sortable = function (table) {
  Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const ascending = header.getAttribute("aria-sort") === "ascending";
      mogul.sort_table(table, column, ascending ? "descending" : "ascending");
    });
  });
  const place = table.closest(".scroll") || table;
  const bar = document.createElement("p");
  bar.className = "copy";
  place.before(bar);
  const copy = mogul.add(bar, "button", { type: "button" },
    table.classList.contains("shortened") ? "copy the rows shown as CSV" : "copy as CSV");
  const said = mogul.add(bar, "span", { role: "status" });
  copy.addEventListener("click", async () => {
    const copied = await mogul.copy_text(mogul.csv_of(table));
    said.textContent = copied ? "copied" : "this browser does not let pages copy; select the table and copy it by hand";
  });
};

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("table.sortable").forEach(mogul.make_sortable);
});
