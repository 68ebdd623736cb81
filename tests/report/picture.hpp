// A picture as tests read it back.
#pragma once

#include "mogul/plot.hpp"
#include "report/svg_reader.hpp"

namespace mogul::test {

/// Of a mixture, of rows or of both, with every number checked.
inline Element picture(const Mixture* mixture, const DataView* data, const PlotOptions& options) {
  Element svg = read_xml(plot_svg(mixture, data, {}, options));
  check_numbers(svg);
  return svg;
}

}  // namespace mogul::test
