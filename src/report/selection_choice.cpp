// Which fits are best, by how much, and why others are missing.
#include "report/selection_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "report/search_text.hpp"
#include "report/selection_values.hpp"

namespace mogul {
namespace {

// Indices of the cells that have a value, the best first.
std::vector<std::size_t> ranked(const Selection& selection) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < selection.cells.size(); ++i) {
    if (std::isfinite(value_of(selection.cells[i], selection.criterion))) order.push_back(i);
  }
  const double sign = higher_is_better(selection.criterion) ? -1 : 1;
  std::ranges::stable_sort(order, {},
                           [&](std::size_t i) { return sign * value_of(selection.cells[i], selection.criterion); });
  return order;
}

// Of a difference of BIC, by the words of Kass, Raftery (1995); of AIC, by those of Burnham, Anderson (2002). ICL and
// stability have no such scale.
std::string how_clear(double difference, const SelectionCell& best, Criterion criterion) {
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
    case Criterion::cv:
      return difference < best.held_out->standard_error
                 ? "not clear: the next is less than one standard error below it"
                 : "fairly clear: the next is more than one standard error below it";
    case Criterion::icl:
    case Criterion::stability: break;
  }
  return "";
}

// "-3.1416 +- 0.0271", of a mean.
std::string value_text(const SelectionCell& cell, Criterion criterion, CriterionSign sign) {
  const int decimals = decimals_of(criterion);
  const std::string value = fmt::format("{:.{}f}", shown_value(cell, criterion, sign), decimals);
  const double spread = spread_of(cell, criterion);
  return spread > 0 ? fmt::format("{} +- {:.{}f}", value, spread, decimals) : value;
}

// Cells that have the same reason.
struct Unfitted {
  std::string reason;
  bool has_fit;
  std::vector<std::string> cells;
};

std::vector<Unfitted> unfitted(const Selection& selection) {
  std::vector<Unfitted> found;
  for (const SelectionCell& cell : selection.cells) {
    if (cell.reason.empty()) continue;
    auto same = std::ranges::find(found, cell.reason, &Unfitted::reason);
    if (same == found.end()) same = found.insert(found.end(), {cell.reason, cell.fit.has_value(), {}});
    same->cells.push_back(name_of(cell));
  }
  return found;
}

void add_reasons(std::vector<ChoiceLine>& lines, const Selection& selection) {
  constexpr std::size_t kMost = 6;
  for (const auto& [reason, has_fit, cells] : unfitted(selection)) {
    const std::size_t n_shown = cells.size() > kMost + 1 ? kMost : cells.size();
    const std::string shown = fmt::format("{}", fmt::join(std::span(cells).first(n_shown), ", "));
    const std::string others = n_shown < cells.size() ? fmt::format(" and {} others", cells.size() - n_shown) : "";
    lines.push_back({has_fit ? "no value" : "no fit", fmt::format("{}{}: {}", shown, others, reason)});
  }
}

// Which one has the fewest parameters of those that cannot be told from the best.
void add_one_standard_error(std::vector<ChoiceLine>& lines, const Selection& selection, std::size_t highest) {
  const std::size_t chosen = *within_one_standard_error(selection.cells);
  if (chosen == highest) return;
  const SelectionCell& cell = selection.cells[chosen];
  const bool is_chosen = selection.best == chosen;
  lines.push_back({is_chosen ? "chosen" : "simplest",
                   fmt::format("{} {}, the fewest parameters ({}) of those within one standard error of the best{}",
                               name_of(cell), value_text(cell, Criterion::cv, CriterionSign::as_here),
                               cell.fit->report.n_parameters, is_chosen ? "" : "; --one-standard-error chooses it")});
}

}  // namespace

std::vector<ChoiceLine> choice_lines(const Selection& selection, CriterionSign sign) {
  constexpr std::string_view kPlaces[] = {"best", "second", "third"};
  const std::vector<std::size_t> order = ranked(selection);
  const Criterion criterion = selection.criterion;
  std::vector<ChoiceLine> lines;
  const auto difference = [&](std::size_t i) {
    return std::abs(value_of(selection.cells[i], criterion) - value_of(selection.cells[order.front()], criterion));
  };
  for (std::size_t i = 0; i < std::min(order.size(), std::size(kPlaces)); ++i) {
    const SelectionCell& cell = selection.cells[order[i]];
    std::string text = fmt::format("{:<6} {} {}", name_of(cell), name_of(criterion), value_text(cell, criterion, sign));
    if (i > 0) {
      text += fmt::format(", {:.{}f} {}", difference(order[i]), decimals_of(criterion),
                          shows_highest(criterion, sign) ? "below" : "above");
    }
    lines.push_back({std::string(kPlaces[i]), std::move(text)});
  }
  if (order.empty()) {
    lines.push_back({"best", "none has a value"});
  } else {
    const SelectionCell& best = selection.cells[order.front()];
    if (best.fit->report.search) lines.push_back({"its starts", search_text(*best.fit->report.search)});
    std::string clear = order.size() > 1 ? how_clear(difference(order[1]), best, criterion) : "";
    if (!clear.empty()) lines.push_back({"the choice is", std::move(clear)});
    if (criterion == Criterion::cv) add_one_standard_error(lines, selection, order.front());
  }
  add_reasons(lines, selection);
  return lines;
}

}  // namespace mogul
