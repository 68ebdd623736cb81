// The figure of a plot's kind, as plot_svg() writes it and pages embed it.
#pragma once

#include <span>
#include <string>

#include "mogul/plot.hpp"
#include "report/figure/figure.hpp"

namespace mogul {

Figure plot_figure(const Mixture* mixture, const DataView* data, std::span<const std::string> feature_names,
                   const PlotOptions& options);

}  // namespace mogul
