#include "report/write/svg_panel.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/figure/geometry.hpp"
#include "report/figure/ticks.hpp"
#include "report/write/cell_outline.hpp"
#include "report/write/label_places.hpp"
#include "report/write/markup.hpp"
#include "report/write/text_width.hpp"
#include "report/write/thin_line.hpp"

namespace mogul {
namespace {

constexpr double kTick = 4;
constexpr double kUnseen = 0.05;    // a line may pass a point that is left out at that distance, in pixels
constexpr double kOutlinedBar = 4;  // width, in pixels, from which bars have outlines
constexpr double kNameHeight = 18;
constexpr double kBetweenNumbers = 4;  // of neighbouring ticks, in pixels
constexpr double kMostBeyond = 16;     // that a number may reach beyond the end of its axis, in pixels
constexpr double kFarOutside = 1e6;    // of any picture, in pixels: what lies farther out need not be told apart

std::size_t n_ticks(double pixels_long, double pixels_each) {
  return std::max<std::size_t>(3, static_cast<std::size_t>(pixels_long / pixels_each));
}

double tick_width(const Tick& tick) { return text_width(tick.text, kSmallFontSize); }

Ticks y_ticks(const Panel& panel, double height) {
  if (!panel.y.ticks) return {};
  return ticks(panel.y.low, panel.y.high, n_ticks(height, 40));
}

double in_hundredths(double value) { return std::round(100 * value) / 100; }

std::string class_of(const Colour& colour) {
  switch (colour.kind) {
    case Colour::Kind::ink: return "ink";
    case Colour::Kind::muted: return "muted";
    case Colour::Kind::component: return fmt::format("k{}", colour.component % kPaletteSize);
    case Colour::Kind::mixed: break;
  }
  return "";
}

std::string_view class_of(Curve::Stroke stroke) {
  switch (stroke) {
    case Curve::Stroke::dashed: return "curve dashed";
    case Curve::Stroke::thin: return "curve thin";
    case Curve::Stroke::solid: break;
  }
  return "curve";
}

/// Puts marks into a panel's pixels.
class MarkWriter {
 public:
  MarkWriter(const Panel& panel, const PanelBox& box) : panel_(panel), box_(box) {}

  std::string operator()(const Curve& curve) const {
    if (curve.points.empty()) return "";
    std::string path = path_of(curve.points);
    std::string out;
    if (curve.filled) {
      out = fmt::format(R"(<path {} d="{}V{}H{}Z"/>)", fill_of(curve.colour, "area"), path,
                        pixels(y(std::max(0.0, panel_.y.low))), pixels(x(curve.points.front().x)));
    }
    return out + fmt::format(R"(<path {} d="{}"/>)", stroke_of(curve.colour, class_of(curve.stroke)), path);
  }

  std::string operator()(const Dots& dots) const {
    const double radius = radius_for(dots.points.size());
    const bool one_colour = dots.colours.size() == 1;
    std::string out = one_colour ? fmt::format("<g {}>", fill_of(dots.colours[0], "dots")) : R"(<g class="dots">)";
    for (std::size_t i = 0; i < dots.points.size(); ++i) {
      out += fmt::format(R"(<circle {}cx="{}" cy="{}" r="{}"/>)", one_colour ? "" : fill_of(dots.colours[i]) + " ",
                         pixels(x(dots.points[i].x)), pixels(y(dots.points[i].y)),
                         pixels(radius * (dots.sizes.empty() ? 1 : dots.sizes[i])));
    }
    return out + "</g>";
  }

  std::string operator()(const Bars& bars) const {
    double narrowest = kOutlinedBar;
    for (std::size_t i = 0; i < bars.heights.size(); ++i)
      narrowest = std::min(narrowest, x(bars.edges[i + 1]) - x(bars.edges[i]));
    // The outlines of narrow bars would fill them.
    const bool outlined = narrowest >= kOutlinedBar;
    std::string out = fmt::format(R"(<g class="bars {}muted-fill">)", outlined ? "muted " : "");
    for (std::size_t i = 0; i < bars.heights.size(); ++i) {
      if (!(bars.heights[i] > 0)) continue;
      const double left = x(bars.edges[i]);
      const double top = y(bars.heights[i]);
      out += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}"/>)", pixels(left), pixels(top),
                         pixels(std::max(0.5, x(bars.edges[i + 1]) - left)), pixels(y(0) - top));
    }
    return out + "</g>";
  }

  std::string operator()(const Rug& rug) const {
    const bool one_colour = rug.colours.size() == 1;
    std::string out = one_colour ? fmt::format("<g {}>", stroke_of(rug.colours[0], "rug")) : R"(<g class="rug">)";
    const std::string bottom = pixels(box_.top + box_.height);
    for (std::size_t i = 0; i < rug.x.size(); ++i) {
      out += fmt::format(R"(<path {}d="M{} {}v-8"/>)", one_colour ? "" : stroke_of(rug.colours[i]) + " ",
                         pixels(x(rug.x[i])), bottom);
    }
    return out + "</g>";
  }

  // One path for all cells of a look. Edges are rounded before they become widths, so that neighbours meet and no seam
  // shows between them.
  std::string operator()(const Cells& cells) const {
    std::map<std::string, std::string> paths;  // attributes -> path
    std::vector<PixelBox> boxes;
    for (const Cells::Cell& cell : cells.cells) {
      const double left = in_hundredths(x(cell.low.x));
      const double top = in_hundredths(y(cell.high.y));
      const double right = in_hundredths(x(cell.high.x));
      const double bottom = in_hundredths(y(cell.low.y));
      const double width = right - left;
      const double height = bottom - top;
      if (cells.outlined) boxes.push_back({left, top, right, bottom});
      paths[fmt::format(R"({} opacity="{:.2f}")", fill_of(cell.colour), cell.opacity)] +=
          fmt::format("M{} {}h{}v{}h{}z", pixels(left), pixels(top), pixels(width), pixels(height), pixels(-width));
    }
    std::string out = R"(<g class="cells" shape-rendering="crispEdges">)";
    for (const auto& [attributes, path] : paths) out += fmt::format("<path {} d=\"{}\"/>\n", attributes, path);
    out += "</g>";
    if (cells.outlined) {
      out += fmt::format(
          R"(<path class="hollow muted outline" stroke-width=".8" stroke-opacity=".7" shape-rendering="crispEdges" d="{}"/>)",
          outline_path(boxes));
    }
    return out;
  }

  std::string operator()(const Region& region) const {
    std::string path;
    for (const std::vector<Point>& ring : region.rings) path += path_of(ring) + "Z";
    const std::string outline = class_of(region.colour).empty() ? "region" : "region " + class_of(region.colour);
    return fmt::format(R"(<path {} fill-rule="evenodd" fill-opacity="{:.3f}" d="{}"/>)",
                       fill_of(region.colour, outline), region.opacity, path);
  }

  // The covariance in pixels, where the axes have scales of their own and y points down.
  std::string operator()(const Ellipse& ellipse) const {
    const double across = box_.width / (panel_.x.high - panel_.x.low);
    const double up = box_.height / (panel_.y.high - panel_.y.low);
    const auto [xx, xy, yy] = ellipse.covariance;
    const EllipseAxes axes = ellipse_axes({xx * across * across, -xy * across * up, yy * up * up});
    const std::string cx = pixels(x(ellipse.mean.x));
    const std::string cy = pixels(y(ellipse.mean.y));
    const std::string colour = class_of(ellipse.colour);
    const std::string filled = ellipse.filled ? fmt::format(" filled {}-fill", colour) : " hollow";
    return fmt::format(
        R"svg(<ellipse class="ellipse {}{}" cx="{}" cy="{}" rx="{}" ry="{}" transform="rotate({} {} {})"/>)svg", colour,
        filled, cx, cy, pixels(ellipse.radius * axes.major), pixels(ellipse.radius * axes.minor),
        pixels(axes.angle * 180 / M_PI), cx, cy);
  }

  // Labels come after all other marks: labels().
  std::string operator()(const Label&) const { return ""; }

  PanelText labels() const {
    std::vector<PlacedLabel> wanted;
    std::vector<const Label*> labels;
    for (const Mark& mark : panel_.marks) {
      const Label* label = std::get_if<Label>(&mark);
      if (label == nullptr) continue;
      wanted.push_back(
          {x(label->at.x), y(label->at.y) + (label->above ? -6 : 4), label->text, label->movable, labels.size()});
      labels.push_back(label);
    }
    if (wanted.empty()) return {};
    std::string texts;
    std::vector<bool> placed_there(labels.size(), false);
    std::vector<bool> upon_spot(labels.size(), false);
    for (const PlacedLabel& label : placed(wanted, rows(), box_)) {
      placed_there[label.number] = true;
      upon_spot[label.number] =
          !labels[label.number]->above && label.x == wanted[label.number].x && label.y == wanted[label.number].y;
      texts += fmt::format("<text class=\"label halo\" x=\"{}\" y=\"{}\">{}</text>\n", pixels(label.x), pixels(label.y),
                           escaped(label.text));
    }
    PanelText made;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!contains(labels[i]->at)) continue;
      if (!placed_there[i] && labels[i]->movable) ++made.n_labels_left_out;
      if (labels[i]->stands_for && !upon_spot[i]) made.svg += spot(*labels[i]->stands_for);
    }
    made.svg += texts;
    return made;
  }

  double x(double value) const {
    return box_.left + (value - panel_.x.low) / (panel_.x.high - panel_.x.low) * box_.width;
  }
  double y(double value) const {
    return box_.top + (panel_.y.high - value) / (panel_.y.high - panel_.y.low) * box_.height;
  }

 private:
  bool contains(const Point& at) const {
    return at.x >= panel_.x.low && at.x <= panel_.x.high && at.y >= panel_.y.low && at.y <= panel_.y.high;
  }

  std::string spot(const Spot& spot) const {
    return fmt::format("<circle {} cx=\"{}\" cy=\"{}\" r=\"2\"/>\n", fill_of(spot.colour, "spot"), pixels(x(spot.at.x)),
                       pixels(y(spot.at.y)));
  }

  // Where they are drawn.
  std::vector<Point> rows() const {
    std::vector<Point> places;
    for (const Mark& mark : panel_.marks) {
      const Dots* dots = std::get_if<Dots>(&mark);
      if (dots == nullptr) continue;
      for (const Point& row : dots->points) places.push_back({x(row.x), y(row.y)});
    }
    return places;
  }

  std::string path_of(const std::vector<Point>& points) const {
    std::vector<Point> line;
    line.reserve(points.size());
    for (const Point& point : points) line.push_back({x(point.x), y(point.y)});
    std::string path;
    for (const Point& point : thinned(line, kUnseen)) {
      fmt::format_to(std::back_inserter(path), "{}{} {}", path.empty() ? "M" : "L", pixels(point.x), pixels(point.y));
    }
    return path;
  }

  // Smaller where there are more, and in small panels.
  double radius_for(std::size_t n) const {
    const double usual = n <= 200 ? 3.2 : n <= 1000 ? 2.5 : n <= 4000 ? 1.9 : 1.4;
    return box_.width < 250 ? 0.7 * usual : usual;
  }

  const Panel& panel_;
  const PanelBox& box_;
};

// The name in the middle of an axis, and at its end what is to be added to its numbers.
// @param at  the attributes of a text at a distance from the beginning of the axis
std::string axis_name(std::string_view name, std::string_view offset, double length,
                      const std::function<std::string(double)>& at) {
  const double taken = offset.empty() ? 0 : text_width(offset, kSmallFontSize) + text_width("  ");
  const std::string shown = fitted(name, std::max(text_width("name"), length - taken));
  const std::string whole = shown == name ? "" : fmt::format("<title>{}</title>", escaped(shortened_to(name, 300)));
  const double half = 0.5 * text_width(shown);
  const double middle = std::min(0.5 * length, length - taken - half);
  std::string out = fmt::format(R"(<text class="name" {}>{}{}</text>)", at(middle), escaped(shown), whole);
  if (!offset.empty()) out += fmt::format(R"(<text class="offset quiet end" {}>{}</text>)", at(length), offset);
  return out;
}

// Whether the numbers stand beside each other with air between them.
bool fit_beside(const std::vector<Tick>& marks, double pixels_per_unit) {
  for (std::size_t i = 1; i < marks.size(); ++i) {
    const double apart = (marks[i].value - marks[i - 1].value) * pixels_per_unit;
    if (apart < 0.5 * (tick_width(marks[i - 1]) + tick_width(marks[i])) + kBetweenNumbers) return false;
  }
  return true;
}

// As many as have room for their numbers beside each other. If no two neighbours fit, only the first and the last one.
Ticks x_ticks(const Panel& panel, double width) {
  const double range = std::ceil(panel.x.high - panel.x.low);
  const double pixels_per_unit = width / (panel.x.high - panel.x.low);
  const std::size_t usual = n_ticks(width, 60);
  std::size_t most = usual;
  if (panel.x.whole && range < static_cast<double>(most))
    most = std::max<std::size_t>(2, static_cast<std::size_t>(range));
  for (; most >= 2; --most) {
    Ticks found = ticks(panel.x.low, panel.x.high, most);
    if (fit_beside(found.marks, pixels_per_unit)) return found;
  }
  Ticks ends;
  for (most = 2; most <= usual + 4; ++most) {
    ends = ticks(panel.x.low, panel.x.high, most);
    if (ends.marks.size() > 2) ends.marks.erase(ends.marks.begin() + 1, ends.marks.end() - 1);
    if (fit_beside(ends.marks, pixels_per_unit)) break;
  }
  return ends;
}

std::string x_axis(const Panel& panel, const PanelBox& box, const MarkWriter& at) {
  if (!panel.x.shown) return "";
  const double bottom = box.top + box.height;
  std::string out = R"(<g class="axis">)";
  const Ticks shown = x_ticks(panel, box.width);
  for (const Tick& tick : shown.marks) {
    const double x = at.x(tick.value);
    // A long number near the end of the axis moves inwards.
    const double room = std::max(0.0, 0.5 * tick_width(tick) - kMostBeyond);
    const double text_x = std::max(box.left + room, std::min(x, box.left + box.width - room));
    out += fmt::format(R"(<path class="muted" d="M{} {}v{}"/><text class="tick quiet" x="{}" y="{}">{}</text>)",
                       pixels(x), pixels(bottom), pixels(kTick), pixels(text_x),
                       pixels(bottom + kTick + kSmallFontSize + 1), tick.text);
  }
  const std::string y = pixels(bottom + kTick + kSmallFontSize + kNameHeight);
  out += axis_name(panel.x.name, shown.offset, box.width,
                   [&](double distance) { return fmt::format(R"(x="{}" y="{}")", pixels(box.left + distance), y); });
  return out + "</g>";
}

std::string y_axis(const Panel& panel, const PanelBox& box, const MarkWriter& at) {
  if (!panel.y.shown) return "";
  std::string out = R"(<g class="axis">)";
  const Ticks shown = y_ticks(panel, box.height);
  for (const Tick& tick : shown.marks) {
    const double y = at.y(tick.value);
    out += fmt::format(R"(<path class="muted" d="M{} {}h{}"/><text class="tick quiet end" x="{}" y="{}">{}</text>)",
                       pixels(box.left), pixels(y), pixels(-kTick), pixels(box.left - kTick - 3), pixels(y + 4),
                       tick.text);
  }
  const std::string x = pixels(box.left - room_for_y_axis(panel, box.height) + kFontSize);
  out += axis_name(panel.y.name, shown.offset, box.height, [&](double distance) {
    const std::string y = pixels(box.top + box.height - distance);
    return fmt::format(R"svg(x="{0}" y="{1}" transform="rotate(-90 {0} {1})")svg", x, y);
  });
  return out + "</g>";
}

}  // namespace

double room_for_y_axis(const Panel& panel, double height) {
  if (!panel.y.shown) return 0;
  double longest = text_width("0", kSmallFontSize);
  for (const Tick& tick : y_ticks(panel, height).marks) longest = std::max(longest, tick_width(tick));
  return longest + kTick + kNameHeight + 8;
}

double room_for_x_axis(const Panel& panel) { return panel.x.shown ? kTick + kSmallFontSize + kNameHeight + 6 : 0; }

std::string pixels(double value) {
  std::string text = fmt::format("{:.2f}", std::clamp(value, -kFarOutside, kFarOutside));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string stroke_of(const Colour& colour, std::string_view kind) {
  const std::string by_class = class_of(colour);
  if (!by_class.empty()) return fmt::format(R"(class="{}{}{}")", kind, kind.empty() ? "" : " ", by_class);
  return fmt::format(R"({}stroke="{}")", kind.empty() ? "" : fmt::format(R"(class="{}" )", kind),
                     to_string(colour.rgb));
}

std::string fill_of(const Colour& colour, std::string_view kind) {
  const std::string by_class = class_of(colour);
  if (!by_class.empty()) return fmt::format(R"(class="{}{}{}-fill")", kind, kind.empty() ? "" : " ", by_class);
  return fmt::format(R"({}fill="{}")", kind.empty() ? "" : fmt::format(R"(class="{}" )", kind), to_string(colour.rgb));
}

PanelText panel_svg(const Panel& panel, const PanelBox& box, const std::string& id) {
  const std::string frame = fmt::format(R"(x="{}" y="{}" width="{}" height="{}")", pixels(box.left), pixels(box.top),
                                        pixels(box.width), pixels(box.height));
  const MarkWriter writer(panel, box);
  std::string out = fmt::format(
      R"(<g class="panel" data-x-low="{}" data-x-high="{}" data-y-low="{}" data-y-high="{}" data-frame="{} {} {} {}">)",
      panel.x.low, panel.x.high, panel.y.low, panel.y.high, pixels(box.left), pixels(box.top), pixels(box.width),
      pixels(box.height));
  out += fmt::format("<clipPath id=\"{}\"><rect {}/></clipPath><g clip-path=\"url(#{})\">\n", id, frame, id);
  for (const Mark& mark : panel.marks) {
    if (const std::string elements = std::visit(writer, mark); !elements.empty()) out += elements + "\n";
  }
  const PanelText labels = writer.labels();
  out += labels.svg;
  out += fmt::format(R"(</g><rect class="frame grid" {}/>)", frame);
  out += x_axis(panel, box, writer) + y_axis(panel, box, writer);
  if (!panel.title.empty()) {
    out += fmt::format(R"(<text class="panel-title" x="{}" y="{}">{}</text>)", pixels(box.left + box.width / 2),
                       pixels(box.top - 6), escaped(fitted(panel.title, box.width, kFontSize, FontWeight::bold)));
  }
  return {out + "</g>\n", labels.n_labels_left_out};
}

}  // namespace mogul
