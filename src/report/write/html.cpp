#include "report/write/html.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/figure/colours.hpp"
#include "report/write/formula.hpp"
#include "report/write/markup.hpp"
#include "report/write/page_files.hpp"
#include "report/write/svg.hpp"

namespace mogul {
namespace {

// In a script element only "</" and "<!--" could end the data: no "<" at all cannot.
std::string inside_script(std::string_view json) {
  std::string out;
  for (const char c : json) out += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return out;
}

std::string cell_html(const Column& column, std::size_t row) {
  if (column.is_text()) return fmt::format("<td class=\"text\">{}</td>", breakable(column.shown(row)));
  const double value = std::get<0>(column.values)[row];
  if (std::isnan(value)) return "<td></td>";
  if (std::isinf(value)) return fmt::format("<td>{}</td>", column.shown(row));
  return fmt::format("<td data-value=\"{}\">{}</td>", value, column.shown(row));
}

std::string heading_html(const Column& column) {
  return column.heading.empty() ? breakable(name_shown(column.name)) : breakable_prose_html(column.heading);
}

std::string spoken(const Table& table) {
  if (!table.caption.empty()) return table.caption;
  return table.label.empty() ? table.name : table.label;
}

std::string table_html(const Table& table, std::size_t most_rows) {
  const std::vector<std::size_t> rows = rows_to_show(table, most_rows);
  const bool is_cut = rows.size() < table.n_rows();
  std::string out =
      fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"sortable{}\">",
                  escaped(spoken(table)), is_cut ? " shortened" : "");
  if (!table.caption.empty()) out += fmt::format("<caption>{}</caption>", escaped(table.caption));
  out += "<thead><tr>";
  for (const Column& column : table.columns) {
    const std::string key =
        column.heading.empty() ? "" : fmt::format(" data-value=\"{}\"", escaped(column.name));  // in copies as CSV
    out += fmt::format("<th scope=\"col\"{}{}>{}</th>", column.is_text() ? " class=\"text\"" : "", key,
                       heading_html(column));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const std::size_t i : rows) {
    out += "<tr>";
    for (const Column& column : table.columns) out += cell_html(column, i);
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
  if (is_cut) {
    out +=
        fmt::format("<p class=\"cut\">{} of {} rows: the first and the last ones</p>\n", rows.size(), table.n_rows());
  }
  return out;
}

std::string label_of(const Figure& figure) {
  std::string label = figure.title;
  for (const Panel& panel : figure.panels) {
    if (figure.title.empty() && !panel.title.empty()) label += (label.empty() ? "" : ", ") + panel.title;
  }
  return label.empty() ? "Picture" : label;
}

// Panels with axes of their own, rather than a matrix that shares them.
bool is_row_of_pictures(const Figure& figure) {
  return std::ranges::all_of(figure.panels, [](const Panel& panel) { return panel.x.shown && panel.y.shown; });
}

// Pictures stand beside each other where there is room, else below each other.
std::string pictures_html(const Figure& figure, const std::string& id) {
  if (!is_row_of_pictures(figure)) {
    return fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
                       escaped(label_of(figure)), svg_text(figure, SvgPlace::page, id));
  }
  std::string out = fmt::format("<div class=\"scroll beside\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n",
                                escaped(label_of(figure)));
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    Figure part{.title = figure.title, .subtitle = figure.subtitle, .panels = {figure.panels[i]}};
    if (!figure.panels[i].title.empty()) part.title = figure.panels[i].title;
    out += svg_text(part, SvgPlace::page, fmt::format("{}-{}", id, i));
  }
  return out + "</div>\n";
}

// The picture scrolls where the window is too narrow for it; its words do not.
std::string figure_html(const Figure& figure, const std::string& id) {
  constexpr std::size_t kMostOfEntry = 80;  // characters
  std::string out = "<figure>";
  if (!figure.title.empty()) out += fmt::format("<figcaption class=\"title\">{}</figcaption>\n", escaped(figure.title));
  if (!figure.subtitle.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", escaped(figure.subtitle));
  if (!figure.legend.empty()) {
    out += "<p class=\"legend\">";
    for (const LegendEntry& entry : figure.legend) {
      out += fmt::format("<span>{}{}</span> ", sample_svg(entry), escaped(shortened_to(entry.text, kMostOfEntry)));
    }
    out += "</p>\n";
  }
  out += pictures_html(figure, id);
  for (const std::string& note : figure.notes) out += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  return out + "</figure>\n";
}

class HtmlWriter {
 public:
  explicit HtmlWriter(std::size_t most_rows) : most_rows_(most_rows) {}

  void operator()(const Heading& heading) {
    out_ += fmt::format("<h{0} id=\"{1}\">{2}</h{0}>\n", heading.level, escaped(heading.name), escaped(heading.text));
  }
  void operator()(const Paragraph& paragraph) { out_ += fmt::format("<p>{}</p>\n", escaped(paragraph.text)); }
  void operator()(const Prose& prose) { out_ += fmt::format("<p>{}</p>\n", prose_html(prose.text)); }
  void operator()(const Formula& formula) {
    out_ += fmt::format("<p class=\"formula\">{}</p>\n", formula_html(formula.text));
  }
  void operator()(const Command& command) { out_ += fmt::format("<p><code>{}</code></p>\n", escaped(command.text)); }
  void operator()(const Quantity& quantity) {
    out_ += fmt::format("<p class=\"quantity\">{} = <strong>{}</strong></p>\n", prose_html(quantity.text),
                        number_text(quantity.value, quantity.digits));
  }
  void operator()(const Table& table) { out_ += table_html(table, most_rows_); }
  void operator()(const Figures& figures) {
    out_ += "<div class=\"figures\">\n";
    for (const Figure& figure : figures.figures) {
      out_ += figure_html(figure, fmt::format("figure{}", n_figures_++));
    }
    out_ += "</div>\n";
  }
  void operator()(const Widget& widget) {
    out_ += fmt::format("<div id=\"{}\"><noscript>{}</noscript></div>\n", escaped(widget.id),
                        escaped(widget.without_script));
  }
  const std::string& text() const { return out_; }

 private:
  std::size_t most_rows_;
  std::string out_;
  std::size_t n_figures_ = 0;
};

std::string head_of(std::string_view title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<link rel=\"icon\" href=\"data:,\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<style>\n{}{}\n{}</style>\n</head>\n<body>\n<main>\n",
      escaped(title), css_variables(), svg_style(), page_files::page_css);
}

}  // namespace

std::string html_of(const Document& document, const PageParts& parts) {
  HtmlWriter body(parts.most_rows);
  for (const Block& block : document.blocks) std::visit(body, block);
  std::string out =
      fmt::format("{}<h1>{}</h1>\n{}</main>\n", head_of(document.title), escaped(document.title), body.text());
  for (const auto& [id, json] : parts.data) {
    out += fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, inside_script(json));
  }
  if (!parts.scripts.empty()) {
    out += "<script>\n";
    for (const std::string_view script : parts.scripts) out += script;
    out += "</script>\n";
  }
  return out + "</body>\n</html>\n";
}

std::string picture_page(std::string_view svg, std::string_view title) {
  return fmt::format(
      "{}<figure class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</figure>\n"
      "</main>\n</body>\n</html>\n",
      head_of(title), escaped(title), svg);
}

}  // namespace mogul
