// What is told of a selection: its tables, and the best cells in words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "mogul/select.hpp"
#include "report/search_text.hpp"

namespace mogul {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double shown(const SelectionCell& cell, Criterion criterion, CriterionSign sign) {
  const double value = cell.fit ? value_of(cell, criterion) : kNaN;
  if (!std::isfinite(value)) return kNaN;
  return sign == CriterionSign::as_here ? value : -value;
}

// "BIC", "AICc".
std::string name_of(Criterion criterion) {
  if (criterion == Criterion::aicc) return "AICc";
  std::string name(to_string(criterion));
  std::ranges::transform(name, name.begin(), [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
  return name;
}

std::string name_of(const SelectionCell& cell) { return fmt::format("{} {}", cell.covariance.name, cell.n_components); }

// Indices of the cells that have a value, the best first.
std::vector<std::size_t> ranked(const Selection& selection) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < selection.cells.size(); ++i) {
    if (std::isfinite(shown(selection.cells[i], selection.criterion, CriterionSign::as_here))) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return value_of(selection.cells[i], selection.criterion); });
  return order;
}

// Of a difference of BIC, by the words of Kass, Raftery (1995); of AIC, by those of Burnham, Anderson (2002). ICL has
// no such scale.
std::string how_clear(double difference, Criterion criterion) {
  switch (criterion) {
    case Criterion::bic:
      return difference < 2    ? "not clear: a difference of BIC below 2 is not worth more than a bare mention"
             : difference < 6  ? "positive evidence: a difference of BIC from 2 to 6"
             : difference < 10 ? "strong evidence: a difference of BIC from 6 to 10"
                               : "very strong evidence: a difference of BIC of 10 or more";
    case Criterion::aic:
    case Criterion::aicc:
      return difference < 2    ? "not clear: a model within 2 of the least AIC has substantial support as well"
             : difference < 10 ? "fairly clear: the next model has considerably less support"
                               : "clear: a model 10 or more above the least AIC has next to no support";
    case Criterion::icl: break;
  }
  return "";
}

// Cells that have the same reason.
struct Unfitted {
  std::string reason;
  std::vector<std::string> cells;
};

std::vector<Unfitted> unfitted(const Selection& selection) {
  std::vector<Unfitted> found;
  for (const SelectionCell& cell : selection.cells) {
    if (cell.fit) continue;
    auto same = std::ranges::find(found, cell.reason, &Unfitted::reason);
    if (same == found.end()) same = found.insert(found.end(), {cell.reason, {}});
    same->cells.push_back(name_of(cell));
  }
  return found;
}

std::string reasons(const Selection& selection) {
  constexpr std::size_t kMost = 6;
  std::string text;
  for (const auto& [reason, cells] : unfitted(selection)) {
    const std::size_t n_shown = cells.size() > kMost + 1 ? kMost : cells.size();
    const std::string shown = fmt::format("{}", fmt::join(std::span(cells).first(n_shown), ", "));
    const std::string others = n_shown < cells.size() ? fmt::format(" and {} others", cells.size() - n_shown) : "";
    text += fmt::format("{:<15} {}{}: {}\n", "no fit", shown, others, reason);
  }
  return text;
}

std::string best_cells(const Selection& selection, CriterionSign sign) {
  constexpr std::size_t kMost = 3;
  const std::vector<std::size_t> order = ranked(selection);
  if (order.empty()) return "best            none could be fitted\n";
  std::string text;
  const double least = value_of(selection.cells[order.front()], selection.criterion);
  for (std::size_t i = 0; i < std::min(order.size(), kMost); ++i) {
    const SelectionCell& cell = selection.cells[order[i]];
    const double above = value_of(cell, selection.criterion) - least;
    text += fmt::format(
        "{:<15} {:<6} {} {:.2f}{}\n", i == 0 ? "best" : "", name_of(cell), name_of(selection.criterion),
        shown(cell, selection.criterion, sign),
        i == 0 ? "" : fmt::format(", {:.2f} {}", above, sign == CriterionSign::as_here ? "above" : "below"));
  }
  const FitReport& best = selection.cells[order.front()].fit->report;
  if (best.search) text += fmt::format("{:<15} {}\n", "its starts", search_text(*best.search));
  const double next = order.size() > 1 ? value_of(selection.cells[order[1]], selection.criterion) - least : 0;
  const std::string clear = order.size() > 1 ? how_clear(next, selection.criterion) : "";
  if (!clear.empty()) text += fmt::format("{:<15} {}\n", "the choice is", clear);
  return text;
}

std::vector<const CovarianceFamily*> families_of(const Selection& selection) {
  std::vector<const CovarianceFamily*> families;
  for (const SelectionCell& cell : selection.cells) {
    if (cell.n_components != selection.cells.front().n_components) break;
    families.push_back(&cell.covariance);
  }
  return families;
}

// To hundredths, more than which no choice depends on.
double rounded(double value) { return std::round(100 * value) / 100; }

}  // namespace

Table criterion_table(const Selection& selection, CriterionSign sign) {
  const auto families = families_of(selection);
  Table table{std::string(to_string(selection.criterion)), "", {}};
  std::vector<double> k;
  for (std::size_t i = 0; i < selection.cells.size(); i += families.size()) {
    k.push_back(static_cast<double>(selection.cells[i].n_components));
  }
  table.columns.push_back({"K", std::move(k)});
  for (std::size_t family = 0; family < families.size(); ++family) {
    std::vector<double> values;
    for (std::size_t i = family; i < selection.cells.size(); i += families.size()) {
      values.push_back(rounded(shown(selection.cells[i], selection.criterion, sign)));
    }
    Column column{std::string(families[family]->name), std::move(values)};
    column.digits = 12;
    table.columns.push_back(std::move(column));
  }
  return table;
}

Table cell_table(const Selection& selection, CriterionSign sign) {
  Table table{"cells", "", {}};
  const auto numbers = [&](std::string_view name, auto&& value) {
    std::vector<double> values;
    for (const SelectionCell& cell : selection.cells) values.push_back(value(cell));
    table.columns.push_back({std::string(name), std::move(values)});
  };
  const auto of_fit = [](auto FitReport::*field) {
    return
        [field](const SelectionCell& cell) { return cell.fit ? static_cast<double>(cell.fit->report.*field) : kNaN; };
  };
  const auto texts = [&](const char* name, auto&& value) {
    std::vector<std::string> values;
    for (const SelectionCell& cell : selection.cells) values.push_back(std::string(value(cell)));
    table.columns.push_back({name, std::move(values)});
  };
  numbers("n_components", [](const SelectionCell& cell) { return static_cast<double>(cell.n_components); });
  texts("covariance", [](const SelectionCell& cell) { return cell.covariance.name; });
  numbers("log_likelihood", of_fit(&FitReport::log_likelihood));
  numbers("n_parameters", of_fit(&FitReport::n_parameters));
  for (const Criterion criterion : {Criterion::bic, Criterion::icl, Criterion::aic, Criterion::aicc}) {
    numbers(to_string(criterion), [&](const SelectionCell& cell) { return shown(cell, criterion, sign); });
  }
  numbers("passes", of_fit(&FitReport::passes));
  texts("reason", [](const SelectionCell& cell) { return cell.reason; });
  return table;
}

std::string summary(const Selection& selection, CriterionSign sign) {
  std::string text = fmt::format("{}, {} is better\n", name_of(selection.criterion),
                                 sign == CriterionSign::as_here ? "lower" : "higher");
  text += text_of(criterion_table(selection, sign), std::numeric_limits<std::size_t>::max());
  text += "\n" + best_cells(selection, sign) + reasons(selection);
  return text;
}

}  // namespace mogul
