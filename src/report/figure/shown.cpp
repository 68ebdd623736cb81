#include "report/figure/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "report/figure/geometry.hpp"

namespace mogul {
namespace {

constexpr double kRoom = 0.04;           // of an axis, on either side
constexpr double kDeviations = 3.2;      // about a mean that are shown at least
constexpr double kBeyondEllipse = 1.07;  // of its radius, for the label

constexpr std::size_t kMostDrawn = 300;  // components; more could not be told apart

std::vector<std::size_t> components_of_weight(const Mixture& mixture) {
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (mixture.weights()[k] > 0) found.push_back(k);
  }
  return found;
}

// Three digits, but as many more as it takes that only one itself reads 100.
std::string in_percent(double share) {
  std::string text = fmt::format("{:.3g}", 100 * share);
  for (int digits = 4; text == "100" && share < 1 && digits <= 17; ++digits) {
    text = fmt::format("{:.{}g}", 100 * share, digits);
  }
  return text;
}

}  // namespace

Shown Shown::along(std::span<const std::size_t> chosen) const {
  Shown part = *this;
  part.axes.clear();
  part.row_ranges.clear();
  for (const std::size_t i : chosen) {
    part.axes.push_back(axes[i]);
    if (!row_ranges.empty()) part.row_ranges.push_back(row_ranges[i]);
  }
  return part;
}

Interval shown_range(const Shown& shown, const Mixture* marginal, std::size_t axis) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  if (!shown.row_ranges.empty()) {
    const Interval& values = shown.row_ranges[axis];
    const Interval covered = shown.has_bars ? bars_reach(*shown.rows, values) : values;
    low = covered.low;
    high = covered.high;
  }
  double deviations = kDeviations;
  if (!shown.masses.empty()) deviations = std::max(deviations, kBeyondEllipse * ellipse_radius(shown.masses.back()));
  for (std::size_t k = 0; marginal != nullptr && k < marginal->n_components(); ++k) {
    if (marginal->weights()[k] < kWithoutWeight) continue;
    const double reach = deviations * std::sqrt(marginal->variance(k, axis));
    low = std::min(low, marginal->means()(k, axis) - reach);
    high = std::max(high, marginal->means()(k, axis) + reach);
  }
  return with_room(low, high, kRoom);
}

double area_opacity(std::size_t n) { return std::min(0.3, 0.5 / static_cast<double>(n)); }

std::string percent(double share) { return in_percent(share) + " %"; }

std::string percents(std::span<const double> shares) {
  std::string text;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == shares.size() ? " and " : ", ";
    text += before + in_percent(shares[i]);
  }
  return text + " %";
}

std::vector<std::size_t> drawn_components(const Mixture& mixture) {
  std::vector<std::size_t> drawn = components_of_weight(mixture);
  if (drawn.size() <= kMostDrawn) return drawn;
  std::ranges::stable_sort(drawn, std::greater<>(), [&](std::size_t k) { return mixture.weights()[k]; });
  drawn.resize(kMostDrawn);
  std::ranges::sort(drawn);
  return drawn;
}

std::string left_out_note(const Mixture& mixture) {
  if (components_of_weight(mixture).size() <= kMostDrawn) return "";
  return fmt::format("of the {} components only the {} heaviest are drawn one by one", mixture.n_components(),
                     kMostDrawn);
}

std::vector<LegendEntry> component_entries(const Mixture& mixture, LegendEntry::Sample sample) {
  const std::size_t n = mixture.n_components();
  if (n > kMostNamed) return {{fmt::format("components 0 to {}", n - 1), sample, muted()}};
  std::vector<LegendEntry> entries;
  for (std::size_t k = 0; k < n; ++k) {
    entries.push_back({fmt::format("component {}, weight {:#.3g}", k, mixture.weights()[k]), sample, of_component(k)});
  }
  return entries;
}

}  // namespace mogul
