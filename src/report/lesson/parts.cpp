// Parts of several sections of the lesson: tables of rows, figures side by side.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "mogul/score.hpp"
#include "report/figure/plot.hpp"
#include "report/lesson/lesson.hpp"
#include "report/page_data.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

// The scenes have weights of their own: a legend for all of them has none.
std::vector<LegendEntry> without_weights(std::vector<LegendEntry> legend) {
  for (LegendEntry& entry : legend) {
    if (entry.text.starts_with("component "))
      entry.text.erase(std::min(entry.text.find(", weight"), entry.text.size()));
  }
  return legend;
}

Figure side_by_side(const Lesson& lesson, const std::vector<Scene>& scenes) {
  Figure whole;
  whole.columns = std::min<std::size_t>(scenes.size(), 2);
  const DataView& data = lesson.data;
  for (const Scene& scene : scenes) {
    PlotOptions options;
    options.n_threads = lesson.n_threads;
    options.most_features = 2;
    Figure figure = plot_figure(scene.mixture, &data, lesson.names, options);
    figure.panels.front().title = scene.title;
    whole.panels.push_back(std::move(figure.panels.front()));
    whole.legend = without_weights(std::move(figure.legend));
    whole.notes = std::move(figure.notes);
  }
  const auto widen = [&whole](Axis Panel::*axis) {
    Axis all = whole.panels.front().*axis;
    for (const Panel& panel : whole.panels) {
      all.low = std::min(all.low, (panel.*axis).low);
      all.high = std::max(all.high, (panel.*axis).high);
    }
    for (Panel& panel : whole.panels) {
      (panel.*axis).low = all.low;
      (panel.*axis).high = all.high;
    }
  };
  widen(&Panel::x);
  widen(&Panel::y);
  return whole;
}

}  // namespace

Table rows_table(const Lesson& lesson, std::string name, std::string label) {
  const DataView& data = lesson.data;
  std::vector<double> numbers;
  for (std::size_t i = 0; i < data.rows(); ++i) numbers.push_back(row_number(i, lesson.dropped_rows));
  Table table{std::move(name), "", {{"row", std::move(numbers), 15}}, std::move(label)};
  for (std::size_t d = 0; d < data.cols(); ++d) {
    std::vector<double> values;
    for (std::size_t i = 0; i < data.rows(); ++i) values.push_back(data.value(i, d));
    table.columns.push_back({.name = lesson.names[d], .values = std::move(values), .unit = lesson.unit(d)});
  }
  if (data.weighted()) {
    table.columns.push_back({.name = "w_n",
                             .values = std::vector<double>(data.weights().begin(), data.weights().end()),
                             .heading = "$w_n$"});
  }
  return table;
}

void add_columns(Table& table, const Matrix& values, const std::string& prefix) {
  for (std::size_t k = 0; k < values.cols(); ++k) {
    std::vector<double> column;
    for (std::size_t i = 0; i < values.rows(); ++i) column.push_back(values(i, k));
    const std::string name = fmt::format("{}_{}", prefix, k);
    table.columns.push_back({.name = name, .values = std::move(column), .heading = fmt::format("${}$", name)});
  }
}

Table responsibility_table(const Lesson& lesson, const Mixture& mixture) {
  Table table = rows_table(lesson, "responsibilities", "The responsibilities for each row");
  const Matrix r = responsibilities(mixture, lesson.data, lesson.n_threads);
  add_columns(table, r, "r");
  std::vector<double> sums;
  for (std::size_t i = 0; i < r.rows(); ++i) sums.push_back(std::accumulate(r.row(i).begin(), r.row(i).end(), 0.0));
  table.columns.push_back({"sum", std::move(sums), 12});
  return table;
}

void add_scenes(Document& document, const Lesson& lesson, const std::vector<Scene>& scenes) {
  if (lesson.pictures) document.blocks.emplace_back(Figures{{side_by_side(lesson, scenes)}});
}

void add_parameters(Document& document, const Lesson& lesson, const Mixture& mixture,
                    const std::vector<double>& sizes) {
  document.blocks.emplace_back(parameter_table(mixture, sizes, lesson.names, Spread::variance,
                                               lesson.for_programs ? kEveryFeature : FeaturesShown{}));
}

void add_likelihood(Document& document, double log_likelihood) {
  document.blocks.emplace_back(Quantity{"log_likelihood", "log-likelihood $L$", log_likelihood});
  document.blocks.emplace_back(Quantity{"negative_log_likelihood", "negative log-likelihood", -log_likelihood});
}

}  // namespace mogul
