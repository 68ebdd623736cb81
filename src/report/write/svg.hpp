// Writes figures as SVG. The positions of marks are exact to a hundredth of a pixel; a panel says in its attributes
// what its edges are in the data's units, so that programs can read positions back.
#pragma once

#include <string>
#include <string_view>

#include "report/figure/figure.hpp"

namespace mogul {

/// Where a figure will be: a file of its own carries its style, title, legend and notes. A page has the style once
/// (svg_style()) and the words as text around the picture, where they wrap.
enum class SvgPlace { file, page };

/// @param figure  with at least one panel; the points of its marks are finite
/// @param id      unlike that of other figures in the same document
std::string svg_text(const Figure& figure, SvgPlace place, std::string_view id = "panel");

/// The sample of a legend's entry as a picture of its own, for a page.
std::string sample_svg(const LegendEntry& entry);

/// The rules of the classes that figures use.
std::string svg_style();

}  // namespace mogul
