// The criteria of a selection: their words, and their values of a fit.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "mogul/error.hpp"
#include "mogul/select.hpp"

namespace mogul {
namespace {

constexpr std::array<std::string_view, 4> kWords{"bic", "icl", "aic", "aicc"};

}  // namespace

std::string_view to_string(Criterion criterion) { return kWords[static_cast<std::size_t>(criterion)]; }
std::span<const std::string_view> criterion_words() { return kWords; }

double value_of(const SelectionCell& cell, Criterion criterion) {
  if (!cell.fit) throw invalid_argument(fmt::format("no fit: {}", cell.reason));
  const FitReport& report = cell.fit->report;
  switch (criterion) {
    case Criterion::bic: return report.bic;
    case Criterion::icl: return report.icl;
    case Criterion::aic: return report.aic;
    case Criterion::aicc: break;
  }
  const auto p = static_cast<double>(report.n_parameters);
  const double left = report.sum_weights - p - 1;
  return left > 0 ? report.aic + 2 * p * (p + 1) / left : std::numeric_limits<double>::infinity();
}

}  // namespace mogul
