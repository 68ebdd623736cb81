// The log-likelihood against iterations.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "report/figure/shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostPoints = 5000;  // in all curves: some 75 kB
constexpr std::size_t kMostDots = 100;     // in a curve whose iterations are marked
constexpr double kUnseen = 0.002;          // of the picture's height: curves so near look like one

// Every `step`-th iteration, and the last one.
Curve curve_of(const std::vector<double>& log_likelihood, bool negative, std::size_t step, const Colour& colour) {
  Curve curve{{}, colour};
  for (std::size_t i = 0; i < log_likelihood.size(); ++i) {
    if (i % step != 0 && i + 1 != log_likelihood.size()) continue;
    curve.points.push_back({static_cast<double>(i), negative ? -log_likelihood[i] : log_likelihood[i]});
  }
  return curve;
}

bool ends_lower(const LikelihoodCurve& a, const LikelihoodCurve& b) {
  if (a.log_likelihood.empty() || b.log_likelihood.empty()) return a.log_likelihood.size() < b.log_likelihood.size();
  return a.log_likelihood.back() < b.log_likelihood.back();
}

/// Curves of restarts and what tells them apart.
struct Histories {
  std::span<const LikelihoodCurve> all;
  bool negative;
  std::size_t highest;  ///< the one that ended highest
  std::size_t step;     ///< iterations from one point to the next
  Interval range;       ///< of all log-likelihoods

  std::string name(std::size_t h) const { return h == highest ? all[h].name + ", highest" : all[h].name; }
  bool look_the_same(std::size_t a, std::size_t b) const {
    return std::ranges::equal(all[a].log_likelihood, all[b].log_likelihood, [this](double x, double y) {
      return std::abs(x - y) <= kUnseen * (range.high - range.low);
    });
  }
};

void add_curve(Panel& panel, const Histories& histories, std::size_t h, const Colour& colour) {
  Curve curve = curve_of(histories.all[h].log_likelihood, histories.negative, histories.step, colour);
  Dots dots{curve.points, {colour}};
  panel.marks.emplace_back(std::move(curve));
  if (dots.points.size() <= kMostDots) panel.marks.emplace_back(std::move(dots));
}

// The highest one lies on top. A curve that others cover has no entry of its own in the legend.
void add_few(Figure& figure, const Histories& histories) {
  std::vector<std::size_t> order;
  for (std::size_t h = 0; h < histories.all.size(); ++h) {
    if (h != histories.highest) order.push_back(h);
  }
  order.push_back(histories.highest);
  for (const std::size_t h : order) add_curve(figure.panels[0], histories, h, of_component(h));
  std::vector<bool> is_covered(order.size(), false);
  std::vector<std::string> entries(order.size());
  for (; !order.empty(); order.pop_back()) {
    const std::size_t top = order.back();
    if (is_covered[top]) continue;
    std::vector<std::string> beneath;
    for (std::size_t h = 0; h < is_covered.size(); ++h) {
      if (h == top || is_covered[h] || !entries[h].empty() || !histories.look_the_same(h, top)) continue;
      is_covered[h] = true;
      beneath.push_back(histories.name(h));
    }
    entries[top] = histories.name(top);
    if (!beneath.empty()) entries[top] += fmt::format(" (covers {})", fmt::join(beneath, ", "));
  }
  for (std::size_t h = 0; h < entries.size(); ++h) {
    if (!is_covered[h]) figure.legend.push_back({entries[h], LegendEntry::Sample::line, of_component(h)});
  }
}

// Of more restarts than there are colours only the highest one stands out.
void add_many(Figure& figure, const Histories& histories) {
  for (std::size_t h = 0; h < histories.all.size(); ++h) {
    if (h == histories.highest) continue;
    Curve curve = curve_of(histories.all[h].log_likelihood, histories.negative, histories.step, muted());
    curve.stroke = Curve::Stroke::thin;
    figure.panels[0].marks.emplace_back(std::move(curve));
  }
  add_curve(figure.panels[0], histories, histories.highest, of_component(0));
  figure.legend.push_back({histories.name(histories.highest), LegendEntry::Sample::line, of_component(0)});
  figure.legend.push_back(
      {fmt::format("{} other restarts", histories.all.size() - 1), LegendEntry::Sample::thin, muted()});
}

}  // namespace

Figure history_figure(std::span<const LikelihoodCurve> histories, bool negative) {
  std::size_t longest = 0;
  std::size_t total = 0;
  Interval range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const LikelihoodCurve& history : histories) {
    longest = std::max(longest, history.log_likelihood.size());
    total += history.log_likelihood.size();
    for (const double value : history.log_likelihood) {
      range = {std::min(range.low, value), std::max(range.high, value)};
    }
  }
  const std::size_t step = 1 + total / kMostPoints;
  const auto highest = std::ranges::max_element(histories, ends_lower) - histories.begin();
  const Histories shown{histories, negative, static_cast<std::size_t>(highest), step, range};
  const Interval up = negative ? with_room(-range.high, -range.low, 0.06) : with_room(range.low, range.high, 0.06);
  const double last = std::max(1.0, static_cast<double>(longest) - 1);
  Figure figure;
  figure.panels.push_back({"",
                           {.name = "iteration", .low = -0.02 * last, .high = 1.02 * last, .whole = true},
                           {negative ? "negative log-likelihood (nats)" : "log-likelihood (nats)", up.low, up.high},
                           {}});
  if (histories.size() == 1) {
    add_curve(figure.panels[0], shown, 0, ink());
  } else if (histories.size() <= kPaletteSize) {
    add_few(figure, shown);
  } else {
    add_many(figure, shown);
  }
  if (step > 1) figure.notes.push_back(fmt::format("one iteration in {} is drawn", step));
  return figure;
}

}  // namespace mogul
