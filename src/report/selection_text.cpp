// What is told of a selection: its tables.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "mogul/select.hpp"
#include "report/selection_choice.hpp"
#include "report/selection_values.hpp"

namespace mogul {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double rounded(double value, Criterion criterion) {
  const double unit = std::pow(10, decimals_of(criterion));
  return std::round(unit * value) / unit;
}

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
      values.push_back(rounded(shown_value(selection.cells[i], selection.criterion, sign), selection.criterion));
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
    numbers(to_string(criterion), [&](const SelectionCell& cell) { return shown_value(cell, criterion, sign); });
  }
  if (selection.criterion == Criterion::cv) {
    numbers("cv", [](const SelectionCell& cell) { return cell.held_out ? cell.held_out->mean : kNaN; });
    numbers("cv_standard_error",
            [](const SelectionCell& cell) { return cell.held_out ? cell.held_out->standard_error : kNaN; });
    numbers("n_folds", [](const SelectionCell& cell) {
      return cell.held_out ? static_cast<double>(cell.held_out->n_folds) : kNaN;
    });
  }
  if (selection.criterion == Criterion::stability) {
    numbers("stability", [](const SelectionCell& cell) { return cell.stability ? cell.stability->mean : kNaN; });
    numbers("stability_standard_deviation",
            [](const SelectionCell& cell) { return cell.stability ? cell.stability->standard_deviation : kNaN; });
  }
  numbers("passes", of_fit(&FitReport::passes));
  texts("reason", [](const SelectionCell& cell) { return cell.reason; });
  return table;
}

std::string summary(const Selection& selection, CriterionSign sign) {
  std::string text = fmt::format("{}, {} is better\n", name_of(selection.criterion),
                                 shows_highest(selection.criterion, sign) ? "higher" : "lower");
  text += text_of(criterion_table(selection, sign), std::numeric_limits<std::size_t>::max());
  text += "\n";
  for (const ChoiceLine& line : choice_lines(selection, sign)) text += fmt::format("{:<15} {}\n", line.name, line.text);
  return text;
}

}  // namespace mogul
