// What a fit says of itself: parameters that were estimated, components that live off reg_covar, warnings.
#include "em/fill_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using namespace families;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Matrix normal_rows(std::size_t n, std::size_t d, std::uint64_t seed) {
  oracle::Dice dice(seed);
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = dice.normal();
  }
  return x;
}

// --- Parameters

TEST(EstimatedParameters, AreThoseThatAreNotHeld) {
  const Matrix x = normal_rows(60, 2, 1);
  const Mixture start = fit(x, {.n_components = 2, .max_iter = 2}).mixture;  // 1 weight, 4 means, 6 covariances
  const auto count = [&](const Hold& hold) {
    const FitReport report = fit(x, {.n_components = 2, .init = start, .max_iter = 2, .hold = hold}).report;
    const double n = static_cast<double>(report.n_parameters);
    EXPECT_DOUBLE_EQ(report.aic, -2 * report.log_likelihood + 2 * n);
    EXPECT_DOUBLE_EQ(report.bic, -2 * report.log_likelihood + n * std::log(60));
    return report.n_parameters;
  };
  EXPECT_EQ(count({}), 11U);
  EXPECT_EQ(count({.weights = true}), 10U);
  EXPECT_EQ(count({.means = true}), 7U);
  EXPECT_EQ(count({.covariances = true}), 5U);
  EXPECT_EQ(count({true, true, true}), 0U);
  EXPECT_EQ(start.n_parameters(), 11U) << "the model has as many as ever";
}

// Each kind of parameter counts by itself, whatever the structure.
TEST(EstimatedParameters, AddUp) {
  for (const test::PlainFamily& structure : test::plain_families()) {
    for (const std::size_t n_components : {1U, 2U, 5U}) {
      for (const std::size_t n_features : {1U, 3U}) {
        const Matrix x = normal_rows(40, n_features, n_components);
        const Mixture mixture =
            fit(x, {.n_components = n_components, .covariance = structure.family, .max_iter = 0}).mixture;
        const std::size_t weights = n_estimated_parameters(mixture, {.means = true, .covariances = true});
        const std::size_t means = n_estimated_parameters(mixture, {.weights = true, .covariances = true});
        const std::size_t covariances = n_estimated_parameters(mixture, {.weights = true, .means = true});
        EXPECT_EQ(weights, n_components - 1);
        EXPECT_EQ(means, n_components * n_features);
        EXPECT_EQ(weights + means + covariances, mixture.n_parameters()) << structure.name;
        for (unsigned set = 0; set < 8; ++set) {
          const Hold hold{(set & 1U) != 0, (set & 2U) != 0, (set & 4U) != 0};
          EXPECT_EQ(n_estimated_parameters(mixture, hold),
                    (hold.weights ? 0 : weights) + (hold.means ? 0 : means) + (hold.covariances ? 0 : covariances));
        }
      }
    }
  }
}

TEST(EstimatedParameters, AreCountedAlikeWhenTheModelIsEvaluated) {
  const Matrix x = normal_rows(60, 2, 2);
  const Mixture start = fit(x, {.n_components = 2, .max_iter = 2}).mixture;
  const Hold hold{.covariances = true};
  const FitResult result = fit(x, {.n_components = 2, .init = start, .hold = hold});
  const Evaluation evaluation = evaluate(result.mixture, x, 0, hold);
  EXPECT_EQ(evaluation.n_parameters, result.report.n_parameters);
  EXPECT_DOUBLE_EQ(evaluation.bic, result.report.bic);
  EXPECT_EQ(evaluate(result.mixture, x).n_parameters, 11U);
}

// --- Regularised components

// Rows of four columns: a, b, a + b, and one of its own; in the given order.
Matrix with_a_sum(const std::vector<std::size_t>& order) {
  const Matrix parts = normal_rows(50, 3, 3);
  Matrix x(50, 4);
  for (std::size_t i = 0; i < 50; ++i) {
    const double values[] = {parts(i, 0), parts(i, 1), parts(i, 0) + parts(i, 1), 100 * parts(i, 2)};
    for (std::size_t d = 0; d < 4; ++d) x(i, d) = values[order[d]];
  }
  return x;
}

TEST(Regularised, ACombinationOfColumnsIsFoundInAnyOrder) {
  for (const RegCovar reg_covar : {RegCovar(1e-6), RegCovar::relative_to_variance(1e-6)}) {
    for (const CovarianceFamily structure : {full, tied}) {
      std::vector<std::size_t> order(4);
      std::iota(order.begin(), order.end(), std::size_t{0});
      do {
        const FitReport report = fit(with_a_sum(order), {.covariance = structure, .reg_covar = reg_covar}).report;
        EXPECT_EQ(report.n_regularised, 1U) << to_string(structure) << " " << to_string(reg_covar);
      } while (std::ranges::next_permutation(order).found);
    }
  }
}

TEST(Regularised, IndependentColumnsAreNotInAnyOrder) {
  for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 3}, {3, 0, 1}, {1, 3, 0}}) {
    const Matrix all = with_a_sum({0, 1, 2, 3});
    Matrix x(50, 3);
    for (std::size_t i = 0; i < 50; ++i) {
      for (std::size_t d = 0; d < 3; ++d) x(i, d) = all(i, order[d]);
    }
    EXPECT_EQ(fit(x, {.reg_covar = 1e-6}).report.n_regularised, 0U);
  }
}

// The eigenvalues of Sigma are 1 + c and 1 - c; R = r I makes up r / (1 - c) of the smaller.
TEST(Regularised, TheShareIsThatOfTheDirectionOfLeastVariance) {
  const Mixture mixture(full, {1}, Matrix(1, 2), {1, 0.75, 0.75, 1});
  EXPECT_EQ(count_regularised(mixture, {0.124, 0.124}, 0.5), 0U);
  EXPECT_EQ(count_regularised(mixture, {0.126, 0.126}, 0.5), 1U);
  EXPECT_EQ(count_regularised(mixture, {0.0024, 0.0024}, 0.01), 0U);
  EXPECT_EQ(count_regularised(mixture, {0.0026, 0.0026}, 0.01), 1U);
  EXPECT_EQ(count_regularised(mixture, {0, 0}, 0.5), 0U);
}

TEST(Regularised, WithoutCorrelationsItIsAskedFeatureByFeature) {
  const Mixture mixture(diagonal, {0.5, 0.5}, Matrix(2, 2), {1, 1, 1, 8});
  EXPECT_EQ(count_regularised(mixture, {0.5, 0}, 0.5), 2U);
  EXPECT_EQ(count_regularised(mixture, {0, 0.5}, 0.5), 1U);
  EXPECT_EQ(count_regularised(mixture, {0.4, 0.4}, 0.5), 0U);
  EXPECT_EQ(count_regularised(Mixture(tied_spherical, {0.5, 0.5}, Matrix(2, 2), {1}), {0.6, 0.6}, 0.5), 2U);
}

TEST(Regularised, IsSaidInTheShortLineToo) {
  const FitResult result = fit(with_a_sum({0, 1, 2, 3}), {});
  EXPECT_THAT(brief(result.report, result.mixture), HasSubstr("1 component regularised"));
}

TEST(Regularised, AModelThatIsOnlyEvaluatedIsNot) {
  const Mixture narrow(spherical, {1}, Matrix(1, 3), {1e-7});
  EXPECT_EQ(fit(normal_rows(20, 3, 4), {.covariance = spherical, .init = narrow, .max_iter = 0, .reg_covar = 1e-6})
                .report.n_regularised,
            0U);
}

// Where EM starts at what it comes to, the report is that of coming to it.
TEST(Regularised, AFitThatEndsWhereItBeganIsAsEverywhere) {
  Matrix x(90, 1);
  for (std::size_t i = 0; i < 90; ++i) x(i, 0) = static_cast<double>(i % 3);
  const FitResult first = fit(x, {.n_components = 3, .init = Search::none, .reg_covar = 1e-6});
  const FitResult again = fit(x, {.n_components = 3, .init = first.mixture, .reg_covar = 1e-6});
  EXPECT_EQ(again.mixture, first.mixture);
  EXPECT_EQ(again.report.n_regularised, 3U);
  EXPECT_EQ(again.report.warnings, first.report.warnings);
}

// --- Warnings

TEST(Warnings, ASoundFitHasNone) {
  Matrix x = normal_rows(200, 2, 5);
  for (std::size_t i = 0; i < 100; ++i) x(i, 0) += 8;
  EXPECT_THAT(fit(x, {.n_components = 2}).report.warnings, IsEmpty());
  EXPECT_THAT(fit(x, {.n_components = 2, .reg_covar = 1e-6}).report.warnings, IsEmpty());
}

TEST(Warnings, TooFewDifferentRowsAreCounted) {
  Matrix x(90, 1);
  for (std::size_t i = 0; i < 90; ++i) x(i, 0) = static_cast<double>(i % 3);
  const FitReport report = fit(x, {.n_components = 5, .init = Search::none}).report;
  ASSERT_EQ(report.warnings.size(), 2U);
  EXPECT_THAT(report.warnings[1],
              HasSubstr("makes up 100 % of the variance of component 0 in some direction, and 1 % or "
                        "more in components 0, 1 and 2"));
  EXPECT_THAT(report.warnings[0], AllOf(HasSubstr("only 3 different values, fewer than n_components = 5"),
                                        HasSubstr("left without weight"), HasSubstr("lower n_components")));
  EXPECT_THAT(fit(x, {.n_components = 3, .init = Search::none}).report.warnings,
              ElementsAre(HasSubstr("reg_covar = relative:1e-06 makes up")));
}

TEST(Warnings, ComponentsThatCoincideAreNamed) {
  const Matrix x = normal_rows(100, 1, 6);
  const Mixture start(full, {0.25, 0.25, 0.5}, Matrix(3, 1), {1, 1, 1});
  const FitReport report = fit(x, {.n_components = 3, .init = start}).report;
  EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("components 0, 1 and 2 coincide")));
  EXPECT_EQ(report.termination.reason, TerminationReason::coincident);
  EXPECT_FALSE(report.termination.converged());
  EXPECT_THAT(report.termination.message, HasSubstr("components coincide"));
}

TEST(Warnings, AnAbsoluteRegCovarThatSwampsTheDataIsNamed) {
  Matrix x = normal_rows(100, 2, 7);
  for (std::size_t i = 0; i < 100; ++i) x(i, 1) *= 1e-3;  // a variance of 1e-6
  EXPECT_THAT(fit(x, {.reg_covar = 1e-6}).report.warnings, ElementsAre(HasSubstr("reg_covar = 1e-06 makes up")));
  EXPECT_THAT(fit(x, {.reg_covar = 1e-9}).report.warnings, IsEmpty());
  EXPECT_THAT(fit(x, {}).report.warnings, IsEmpty()) << "the default goes with the columns";
}

// Component k has a variance of (1 + k) / 4 in one direction; so reg_covar = 0.1 makes up about 40 %, 20 %, ... of it.
TEST(Warnings, TheLargestShareOfRegCovarIsNamedWhereverItIs) {
  for (const std::size_t worst : {0, 2, 3}) {
    for (const auto structure : {full, diagonal}) {
      const std::size_t n_per_component = 500;
      oracle::Dice dice(8);
      Matrix x(4 * n_per_component, 2);
      std::vector<std::int32_t> labels;
      for (std::size_t i = 0; i < x.rows(); ++i) {
        const std::size_t k = i / n_per_component;
        const double away = 30 * static_cast<double>(k);
        const double first = dice.normal() * std::sqrt((1 + static_cast<double>((k + 4 - worst) % 4)) * 0.1);
        const double second = dice.normal();
        x(i, 0) = away + (structure == full ? first + second : first);
        x(i, 1) = away + second;
        labels.push_back(static_cast<std::int32_t>(k));
      }
      const RegCovar reg_covar(structure == full ? 0.02 : 0.1);
      const FitReport report =
          fit(x, {.n_components = 4, .covariance = structure, .init = Labels{labels}, .reg_covar = reg_covar}).report;
      ASSERT_EQ(report.warnings.size(), 1U);
      EXPECT_THAT(
          report.warnings[0],
          AllOf(HasSubstr(fmt::format("of the variance of component {} in some direction, and 1 % or more in "
                                      "components 0, 1, 2 and 3: if this is unintended, lower reg_covar or scale "
                                      "the data",
                                      worst))));
      double share = 0;
      ASSERT_EQ(
          std::sscanf(report.warnings[0].substr(report.warnings[0].find("makes up")).c_str(), "makes up %lf", &share),
          1);
      EXPECT_NEAR(share, structure == full ? 32 : 50, 5);
    }
  }
}

// As in the laws of ghosts: component 2 dies out slowly, unless EM ends before.
TEST(Warnings, AComponentThatStillDiesAtMaxIterIsNamed) {
  oracle::Dice dice(5);
  Matrix x(2000, 1);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 0) = (i % 2 == 0 ? -20 : 20) + dice.normal();
  FitOptions options{.n_components = 3, .covariance = tied_spherical, .max_iter = 2, .tol = 1e-3};
  options.init = Mixture(tied_spherical, {0.5, 0.5 - 1e-5, 1e-5}, Matrix(3, 1, {-20, 20, 60}), {1});
  const FitReport report = fit(x, options).report;
  EXPECT_EQ(report.termination.reason, TerminationReason::max_iter);
  EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("component 2 holds less than a thousandth of the rows")));
  options.max_iter = 1000;
  EXPECT_THAT(fit(x, options).report.warnings, Not(Contains(HasSubstr("holds less than a thousandth"))));
}

}  // namespace
}  // namespace mogul
