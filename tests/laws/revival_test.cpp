// Few different values, often repeated, and components that own no row: revived ones must part, a row of weight n is n
// equal rows, no component haunts the model, and no model is returned that is worse than one before it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;

// Values on a small grid and how often each occurs.
struct Discrete {
  Matrix values;
  std::vector<double> counts;

  Discrete(std::uint64_t seed, std::size_t n_values, std::size_t d) : values(n_values, d), counts(n_values) {
    oracle::Dice dice(seed);
    std::map<std::vector<double>, bool> seen;
    for (std::size_t i = 0; i < n_values; ++i) {
      std::vector<double> row(d);
      do {
        for (double& value : row) value = static_cast<double>(dice.index(20)) - 6;
      } while (!seen.try_emplace(row, true).second);
      std::ranges::copy(row, values.row(i).begin());
      counts[i] = static_cast<double>(1 + dice.index(150));
    }
  }

  // Each value as often as it occurs, in random order.
  Matrix repeated(std::uint64_t seed) const {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < counts.size(); ++i) rows.insert(rows.end(), static_cast<std::size_t>(counts[i]), i);
    oracle::Dice dice(seed);
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[dice.index(i)]);
    Matrix x(rows.size(), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(values.row(rows[i]), x.row(i).begin());
    return x;
  }

  // Two rows of half the weight for each value.
  Matrix halves() const {
    Matrix x(2 * values.rows(), values.cols());
    for (std::size_t i = 0; i < x.rows(); ++i) std::ranges::copy(values.row(i / 2), x.row(i).begin());
    return x;
  }
  std::vector<double> half_counts() const {
    std::vector<double> halves(2 * counts.size());
    for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = counts[i / 2] / 2;
    return halves;
  }
};

// One component among the rows; the others so far away that no row belongs to them: all are revived at once.
FitOptions with_empty_components(CovarianceFamily structure, std::size_t k, std::size_t d) {
  Matrix means(k, d);
  for (std::size_t i = 1; i < k; ++i) {
    for (double& mean : means.row(i)) mean = 1e9;
  }
  std::vector<double> covariances(covariance_size(structure, k, d), 16);
  if (structure == mogul::families::full) {
    for (std::size_t i = 0; i < covariances.size(); ++i) covariances[i] = (i % (d * d)) % (d + 1) == 0 ? 16 : 0;
  }
  FitOptions options;
  options.n_components = k;
  options.covariance = structure;
  options.init = Mixture(structure, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means),
                         std::move(covariances));
  options.reg_covar = 1e-6;
  return options;
}

const std::vector<CovarianceFamily> kOwnCovariances{mogul::families::full, mogul::families::diagonal,
                                                    mogul::families::spherical};

RC_GTEST_PROP(Revival, AWeightIsThatManyEqualRowsInAnyOrder, (std::uint64_t seed)) {
  const auto d = *rc::gen::inRange<std::size_t>(1, 3);
  const auto k = *rc::gen::inRange<std::size_t>(2, 7);
  const auto n_values = *rc::gen::inRange<std::size_t>(2, 9);
  const Discrete data(seed, n_values, d);
  FitOptions options = with_empty_components(*rc::gen::elementOf(kOwnCovariances), k, d);
  options.max_iter = 40;
  options.tol = 0;
  RC_PRE(k <= data.counts.size() * 2);
  const Matrix halves = data.halves();
  const std::vector<double> half_counts = data.half_counts();
  const FitResult weighted = fit(DataView(halves, half_counts), options);
  for (const std::uint64_t order : {1, 2}) {
    const FitResult repeated = fit(data.repeated(order), options);
    RC_ASSERT(std::abs(weighted.report.mean_log_likelihood - repeated.report.mean_log_likelihood) < 1e-6);
  }
}

RC_GTEST_PROP(Revival, TheStepsPartTheRevivedComponents, (std::uint64_t seed)) {
  const auto k = *rc::gen::inRange<std::size_t>(3, 7);
  const Discrete data(seed, k + *rc::gen::inRange<std::size_t>(0, 3), 2);
  FitOptions options = with_empty_components(*rc::gen::elementOf(kOwnCovariances), k, 2);
  options.max_iter = 1;
  const Matrix rows = data.repeated(3);
  const Mixture placed =
      fit(rows, options).report.history.size() == 2 ? fit(rows, options).mixture : std::get<Mixture>(options.init);
  for (std::size_t i = 1; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j) {
      RC_ASSERT(!std::ranges::equal(placed.means().row(i), placed.means().row(j)));
    }
  }
}

RC_GTEST_PROP(Revival, NoModelIsReturnedThatIsWorseThanOneBeforeIt, (std::uint64_t seed)) {
  const auto k = *rc::gen::inRange<std::size_t>(2, 7);
  const Discrete data(seed, *rc::gen::inRange<std::size_t>(2, 9), 1);
  const Matrix rows = data.repeated(4);
  FitOptions options;
  options.n_components = std::min(k, rows.rows());
  options.reg_covar = 1e-6;
  options.tol = 0;
  options.max_iter = *rc::gen::inRange<std::size_t>(1, 30);
  const FitResult result = fit(rows, options);
  const double most = *std::ranges::max_element(result.report.history);
  RC_ASSERT(most - result.report.log_likelihood <= 1e-9 * std::abs(most));
  RC_ASSERT(result.report.history.back() == result.report.log_likelihood);
  RC_ASSERT(std::abs(log_likelihood(result.mixture, rows) - result.report.log_likelihood) <= 1e-9 * std::abs(most));
}

// As many components as there are different rows find one each: the best there is. Those beyond have no weight at all,
// rather than one of 1e-14 and a variance that wins far away.
TEST(Ghosts, ComponentsBeyondTheDifferentRowsHaveNoWeight) {
  for (const std::size_t n_values : {2, 3, 5}) {
    for (const std::size_t k : {5, 6, 8}) {
      Matrix x(40 * n_values, 2);
      for (std::size_t i = 0; i < x.rows(); ++i) {
        x(i, 0) = 3 * static_cast<double>(i % n_values);
        x(i, 1) = static_cast<double>((i % n_values) * (i % n_values));
      }
      FitOptions options;
      options.n_components = k;
      options.reg_covar = 1e-6;
      const FitResult result = fit(x, options);
      EXPECT_TRUE(result.report.termination.converged());
      for (const double weight : result.mixture.weights()) {
        if (weight > 0) {
          EXPECT_NEAR(weight, 1.0 / static_cast<double>(n_values), 1e-9);
        }
      }
      const double best = -std::log(static_cast<double>(n_values)) - std::log(2 * std::acos(-1.0) * 1e-6);
      EXPECT_NEAR(result.report.mean_log_likelihood, best, 1e-6) << n_values << " values, K = " << k;
    }
  }
}

// Component 2 starts beside a component that explains its rows better: it dies out, slowly. EM does not end before.
TEST(Ghosts, ConvergenceIsNotClaimedWhileAComponentDies) {
  oracle::Dice dice(5);
  Matrix x(2000, 1);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 0) = (i % 2 == 0 ? -20 : 20) + dice.normal();
  FitOptions options;
  options.n_components = 3;
  options.covariance = mogul::families::tied_spherical;
  options.init = Mixture(mogul::families::tied_spherical, {0.5, 0.5 - 1e-5, 1e-5}, Matrix(3, 1, {-20, 20, 60}), {1});
  options.tol = 1e-3;
  const FitResult result = fit(x, options);
  EXPECT_TRUE(result.report.termination.converged());
  for (std::size_t k = 0; k < 3; ++k) {
    const double weight = result.mixture.weights()[k];
    EXPECT_TRUE(weight == 0 || weight > 1e-8) << weight;
  }
}

}  // namespace
