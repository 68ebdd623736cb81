// The log-likelihood against iterations.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "report/figure/shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostPoints = 5000;  // in all curves: some 75 kB
constexpr std::size_t kMostDots = 100;     // in a curve whose iterations are marked

// Every `step`-th iteration, and the last one.
Curve curve_of(const std::vector<double>& log_likelihood, bool negative, std::size_t step, const Colour& colour) {
  Curve curve{{}, colour};
  for (std::size_t i = 0; i < log_likelihood.size(); ++i) {
    if (i % step != 0 && i + 1 != log_likelihood.size()) continue;
    curve.points.push_back({static_cast<double>(i), negative ? -log_likelihood[i] : log_likelihood[i]});
  }
  return curve;
}

}  // namespace

Figure history_figure(std::span<const LikelihoodCurve> histories, bool negative) {
  std::size_t longest = 0;
  std::size_t total = 0;
  for (const LikelihoodCurve& history : histories) {
    longest = std::max(longest, history.log_likelihood.size());
    total += history.log_likelihood.size();
  }
  const std::size_t step = 1 + total / kMostPoints;
  const bool named =
      histories.size() > 1 && histories.size() <= kPaletteSize;  // of more the colours would tell none apart
  Figure figure;
  Panel panel;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (std::size_t h = 0; h < histories.size(); ++h) {
    const Colour colour = histories.size() == 1 ? ink() : of_component(h);
    Curve curve = curve_of(histories[h].log_likelihood, negative, step, colour);
    for (const Point& point : curve.points) {
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
    Dots dots{curve.points, {colour}};
    panel.marks.emplace_back(std::move(curve));
    if (dots.points.size() <= kMostDots) panel.marks.emplace_back(std::move(dots));
    if (named) figure.legend.push_back({histories[h].name, LegendEntry::Sample::line, colour});
  }
  const Interval up = with_room(low, high, 0.06);
  const double last = std::max(1.0, static_cast<double>(longest) - 1);
  panel.x = {.name = "iteration", .low = -0.02 * last, .high = 1.02 * last, .whole = true};
  panel.y = {negative ? "negative log-likelihood (nats)" : "log-likelihood (nats)", up.low, up.high};
  figure.panels.push_back(std::move(panel));
  if (histories.size() > kPaletteSize) figure.notes.push_back(fmt::format("{} restarts", histories.size()));
  if (step > 1) figure.notes.push_back(fmt::format("one iteration in {} is drawn", step));
  return figure;
}

}  // namespace mogul
