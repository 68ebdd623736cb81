// What scoring promises at its boundary: shapes, special values, errors. Its numbers are compared in tests/reference.
#include "mogul/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "message_of.hpp"

namespace mogul {
namespace {

using test::message_of;

const double kLog2Pi = std::log(2 * std::numbers::pi);

// Two components of unit variance at 0 and 10, the first three times as likely.
Mixture two() { return {families::spherical, {0.75, 0.25}, Matrix(2, 1, {0, 10}), {1, 1}}; }

TEST(Score, HasTheShapesOfRowsAndComponents) {
  const Matrix x(3, 1, {0, 5, 10});
  for (const Matrix& m : {component_log_densities(two(), x), log_joint(two(), x), responsibilities(two(), x),
                          squared_mahalanobis(two(), x)}) {
    EXPECT_EQ(m.rows(), 3U);
    EXPECT_EQ(m.cols(), 2U);
  }
  EXPECT_EQ(log_densities(two(), x).size(), 3U);
  EXPECT_EQ(labels(two(), x).size(), 3U);
}

TEST(Score, GivesTheNumbersOfTheNormalDensity) {
  const Matrix x(1, 1, {1});
  EXPECT_DOUBLE_EQ(component_log_densities(two(), x)(0, 0), -(kLog2Pi + 1) / 2);
  EXPECT_DOUBLE_EQ(component_log_densities(two(), x)(0, 1), -(kLog2Pi + 81) / 2);
  EXPECT_DOUBLE_EQ(log_joint(two(), x)(0, 0), std::log(0.75) - (kLog2Pi + 1) / 2);
  EXPECT_EQ(squared_mahalanobis(two(), x).values(), (std::vector<double>{1, 81}));
}

TEST(Labels, TakeTheLowestOfEquals) {
  const Mixture twins(families::spherical, {0.5, 0.5}, Matrix(2, 1, {3, 3}), {1, 1});
  EXPECT_EQ(labels(twins, Matrix(2, 1, {3, 100})), (std::vector<std::int32_t>{0, 0}));
}

TEST(Labels, FollowTheJointAndNotTheDistance) {
  // The posterior odds are even where x = 5 + log(3) / 10.
  EXPECT_EQ(labels(two(), Matrix(2, 1, {5.10, 5.12})), (std::vector<std::int32_t>{0, 1}));
}

TEST(Score, AComponentOfWeightZeroHasNoShare) {
  const Mixture model(families::spherical, {1, 0}, Matrix(2, 1, {0, 10}), {1, 1});
  const Matrix x(1, 1, {10});
  EXPECT_EQ(log_joint(model, x)(0, 1), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(responsibilities(model, x).values(), (std::vector<double>{1, 0}));
  EXPECT_EQ(labels(model, x)[0], 0);
  EXPECT_DOUBLE_EQ(log_densities(model, x)[0], -(kLog2Pi + 100) / 2);
  EXPECT_EQ(entropy(model, x), 0);
  EXPECT_EQ(expected_complete_log_likelihood(model, x), log_likelihood(model, x));
}

TEST(CompleteLogLikelihood, IsMinusInfinityForARowOfAComponentOfWeightZero) {
  const Mixture model(families::spherical, {1, 0}, Matrix(2, 1, {0, 10}), {1, 1});
  const Matrix x(2, 1, {0, 10});
  const std::vector<std::int32_t> z{0, 1};
  EXPECT_EQ(complete_log_likelihood(model, x, z), -std::numeric_limits<double>::infinity());
  const std::vector<double> second_is_absent{1, 0};
  EXPECT_DOUBLE_EQ(complete_log_likelihood(model, DataView(x, second_is_absent), z), -kLog2Pi / 2);
}

TEST(CompleteLogLikelihood, AtTheMapLabelsIsWhatIclIsMadeOf) {
  const Matrix x(4, 1, {-1, 0.5, 4.9, 11});
  const Evaluation e = evaluate(two(), x);
  const double c = complete_log_likelihood(two(), x, labels(two(), x));
  EXPECT_DOUBLE_EQ(e.icl, -2 * c + 5 * std::log(4.0));
  EXPECT_EQ(e.n_parameters, 5U);
  EXPECT_GE(e.icl, e.bic);
}

TEST(Evaluate, CountsWeightsAsRows) {
  const Matrix x(2, 1, {0, 10});
  const std::vector<double> weights{3, 1};
  const Evaluation e = evaluate(two(), DataView(x, weights));
  EXPECT_EQ(e.n_rows, 2U);
  EXPECT_EQ(e.sum_weights, 4);
  EXPECT_DOUBLE_EQ(e.mean_log_likelihood, e.log_likelihood / 4);
  EXPECT_DOUBLE_EQ(e.bic, -2 * e.log_likelihood + 5 * std::log(4.0));
  EXPECT_DOUBLE_EQ(e.aic, -2 * e.log_likelihood + 10);
  EXPECT_NEAR(e.component_sizes[0] + e.component_sizes[1], 4, 1e-14);
}

TEST(Score, RejectsRowsOfAnotherWidth) {
  const Matrix wide(1, 2);
  const std::string expected = "data have 2 columns; the mixture has 1 features";
  EXPECT_EQ(message_of<invalid_argument>([&] { labels(two(), wide); }), expected);
  EXPECT_EQ(message_of<invalid_argument>([&] { log_likelihood(two(), wide); }), expected);
  EXPECT_EQ(message_of<invalid_argument>([&] { responsibilities(two(), wide); }), expected);
}

TEST(Score, NamesTheRowAndColumnOfABadValue) {
  const Matrix x(2, 1, {0, std::nan("")});
  EXPECT_EQ(message_of<invalid_data>([&] { log_densities(two(), x); }),
            "row 2, column 'x1': value nan; must be finite");
}

TEST(CompleteLogLikelihood, RejectsLabelsThatAreNotComponents) {
  const Matrix x(2, 1);
  const auto with = [&](std::vector<std::int32_t> z) {
    return message_of<invalid_argument>([&] { complete_log_likelihood(two(), x, z); });
  };
  EXPECT_EQ(with({0}), "z holds 1 labels; the data have 2 rows");
  EXPECT_EQ(with({0, 2}), "z[1] = 2; must lie in 0..1 (n_components - 1)");
}

TEST(ExpectedCompleteLogLikelihood, IsLinearInTheResponsibilities) {
  const Matrix x(1, 1, {4});
  const Matrix joint = log_joint(two(), x);
  const Matrix r(1, 2, {0.25, 0.75});
  EXPECT_DOUBLE_EQ(expected_complete_log_likelihood(two(), x, r.view()), 0.25 * joint(0, 0) + 0.75 * joint(0, 1));
}

TEST(ExpectedCompleteLogLikelihood, RejectsWhatAreNotResponsibilities) {
  const Matrix x(1, 1, {4});
  const Matrix r(1, 2, {0.25, 0.25});
  EXPECT_EQ(message_of<invalid_data>([&] { expected_complete_log_likelihood(two(), x, r.view()); }),
            "responsibilities[0] sum to 0.5; must sum to 1");
}

TEST(CompleteLogLikelihood, RejectsBadLabelsAfterARowOfAComponentOfWeightZero) {
  const Mixture model(families::spherical, {1, 0}, Matrix(2, 1, {0, 10}), {1, 1});
  const std::vector<std::int32_t> z{1, 7};
  EXPECT_EQ(message_of<invalid_argument>([&] { complete_log_likelihood(model, Matrix(2, 1), z); }),
            "z[1] = 7; must lie in 0..1 (n_components - 1)");
}

TEST(Score, RowsFarFromEveryComponentKeepFiniteScores) {
  const Matrix x(2, 1, {1e100, -1e100});
  const Mixture narrow(families::spherical, {0.5, 0.5}, Matrix(2, 1, {0, 10}), {1e-300, 1e-300});
  EXPECT_EQ(squared_mahalanobis(narrow, x).values(), std::vector<double>(4, 1e300));
  EXPECT_EQ(responsibilities(narrow, x).values(), std::vector<double>(4, 0.5));
  EXPECT_EQ(labels(narrow, x), (std::vector<std::int32_t>{0, 0}));
  for (const double density : log_densities(narrow, x)) EXPECT_NEAR(density, -5e299, 1e290);
}

}  // namespace
}  // namespace mogul
