#include "report/selection_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mogul {

std::string name_of(Criterion criterion) {
  if (criterion == Criterion::aicc) return "AICc";
  if (criterion == Criterion::cv) return "held-out log-likelihood per row";
  if (criterion == Criterion::stability) return "stability";
  std::string name(to_string(criterion));
  std::ranges::transform(name, name.begin(), [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
  return name;
}

std::string name_of(const SelectionCell& cell) { return fmt::format("{} {}", cell.covariance.name, cell.n_components); }

std::vector<const CovarianceFamily*> families_of(const Selection& selection) {
  std::vector<const CovarianceFamily*> families;
  for (const SelectionCell& cell : selection.cells) {
    if (cell.n_components != selection.cells.front().n_components) break;
    families.push_back(&cell.covariance);
  }
  return families;
}

double shown_value(const SelectionCell& cell, Criterion criterion, CriterionSign sign) {
  const double value = value_of(cell, criterion);
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  return sign == CriterionSign::as_here || higher_is_better(criterion) ? value : -value;
}

bool shows_highest(Criterion criterion, CriterionSign sign) {
  return higher_is_better(criterion) || sign == CriterionSign::as_mclust;
}

double spread_of(const SelectionCell& cell, Criterion criterion) {
  if (criterion == Criterion::cv && cell.held_out) return cell.held_out->standard_error;
  if (criterion == Criterion::stability && cell.stability) return cell.stability->standard_deviation;
  return 0;
}

int decimals_of(Criterion criterion) { return higher_is_better(criterion) ? 4 : 2; }

}  // namespace mogul
