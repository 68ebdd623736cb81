// Standard errors by the jackknife against those of mclust 6.1.3 (MclustBootstrap, type "jk"). mclust's fits end where
// L changes by less than 1e-5 of itself, after few steps from the fit of all rows, so that they are not at their
// maxima: where components overlap, its errors are too small. With that rule the numbers are its own; without it, those
// of well separated components are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "mogul/score.hpp"
#include "mogul/standard_errors.hpp"
#include "published/mclust_cells.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Dataset;
using mogul::FitOptions;
using mogul::Matrix;
using mogul::Mixture;

nlohmann::json records() {
  std::ifstream file(MOGUL_TEST_DATA "/mclust_jackknife_se.json");
  return nlohmann::json::parse(file);
}

class Jackknife : public testing::TestWithParam<std::size_t> {
 protected:
  nlohmann::json record_ = records()[GetParam()];
  std::string name_ = record_["dataset"];
  const CovarianceFamily& family_ = mogul::covariance_family_from(record_["model"].get<std::string>());
  Dataset data_ = mclust::rows_of(name_);
  FitOptions options_ = mclust::from_partition(name_, family_, record_["G"]);

  // Calls check(the jackknife's value by mclust, where it stands: component, and features i and j). A mean has no j, a
  // weight neither. Components are in the same order, as both begin with the same partition.
  void for_each_error(const std::function<void(double expected, std::size_t k, int i, int j)>& check) const {
    const nlohmann::json& errors = record_["jackknife_se"];
    const std::size_t n_features = data_.cols();
    for (std::size_t k = 0; k < options_.n_components; ++k) {
      check(errors["pro"][k], k, -1, -1);
      for (std::size_t i = 0; i < n_features; ++i) {
        check(errors["mean"][i][k], k, static_cast<int>(i), -1);
        for (std::size_t j = 0; j < n_features; ++j) {
          check(errors["variance"][i][j][k], k, static_cast<int>(i), static_cast<int>(j));
        }
      }
    }
  }
};

double value_of(const Mixture& mixture, std::size_t k, int i, int j) {
  if (i < 0) return mixture.weights()[k];
  if (j < 0) return mixture.means()(k, static_cast<std::size_t>(i));
  return mixture.covariance(k)(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
}

Mixture fit_to_default_stop(const Dataset& data, FitOptions options) {
  options.tol = 0;
  double previous = INFINITY;
  options.callback = [&](const mogul::Iteration& iteration) {
    const double current = iteration.stats.log_likelihood;
    const bool stops = std::abs(current - previous) / (1 + std::abs(current)) < 1e-5;
    previous = current;
    return !stops;
  };
  return fit(data, options).mixture;
}

Matrix without_row(mogul::MatrixView<const double> rows, std::size_t left_out) {
  Matrix rest(rows.rows() - 1, rows.cols());
  for (std::size_t n = 0; n < rest.rows(); ++n) {
    std::ranges::copy(rows.row(n < left_out ? n : n + 1), rest.row(n).begin());
  }
  return rest;
}

// The formula, of fits of all rows but one each.
double error_of(const std::vector<Mixture>& replicates, std::size_t k, int i, int j) {
  const auto n = static_cast<double>(replicates.size());
  double mean = 0;
  for (const Mixture& replicate : replicates) mean += value_of(replicate, k, i, j) / n;
  double squares = 0;
  for (const Mixture& replicate : replicates) squares += std::pow(value_of(replicate, k, i, j) - mean, 2);
  return std::sqrt((n - 1) / n * squares);
}

TEST_P(Jackknife, EndedAsMclustDoesGivesItsErrors) {
  const Mixture whole = fit_to_default_stop(data_, options_);
  EXPECT_NEAR(log_likelihood(whole, data_), record_["loglik"], 1e-7 * std::abs(record_["loglik"].get<double>()));
  const Matrix r = responsibilities(whole, data_);
  std::vector<Mixture> replicates;
  for (std::size_t n = 0; n < data_.rows(); ++n) {
    options_.init = mogul::Responsibilities{without_row(r.view(), n)};
    const Dataset rest(without_row(std::get<Matrix>(data_.values()).view(), n));
    replicates.push_back(fit_to_default_stop(rest, options_));
  }
  for_each_error([&](double expected, std::size_t k, int i, int j) {
    EXPECT_NEAR(error_of(replicates, k, i, j), expected, 1e-5 * expected) << name_ << ": " << k << i << j;
  });
}

TEST_P(Jackknife, IsThatOfFitsToTheEndAndOfMclustWhereComponentsAreApart) {
  const Mixture mixture = mclust::fit_to_the_end(data_, options_).mixture;
  const mogul::StandardErrors errors =
      standard_errors(mixture, data_, {.method = mogul::StandardErrorMethod::jackknife, .fit = options_});
  EXPECT_EQ(errors.n_replicates, data_.rows());
  EXPECT_EQ(errors.n_failed, 0U);
  options_.init = mixture;
  std::vector<Mixture> replicates;
  for (std::size_t n = 0; n < data_.rows(); ++n) {
    const Dataset rest(without_row(std::get<Matrix>(data_.values()).view(), n));
    replicates.push_back(mclust::fit_to_the_end(rest, options_).mixture);
  }
  for_each_error([&](double by_mclust, std::size_t k, int i, int j) {
    const std::size_t d = mixture.n_features();
    const std::size_t stored = family_.shared ? 0 : k;
    const auto a = static_cast<std::size_t>(std::max(i, 0));
    const auto b = static_cast<std::size_t>(std::max(j, 0));
    const double found = i < 0   ? errors.standard_error.weights[k]
                         : j < 0 ? errors.standard_error.means(k, a)
                                 : errors.standard_error.covariances[d == 1 ? stored : (stored * d + a) * d + b];
    const double expected = error_of(replicates, k, i, j);
    EXPECT_NEAR(found, expected, 1e-4 * expected) << name_ << ": " << k << i << j;
    const double tolerance = name_ == "iris" ? 1e-3 : std::numeric_limits<double>::infinity();
    EXPECT_NEAR(found, by_mclust, tolerance * by_mclust) << k << i << j;
  });
}

INSTANTIATE_TEST_SUITE_P(Published, Jackknife, testing::Range(std::size_t{0}, records().size()));

}  // namespace
