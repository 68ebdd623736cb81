// Reads SVG back: a strict reader of the XML that pictures consist of, and the panels' way from pixels to data.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mogul::test {

/// An element with what stands in it; entities are the characters that they stand for.
struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< directly in it
  std::vector<Element> children;

  double number(const std::string& attribute) const;  ///< throws where it is not a number and nothing else
  bool has_class(std::string_view name) const;
};

/// The root element. Throws std::runtime_error for anything that is not well-formed XML in valid UTF-8, as far as SVG
/// without comments, prologue and CDATA needs it: a reader of XML would refuse it as well.
Element read_xml(std::string_view document);

/// All elements below, in the order of the document, for which the condition holds.
template <class Condition>
std::vector<const Element*> find_all(const Element& root, const Condition& condition) {
  std::vector<const Element*> found;
  for (const Element& child : root.children) {
    if (condition(child)) found.push_back(&child);
    for (const Element* below : find_all(child, condition)) found.push_back(below);
  }
  return found;
}
std::vector<const Element*> with_class(const Element& root, std::string_view name);
std::vector<const Element*> named(const Element& root, std::string_view name);

std::vector<std::string> texts_of(const std::vector<const Element*>& elements);

struct Position {
  double x, y;
};

/// A panel, and positions in it in the data's units.
class PanelReader {
 public:
  explicit PanelReader(const Element& panel);

  const Element& element() const { return *panel_; }
  Position data(double x_pixels, double y_pixels) const;
  double x_per_pixel() const { return (x_high_ - x_low_) / width_; }
  double y_per_pixel() const { return (y_high_ - y_low_) / height_; }
  /// The points of a path of M and L, in the data's units; V, H and Z end it.
  std::vector<Position> path(const Element& path) const;
  double left() const { return left_; }
  double top() const { return top_; }
  double width() const { return width_; }
  double height() const { return height_; }

 private:
  const Element* panel_;
  double x_low_, x_high_, y_low_, y_high_, left_, top_, width_, height_;
};
std::vector<PanelReader> panels_of(const Element& svg);

/// Throws std::runtime_error unless every number of the picture is finite, widths, heights and radii are not negative,
/// and every position is within reach of programs that draw.
void check_numbers(const Element& svg);

}  // namespace mogul::test
