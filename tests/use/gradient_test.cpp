// The gradient of the log-likelihood against differences of the log-likelihood, against the M-step, and by its laws.
#include "mogul/gradient.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "message_of.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Dice;
using oracle::Problem;
using oracle::Shape;
using test::message_of;

// What a mixture is made of, to be moved.
struct Parameters {
  explicit Parameters(const Mixture& m)
      : structure(m.family()), weights(m.weights()), means(m.means()), covariances(m.covariances().values()) {}

  Mixture mixture() const { return {structure, weights, means, covariances}; }

  CovarianceFamily structure;
  std::vector<double> weights;
  Matrix means;
  std::vector<double> covariances;
};

// The derivative of L where `move` moves the parameters by a length: a central difference of fourth order.
template <class Move>
double difference(const Problem& problem, double h, const Move& move) {
  const auto at = [&](double length) {
    Parameters p(problem.model());
    move(p, length);
    return log_likelihood(p.mixture(), problem.view());
  };
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

// Well-conditioned, of double, about the origin: where differences are accurate.
Shape differentiable_shape() {
  Shape shape = *oracle::fit_shape();
  shape.offset = 0;
  return shape;
}

double sum_of_weights(const Problem& problem) {
  double sum = 0;
  for (std::size_t i = 0; i < problem.view().rows(); ++i) sum += problem.view().weight(i);
  return sum;
}

// Whether a derivative by a parameter of the given size is that of the differences, which move it by 1e-4 of its size.
bool agrees(double derivative, double differences, double n, double size) {
  return std::abs(derivative - differences) * size <= 1e-6 * n;
}

RC_GTEST_PROP(Gradient, OfTheMeansIsThatOfDifferences, ()) {
  const Problem problem(differentiable_shape());
  const LogLikelihoodGradient gradient = log_likelihood_gradient(problem.model(), problem.view());
  const double n = sum_of_weights(problem);
  for (std::size_t k = 0; k < gradient.means.rows(); ++k) {
    for (std::size_t d = 0; d < gradient.means.cols(); ++d) {
      const double deviation = std::sqrt(problem.model().variance(k, d));
      const double differences =
          difference(problem, 1e-4 * deviation, [&](Parameters& p, double length) { p.means(k, d) += length; });
      RC_ASSERT(agrees(gradient.means(k, d), differences, n, deviation));
    }
  }
}

// Of matrices both Sigma_ij and Sigma_ji are moved.
RC_GTEST_PROP(Gradient, OfTheCovariancesIsThatOfDifferences, ()) {
  const Problem problem(differentiable_shape());
  const Mixture& model = problem.model();
  const LogLikelihoodGradient gradient = log_likelihood_gradient(model, problem.view());
  const std::size_t d = model.n_features();
  const bool matrices = model.family().moments() >= Moments::pooled;
  for (std::size_t at = 0; at < gradient.covariances.size(); ++at) {
    const std::size_t i = at / d % d, j = at % d;
    const std::size_t mirrored = matrices ? at - i * d - j + j * d + i : at;
    const double size =
        matrices ? std::sqrt(model.covariances().values()[at - j + i] * model.covariances().values()[mirrored - i + j])
                 : model.covariances().values()[at];
    const double differences = difference(problem, 1e-4 * size, [&](Parameters& p, double length) {
      p.covariances[at] += length;
      if (mirrored != at) p.covariances[mirrored] += length;
    });
    RC_ASSERT(gradient.covariances[at] == gradient.covariances[mirrored]);
    RC_ASSERT(
        agrees(gradient.covariances[at] * (mirrored == at ? 1 : 2), differences, 100 * sum_of_weights(problem), size));
  }
}

// A mixture's weights sum to one: one of them grows by what another one loses.
RC_GTEST_PROP(Gradient, OfTheWeightsIsThatOfDifferences, ()) {
  const Problem problem(differentiable_shape());
  const LogLikelihoodGradient gradient = log_likelihood_gradient(problem.model(), problem.view());
  const double n = sum_of_weights(problem);
  double weighted = 0;
  for (std::size_t k = 0; k < gradient.weights.size(); ++k) {
    weighted += problem.model().weights()[k] * gradient.weights[k];
    if (k == 0) continue;
    const double size = std::min(problem.model().weights()[0], problem.model().weights()[k]);
    const double differences = difference(problem, 1e-4 * size, [&](Parameters& p, double length) {
      p.weights[k] += length;
      p.weights[0] -= length;
    });
    RC_ASSERT(agrees(gradient.weights[k] - gradient.weights[0], differences, n, size));
  }
  RC_ASSERT(std::abs(weighted - n) <= 1e-12 * n);
}

RC_GTEST_PROP(Gradient, MultiplierIsMinusTheSumOfTheRowWeights, ()) {
  const Problem problem(differentiable_shape());
  const double n = sum_of_weights(problem);
  RC_ASSERT(std::abs(log_likelihood_gradient(problem.model(), problem.view()).multiplier + n) <= 1e-13 * n);
}

// Of the M-step that holds the means, the covariances are what the gradient is about.
RC_GTEST_PROP(Gradient, LargestScaledIsTheLargestRelativeMoveOfTheNextMStep, ()) {
  const Problem problem(differentiable_shape());
  const Mixture& model = problem.model();
  const Stats stats = accumulate(model, problem.view());
  const Mixture moved = maximise(stats, model, {});
  const Mixture about_means = maximise(stats, model, {.hold = {.means = true}});
  double largest = 0;
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    largest = std::max(largest, std::abs(moved.weights()[k] / model.weights()[k] - 1));
    const Matrix l = model.cholesky(k), next = about_means.covariance(k);
    const std::size_t d = l.rows();
    // Forward substitution of the move, and of the columns and rows of the covariance.
    const auto solved = [&](std::vector<double> b) {
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j < i; ++j) b[i] -= l(i, j) * b[j];
        b[i] /= l(i, i);
      }
      return b;
    };
    std::vector<double> move(d);
    for (std::size_t i = 0; i < d; ++i) move[i] = moved.means()(k, i) - model.means()(k, i);
    for (const double value : solved(move)) largest = std::max(largest, std::abs(value));
    Matrix half(d, d);
    for (std::size_t j = 0; j < d; ++j) {
      const std::vector<double> column = solved({next.row(j).begin(), next.row(j).end()});
      for (std::size_t i = 0; i < d; ++i) half(i, j) = column[i];
    }
    for (std::size_t i = 0; i < d; ++i) {
      const std::vector<double> row = solved({half.row(i).begin(), half.row(i).end()});
      for (std::size_t j = 0; j < d; ++j) largest = std::max(largest, std::abs(row[j] - (i == j ? 1 : 0)));
    }
  }
  const double scaled = log_likelihood_gradient(stats, model).largest_scaled;
  RC_ASSERT(std::abs(scaled - largest) <= 1e-10 * (1 + largest));
}

// Columns in other units, and of spherical structures all in one, and another origin.
RC_GTEST_PROP(Gradient, LargestScaledHasNoUnit, ()) {
  const Problem problem(differentiable_shape());
  const Mixture& model = problem.model();
  const std::size_t d = model.n_features();
  const Moments moments = model.family().moments();
  Parameters other(model);
  Matrix x(problem.view().rows(), d);
  const auto unit = [&](std::size_t j) {
    return moments == Moments::spherical ? 8.0 : std::pow(2.0, 7.0 - 3.0 * static_cast<double>(j));
  };
  const double origin = 4 * problem.shape().scale;
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t k = 0; k < model.n_components(); ++k) {
      other.means(k, j) = unit(j) * (model.means()(k, j) + origin);
    }
    for (std::size_t i = 0; i < x.rows(); ++i) x(i, j) = unit(j) * (problem.view().value(i, j) + origin);
  }
  for (std::size_t at = 0; at < other.covariances.size(); ++at) {
    other.covariances[at] *= unit(at % d) * unit(moments >= Moments::pooled ? at / d % d : at % d);
  }
  const LogLikelihoodGradient here = log_likelihood_gradient(model, problem.view());
  const LogLikelihoodGradient there = log_likelihood_gradient(other.mixture(), DataView(x, problem.view().weights()));
  RC_ASSERT(std::abs(there.largest_scaled - here.largest_scaled) <= 1e-9 * (1 + here.largest_scaled));
  for (std::size_t j = 0; j < d; ++j) {
    const double size = sum_of_weights(problem) / std::sqrt(model.variance(0, j));
    RC_ASSERT(std::abs(there.means(0, j) * unit(j) - here.means(0, j)) <= 1e-9 * size);
  }
}

// Two clusters that touch, in three columns of different units.
Matrix two_clusters() {
  Dice dice(11);
  Matrix x(400, 3);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const double shared = dice.normal();
    for (std::size_t j = 0; j < 3; ++j) {
      const double away = i % 3 == 0 ? 3.0 : 0.0;
      x(i, j) = std::pow(100.0, static_cast<double>(j)) * (away + dice.normal() + 0.5 * shared);
    }
  }
  return x;
}

TEST(Gradient, VanishesAtTheEndOfEm) {
  const Matrix x = two_clusters();
  std::vector<double> row_weights(x.rows());
  for (std::size_t i = 0; i < row_weights.size(); ++i) row_weights[i] = 0.5 + static_cast<double>(i % 4);
  const DataView rows(x, row_weights);
  double n = 0;
  for (const double weight : row_weights) n += weight;
  for (const test::PlainFamily& structure : test::plain_families()) {
    SCOPED_TRACE(structure.name);
    FitOptions options;
    options.n_components = 2;
    options.covariance = structure.family;
    options.reg_covar = 0;
    options.tol = 0;
    options.max_iter = 2000;
    const Mixture start =
        fit(rows,
            {.n_components = 2, .covariance = structure.family, .init = InitMethod::kmeans_plus_plus, .max_iter = 0})
            .mixture;
    EXPECT_GT(log_likelihood_gradient(start, rows).largest_scaled, 1e-3);
    const Mixture model = fit(rows, options).mixture;
    const LogLikelihoodGradient gradient = log_likelihood_gradient(model, rows);
    EXPECT_LT(gradient.largest_scaled, 1e-10);
    EXPECT_EQ(gradient.multiplier, -n);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(gradient.weights[k] + gradient.multiplier, 0, 1e-10 * n);
      for (std::size_t d = 0; d < 3; ++d) {
        EXPECT_NEAR(gradient.means(k, d) * std::sqrt(model.variance(k, d)), 0, 1e-10 * n) << k << ", " << d;
      }
    }
  }
}

// Deisenroth, Faisal, Ong (2020), example 11.1: the seven points and the start. The numbers are derivatives that
// mpmath takes of L in 40 digits.
TEST(Gradient, OfTheLectureNotesExampleIsThatOfMpmath) {
  const Matrix x(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
  const double third = 1.0 / 3;
  const Mixture start(families::full, {third, third, third}, Matrix(3, 1, {-4, 0, 8}), {1, 0.2, 3});
  const double weights[]{6.1716847826070549, 6.0270253267478457, 8.80128989064510057};
  const double means[]{2.67186631802405015, -4.05227771316587687, -4.20086803565613407};
  const double variances[]{0.8545760723937344, 10.0759913371057683, 2.7674745438685466};
  const LogLikelihoodGradient gradient = log_likelihood_gradient(start, x);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(gradient.weights[k], weights[k], 1e-13);
    EXPECT_NEAR(gradient.means(k, 0), means[k], 1e-13);
    EXPECT_NEAR(gradient.covariances[k], variances[k], 1e-12);
  }
  EXPECT_EQ(gradient.multiplier, -7);
  EXPECT_NEAR(gradient.largest_scaled, 5.65991376361569065, 1e-13);
}

// About the mean of all rows with their variance, K = 1 is at its maximum; L has the textbook's derivatives elsewhere.
TEST(Gradient, OfOneGaussianHasTheTextbooksForm) {
  const Matrix x(4, 1, {0, 2, 4, 6});
  const Mixture best(families::spherical, {1}, Matrix(1, 1, {3}), {5});
  EXPECT_EQ(log_likelihood_gradient(best, x).largest_scaled, 0);
  const Mixture off(families::spherical, {1}, Matrix(1, 1, {1}), {4});
  const LogLikelihoodGradient gradient = log_likelihood_gradient(off, x);
  EXPECT_DOUBLE_EQ(gradient.means(0, 0), 8.0 / 4);                      // sum (x - mu) / v
  EXPECT_DOUBLE_EQ(gradient.covariances[0], (36.0 / 4 - 4) / (2 * 4));  // (sum (x - mu)^2 / v - n) / 2 v
  EXPECT_DOUBLE_EQ(gradient.largest_scaled, 36.0 / 4 / 4 - 1);
  EXPECT_EQ(gradient.weights, std::vector<double>{4});
  EXPECT_EQ(gradient.family, families::spherical);
}

// It has weight, but no row belongs to it: the next M-step would take all its weight.
TEST(Gradient, OfAComponentWithoutRowsSaysThatItsWeightIsTooLarge) {
  const Mixture model(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {1, 1e6}), {2, 2});
  const LogLikelihoodGradient gradient = log_likelihood_gradient(model, Matrix(2, 1, {0, 2}));
  EXPECT_EQ(gradient.weights, (std::vector<double>{4, 0}));
  EXPECT_EQ(gradient.multiplier, -2);
  EXPECT_EQ(gradient.means(1, 0), 0);
  EXPECT_EQ(gradient.largest_scaled, 1);
}

TEST(Gradient, OfMergedAndOfFullStatisticsIsThatOfTheRows) {
  Shape shape;
  shape.n = 120;
  shape.d = 3;
  shape.k = 2;
  for (const test::PlainFamily& structure : test::plain_families()) {
    SCOPED_TRACE(structure.name);
    shape.structure = structure.family;
    const Problem problem(shape);
    const DataView rows = problem.view();
    const LogLikelihoodGradient whole = log_likelihood_gradient(problem.model(), rows);
    Matrix upper(50, 3), lower(70, 3);
    for (std::size_t i = 0; i < 120; ++i) {
      for (std::size_t d = 0; d < 3; ++d) (i < 50 ? upper(i, d) : lower(i - 50, d)) = rows.value(i, d);
    }
    Stats stats = accumulate(problem.model(), upper, Moments::full);
    stats += accumulate(problem.model(), lower, Moments::full);
    const LogLikelihoodGradient merged = log_likelihood_gradient(stats, problem.model());
    EXPECT_NEAR(merged.largest_scaled, whole.largest_scaled, 1e-11);
    for (std::size_t i = 0; i < whole.covariances.size(); ++i) {
      EXPECT_NEAR(merged.covariances[i], whole.covariances[i], 1e-9);
    }
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(merged.means.values()[i], whole.means.values()[i], 1e-9);
  }
}

// Sums over so many rows of float are made in float lanes otherwise.
TEST(Gradient, OfRowsOfFloatIsThatOfTheSameRowsOfDouble) {
  Dice dice(3);
  FloatMatrix floats(60'000, 4);
  Matrix doubles(60'000, 4);
  for (std::size_t i = 0; i < doubles.values().size(); ++i) {
    doubles.data()[i] = floats.data()[i] = static_cast<float>(dice.normal());
  }
  Shape shape;
  shape.d = 4;
  shape.k = 8;
  const Mixture model = oracle::random_mixture(dice, shape);
  EXPECT_EQ(log_likelihood_gradient(model, floats), log_likelihood_gradient(model, doubles));
}

TEST(Gradient, RefusesStatisticsOfAnotherMixtureOrOfNoRows) {
  const Mixture model(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const Mixture wider(families::full, {1}, Matrix(1, 2), {2, 0, 0, 2});
  const Stats stats = accumulate(wider, Matrix(2, 2, {0, 1, 2, 3}));
  const auto refusal = [&](const Stats& given) {
    return message_of<invalid_argument>([&] { log_likelihood_gradient(given, model); });
  };
  EXPECT_EQ(refusal(stats), "stats are not those of the mixture; accumulate the rows under it");
  EXPECT_EQ(refusal(Stats(Moments::full, model.means())), refusal(stats));
  EXPECT_EQ(refusal(accumulate(model, Matrix(2, 2), Moments::diagonal)),
            "stats hold 'diagonal' moments; the gradient of a full mixture needs 'full'");
  Stats none(Moments::full, model.means());
  none.model = model.fingerprint();
  EXPECT_EQ(refusal(none), "stats hold no rows; accumulate some");
}

TEST(Gradient, RefusesRowsOfAnotherWidthAndDerivativesBeyondDouble) {
  const Mixture model(families::spherical, {1}, Matrix(1, 1), {1e-300});
  EXPECT_EQ(message_of<invalid_argument>([&] { log_likelihood_gradient(model, Matrix(1, 2)); }),
            "data have 2 columns; the mixture has 1 features");
  const std::string rest =
      " exceeds the range of double; bring the values of the rows, their weights and the parameters of the mixture "
      "nearer to 1";
  EXPECT_EQ(message_of<invalid_argument>([&] { log_likelihood_gradient(model, Matrix(1, 1, {1e50})); }),
            "the derivative by the means" + rest);
  EXPECT_EQ(message_of<invalid_argument>([&] { log_likelihood_gradient(model, Matrix(1, 1, {1})); }),
            "the derivative by the covariances" + rest);
  const Mixture light(families::spherical, {1, 1e-310}, Matrix(2, 1, {0, 1e6}), {1, 1});
  EXPECT_EQ(message_of<invalid_argument>([&] { log_likelihood_gradient(light, Matrix(1, 1, {1e6})); }),
            "the derivative by the weights" + rest);
}

}  // namespace
}  // namespace mogul
