#include "report/parameter_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "report/write/formula.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

template <class Value>
Column of_components(std::string name, const Mixture& mixture, Value&& value) {
  std::vector<double> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) values.push_back(value(k));
  return {std::move(name), std::move(values)};
}

void add_covariances(Table& table, const Mixture& mixture, std::span<const std::string> names) {
  std::vector<Matrix> covariances;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) covariances.push_back(mixture.covariance(k));
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      table.columns.push_back(of_components(covariance_column("covariance", names, i, j), mixture,
                                            [&](std::size_t k) { return covariances[k](i, j); }));
    }
  }
}

}  // namespace

bool has_matrices(const CovarianceFamily& family) { return family.layout == Layout::matrix; }

std::string covariance_column(std::string_view what, std::span<const std::string> names, std::size_t i, std::size_t j) {
  return fmt::format("{} {}, {}", what, names[i], names[j]);
}

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
                      Spread spread, const FeaturesShown& shown) {
  const std::size_t n_shown = std::min(mixture.n_features(), shown.most);
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
  const bool many = mixture.n_features() > FeaturesShown{}.most_with_covariances;
  const bool has_covariances = variances && (has_matrices(mixture.family()) || !many);
  const bool covariances = has_covariances && mixture.n_features() <= shown.most_with_covariances;
  if (covariances) add_covariances(table, mixture, names.first(n_shown));
  if (n_shown < mixture.n_features()) {
    table.caption = fmt::format("the first {} of {} features", n_shown, mixture.n_features());
  }
  if (has_covariances && !covariances) {
    table.caption += table.caption.empty() ? "" : "; ";
    table.caption +=
        fmt::format("covariances between more than {} features are only in the JSON form", shown.most_with_covariances);
  }
  return table;
}

}  // namespace mogul
