#include "report/write/svg.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "report/write/markup.hpp"
#include "report/write/svg_panel.hpp"
#include "report/write/text_width.hpp"

namespace mogul {
namespace {

constexpr double kMargin = 12;
constexpr double kTitleHeight = 26;
constexpr double kTitleFontSize = 15;
constexpr double kLineHeight = 17;  // of the legend and the notes
constexpr double kSample = 20;      // a line or a dot of the legend
constexpr double kLargePanel = 560;
constexpr double kLargePanelHeight = 360;
constexpr double kWholeWidth = 720;  // of several panels together, as far as they stay large enough
constexpr double kSmallestPanel = 110;
constexpr double kPagePanel = 336;  // in a page: a telephone shows it whole, wider windows enlarge it
constexpr double kPagePanelHeight = 240;
constexpr double kGap = 10;
constexpr double kSmallestScale = 0.85;  // in a page: numbers at the axes stay above 9 px

// Rules that are the same on light and dark paper; colours.cpp has the others.
constexpr const char* kShapes =
    "svg.figure{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;font-size:12px}"
    ".figure .curve{fill:none;stroke-width:1.8}.figure .dashed{stroke-dasharray:6 4;stroke-width:1.5}"
    ".figure .thin{stroke-width:.7}"
    ".figure .area{fill-opacity:.3;stroke:none}.figure .dots{paint-order:stroke;stroke-width:1.2}"
    ".figure .bars{fill-opacity:.35;stroke-width:.8;stroke-opacity:.7}"
    ".figure .region{stroke-width:.8;stroke-opacity:.7}.figure .ellipse{stroke-width:1.5}"
    ".figure .hollow,.figure .frame{fill:none}.figure .filled{fill-opacity:.16}"
    ".figure .title{font-size:15px;font-weight:600}.figure .panel-title{font-weight:600;text-anchor:middle}"
    ".figure .offset{font-size:11px}.figure .tick{font-size:11px;text-anchor:middle}.figure "
    ".end{text-anchor:end}.figure .name{text-anchor:middle}"
    ".figure .label{text-anchor:middle;font-weight:600;paint-order:stroke;stroke-width:3px;stroke-linejoin:round}";

/// Where everything goes, found from the top down.
struct Layout {
  std::vector<PanelBox> boxes;
  double width;
  double panels_bottom;
};

std::size_t n_rows(const Figure& figure) { return (figure.panels.size() + figure.columns - 1) / figure.columns; }

struct PanelSize {
  double width, height;
};

PanelSize panel_size(const Figure& figure, SvgPlace place) {
  if (figure.panels.size() == 1) {
    return place == SvgPlace::page ? PanelSize{kPagePanel, kPagePanelHeight}
                                   : PanelSize{kLargePanel, kLargePanelHeight};
  }
  const auto columns = static_cast<double>(figure.columns);
  const double width = std::max(kSmallestPanel, (kWholeWidth - kGap * columns) / columns);
  return {width, figure.columns <= 2 ? 0.7 * width : width};
}

Layout lay_out(const Figure& figure, SvgPlace place, double top) {
  const std::size_t columns = figure.columns;
  const auto [width, height] = panel_size(figure, place);
  std::vector<double> left(columns, 0);
  std::vector<double> below(n_rows(figure), 0);
  std::vector<double> above(n_rows(figure), 0);
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    left[i % columns] = std::max(left[i % columns], room_for_y_axis(figure.panels[i], height));
    below[i / columns] = std::max(below[i / columns], room_for_x_axis(figure.panels[i]));
    above[i / columns] = std::max(above[i / columns], figure.panels[i].title.empty() ? 0 : kLineHeight);
  }
  Layout layout{{}, kMargin, top};
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const std::size_t column = i % columns;
    if (column == 0) layout.panels_bottom += above[i / columns];
    double x = kMargin;
    for (std::size_t c = 0; c < column; ++c) x += left[c] + width + kGap;
    layout.boxes.push_back({x + left[column], layout.panels_bottom, width, height});
    layout.width = std::max(layout.width, x + left[column] + width + kMargin + 6);
    if (column + 1 == columns || i + 1 == figure.panels.size())
      layout.panels_bottom += height + below[i / columns] + kGap;
  }
  return layout;
}

double whole_width(const Figure& figure, SvgPlace place) { return lay_out(figure, place, 0).width; }

std::string sample_at(const LegendEntry& entry, double x, double y) {
  const std::string middle = pixels(y - 4);
  const auto line = [&](std::string_view kind) {
    return fmt::format(R"(<path {} d="M{} {}h{}"/>)", stroke_of(entry.colour, kind), pixels(x), middle,
                       pixels(kSample - 4));
  };
  switch (entry.sample) {
    case LegendEntry::Sample::dot:
      return fmt::format(R"(<circle {} cx="{}" cy="{}" r="4"/>)", fill_of(entry.colour), pixels(x + kSample / 2),
                         middle);
    case LegendEntry::Sample::area:
      // With a line around it, as the shade alone is too faint to be made out.
      return fmt::format(R"(<g fill-opacity=".3"><g {}><rect {} x="{}" y="{}" width="{}" height="9"/></g></g>)",
                         stroke_of(entry.colour), fill_of(entry.colour), pixels(x), pixels(y - 9), pixels(kSample - 4));
    case LegendEntry::Sample::line: return line("curve");
    case LegendEntry::Sample::dashed: return line("curve dashed");
    case LegendEntry::Sample::thin: break;
  }
  return line("curve thin");
}

// Entries beside each other, in as many lines as they need. Returns the elements and moves `y` below them.
std::string legend_svg(const Figure& figure, double width, double& y) {
  if (figure.legend.empty()) return "";
  std::string out = R"(<g class="legend">)";
  double x = kMargin;
  y += kLineHeight;
  for (const LegendEntry& entry : figure.legend) {
    const std::string text = fitted(entry.text, width - 2 * kMargin - kSample);
    const double needed = kSample + text_width(text) + 14;
    if (x + needed > width && x > kMargin) {
      x = kMargin;
      y += kLineHeight;
    }
    out += sample_at(entry, x, y);
    out += fmt::format(R"(<text x="{}" y="{}">{}</text>)", pixels(x + kSample), pixels(y), escaped(text));
    x += needed;
  }
  y += 4;
  return out + "</g>\n";
}

// Lines of as many words as have room.
std::vector<std::string> wrapped(std::string_view text, double room) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::string longer = lines.back().empty() ? std::string(word) : fmt::format("{} {}", lines.back(), word);
    if (!lines.back().empty() && text_width(longer) > room) {
      lines.push_back(fitted(word, room));
    } else {
      lines.back() = fitted(longer, room);
    }
  }
  return lines;
}

std::string notes_svg(const std::vector<std::string>& notes, double width, double& y) {
  std::string out;
  for (const std::string& note : notes) {
    for (const std::string& line : wrapped(note, width - 2 * kMargin)) {
      y += kLineHeight;
      out += fmt::format("<text class=\"note quiet\" x=\"{}\" y=\"{}\">{}</text>\n", pixels(kMargin), pixels(y),
                         escaped(line));
    }
  }
  return out;
}

std::string title_svg(const Figure& figure, double width, double& y) {
  std::string out;
  const auto add_line = [&](const char* classes, const std::string& text, double height, double font_size,
                            FontWeight weight) {
    if (text.empty()) return;
    y += height;
    out += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", classes, pixels(kMargin), pixels(y - 6),
                       escaped(fitted(text, width - 2 * kMargin, font_size, weight)));
  };
  add_line("title", figure.title, kTitleHeight, kTitleFontSize, FontWeight::bold);
  add_line("subtitle quiet", figure.subtitle, kLineHeight, kFontSize, FontWeight::normal);
  return out;
}

// What a reader who hears the page is told instead of the picture.
std::string spoken(const Figure& figure) {
  std::string text = figure.title.empty() ? "figure" : figure.title;
  if (!figure.subtitle.empty()) text += ", " + figure.subtitle;
  const Panel& first = figure.panels.front();
  if (figure.panels.size() == 1) text += fmt::format(": {} against {}", first.y.name, first.x.name);
  for (const std::string& note : figure.notes) text += ". " + note;
  return shortened_to(text, 500);
}

}  // namespace

std::string svg_text(const Figure& figure, SvgPlace place, std::string_view id) {
  const double width = whole_width(figure, place);
  const bool in_page = place == SvgPlace::page;
  double y = in_page ? 0 : kMargin / 2;
  std::string body;
  if (!in_page) {
    body = title_svg(figure, width, y);
    body += legend_svg(figure, width, y);
  }
  const Layout layout = lay_out(figure, place, y + 8);
  std::size_t n_left_out = 0;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    if (figure.panels[i].marks.empty()) continue;
    const PanelText panel = panel_svg(figure.panels[i], layout.boxes[i], fmt::format("{}-{}", id, i));
    body += panel.svg;
    n_left_out += panel.n_labels_left_out;
  }
  y = layout.panels_bottom;
  std::vector<std::string> notes = in_page ? std::vector<std::string>() : figure.notes;
  if (n_left_out > 0) notes.push_back(fmt::format("without {} of the labels, for which there is no room", n_left_out));
  body += notes_svg(notes, width, y);
  const double height = y + kMargin;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}"{3}>)",
      pixels(width), pixels(height), escaped(spoken(figure)),
      in_page ? fmt::format(" style=\"min-width:{}px\"", pixels(kSmallestScale * width)) : "");
  if (!in_page) {
    out += fmt::format("\n<style>{}</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n", svg_style());
  }
  return out + body + "</svg>\n";
}

std::string sample_svg(const LegendEntry& entry) {
  return fmt::format(R"(<svg class="figure" viewBox="0 0 {0} 12" width="{0}" height="12" aria-hidden="true">{1}</svg>)",
                     pixels(kSample), sample_at(entry, 0, 10));
}

std::string svg_style() { return svg_rules() + kShapes; }

}  // namespace mogul
