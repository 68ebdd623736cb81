// The log-likelihood against iterations.
#include <algorithm>
#include <cmath>
#include <limits>

#include "report/shown.hpp"

namespace mogul {

Figure history_figure(std::span<const LikelihoodCurve> histories, bool negative) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  std::size_t longest = 0;
  Figure figure;
  Panel panel;
  for (std::size_t h = 0; h < histories.size(); ++h) {
    const std::vector<double>& values = histories[h].log_likelihood;
    Curve curve{{}, histories.size() == 1 ? ink() : of_component(h)};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = negative ? -values[i] : values[i];
      curve.points.push_back({static_cast<double>(i), value});
      low = std::min(low, value);
      high = std::max(high, value);
    }
    longest = std::max(longest, values.size());
    Dots dots{curve.points, {curve.colour}};
    panel.marks.emplace_back(std::move(curve));
    if (values.size() <= 100) panel.marks.emplace_back(std::move(dots));
    if (histories.size() > 1) figure.legend.push_back({histories[h].name, LegendEntry::Sample::line, of_component(h)});
  }
  const Interval up = with_room(low, high, 0.06);
  const double last = std::max(1.0, static_cast<double>(longest) - 1);
  panel.x = {.name = "iteration", .low = -0.02 * last, .high = 1.02 * last, .whole = true};
  panel.y = {negative ? "negative log-likelihood (nats)" : "log-likelihood (nats)", up.low, up.high};
  figure.panels.push_back(std::move(panel));
  return figure;
}

}  // namespace mogul
