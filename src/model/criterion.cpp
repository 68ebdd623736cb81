// The criteria of a selection: their words, and their values of a fit.
#include <array>
#include <cmath>
#include <limits>

#include "mogul/select.hpp"

namespace mogul {
namespace {

constexpr std::array<std::string_view, 6> kWords{"bic", "icl", "aic", "aicc", "cv", "stability"};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::string_view to_string(Criterion criterion) { return kWords[static_cast<std::size_t>(criterion)]; }
std::span<const std::string_view> criterion_words() { return kWords; }

bool higher_is_better(Criterion criterion) { return criterion == Criterion::cv || criterion == Criterion::stability; }

double value_of(const SelectionCell& cell, Criterion criterion) {
  if (criterion == Criterion::cv) return cell.held_out ? cell.held_out->mean : kNaN;
  if (criterion == Criterion::stability) return cell.stability ? cell.stability->mean : kNaN;
  if (!cell.fit) return kNaN;
  const FitReport& report = cell.fit->report;
  if (criterion == Criterion::bic) return report.bic;
  if (criterion == Criterion::icl) return report.icl;
  if (criterion == Criterion::aic) return report.aic;
  const auto p = static_cast<double>(report.n_parameters);
  const double left = report.sum_weights - p - 1;
  return left > 0 ? report.aic + 2 * p * (p + 1) / left : std::numeric_limits<double>::infinity();
}

std::optional<std::size_t> best_cell(std::span<const SelectionCell> cells, Criterion criterion) {
  std::optional<std::size_t> best;
  const double sign = higher_is_better(criterion) ? -1 : 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double value = sign * value_of(cells[i], criterion);
    if (!cells[i].fit || !std::isfinite(value)) continue;
    if (!best || value < sign * value_of(cells[*best], criterion)) best = i;
  }
  return best;
}

std::optional<std::size_t> within_one_standard_error(std::span<const SelectionCell> cells) {
  std::optional<std::size_t> chosen = best_cell(cells, Criterion::cv);
  if (!chosen) return chosen;
  const HeldOut& highest = *cells[*chosen].held_out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const SelectionCell& cell = cells[i];
    if (!cell.fit || !cell.held_out || cell.held_out->mean < highest.mean - highest.standard_error) continue;
    if (cell.fit->report.n_parameters < cells[*chosen].fit->report.n_parameters) chosen = i;
  }
  return chosen;
}

}  // namespace mogul
