#include "report/parameter_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "report/write/formula.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostWithCovariances = 4;  // features; more would have more than six covariances

template <class Value>
Column of_components(std::string name, const Mixture& mixture, Value&& value) {
  std::vector<double> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) values.push_back(value(k));
  return {std::move(name), std::move(values)};
}

}  // namespace

std::string feature_column(std::string_view what, std::span<const std::string> names, std::size_t d) {
  return names.size() == 1 ? std::string(what) : fmt::format("{} {}", what, names[d]);
}

std::string feature_heading(std::string_view what, std::span<const std::string> names, std::size_t d) {
  constexpr std::size_t kMostOfName = 50;  // characters
  return names.size() == 1 ? std::string(what)
                           : fmt::format("{} {}", what, as_prose(shortened_to(names[d], kMostOfName)));
}

Column numbered(std::string name, std::size_t n, std::size_t first) {
  std::vector<double> values(n);
  std::iota(values.begin(), values.end(), static_cast<double>(first));
  return {std::move(name), std::move(values), 15};
}

Table parameter_table(const Mixture& mixture, std::span<const double> sizes, std::span<const std::string> names,
                      Spread spread, std::size_t most) {
  const std::size_t n_shown = std::min(mixture.n_features(), most);
  const bool variances = spread == Spread::variance;
  Table table{"parameters", "", {numbered("component", mixture.n_components()), {"weight", mixture.weights()}}};
  table.label = "The parameters of the components";
  if (!sizes.empty()) {
    table.columns.push_back(
        {.name = "N_k", .values = std::vector<double>(sizes.begin(), sizes.end()), .heading = "$N_k$"});
  }
  for (std::size_t d = 0; d < n_shown; ++d) {
    Column means =
        of_components(feature_column("mean", names, d), mixture, [&](std::size_t k) { return mixture.means()(k, d); });
    means.unit = largest_standard_deviation(mixture, d);
    table.columns.push_back(std::move(means));
  }
  for (std::size_t d = 0; d < n_shown; ++d) {
    table.columns.push_back(
        of_components(feature_column(variances ? "variance" : "sd", names, d), mixture, [&](std::size_t k) {
          const double variance = mixture.variance(k, d);
          return variances ? variance : std::sqrt(variance);
        }));
  }
  const bool covariances = variances && mixture.n_features() >= 2 && mixture.n_features() <= kMostWithCovariances;
  for (std::size_t i = 0; covariances && i < n_shown; ++i) {
    for (std::size_t j = i + 1; j < n_shown; ++j) {
      table.columns.push_back(of_components(fmt::format("covariance {}, {}", names[i], names[j]), mixture,
                                            [&](std::size_t k) { return mixture.covariance(k)(i, j); }));
    }
  }
  if (n_shown < mixture.n_features()) {
    table.caption = fmt::format("the first {} of {} features", n_shown, mixture.n_features());
  }
  return table;
}

}  // namespace mogul
