// The worked examples of Deisenroth, Faisal and Ong, Mathematics for Machine Learning (2020), chapter 11: in the notes'
// order first the responsibilities, then each update alone, then the whole of EM, against traces stored to 17 digits.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;
using mogul::MStepOptions;
using nlohmann::json;

// The traces are doubles that another program computed with its own roundings, which EM amplifies a little.
constexpr double kTolerance = 1e-10;

json stored(const std::string& name) { return json::parse(std::ifstream(std::string(MOGUL_TEST_DATA "/") + name)); }

const Matrix kRows(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});

// Means -4, 0, 8; variances (the notes' second parameter) 1, 0.2, 3; equal weights.
Mixture start() {
  return Mixture(mogul::families::full, std::vector<double>(3, 1.0 / 3), Matrix(3, 1, {-4, 0, 8}), {1, 0.2, 3});
}

void expect_state(const Mixture& model, const json& state) {
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(model.means()(k, 0), state["mu"][k].get<double>(), kTolerance);
    EXPECT_NEAR(model.variance(k, 0), state["var"][k].get<double>(), kTolerance);
    EXPECT_NEAR(model.weights()[k], state["w"][k].get<double>(), kTolerance);
  }
}

TEST(WorkedExample, ResponsibilitiesOfTheStart) {
  const Matrix r = responsibilities(start(), kRows);
  const json expected = stored("mml_1d_trace.json")[1]["R"];
  ASSERT_EQ(expected.size(), r.rows());
  for (std::size_t n = 0; n < r.rows(); ++n) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(r(n, k), expected[n][k].get<double>(), kTolerance);
  }
}

// The matrix of the notes' example 11.3, to the three decimals printed there, and its one misprint: for x = 0 the notes
// give r = 0.001 to the first component, but exp(-8) / (exp(-8) + 5^(1/2) + ...) is 0.00015.
TEST(WorkedExample, ResponsibilitiesAreThePrintedOnesButForAMisprint) {
  const double printed[7][3] = {{1, 0, 0},         {1, 0, 0}, {0.057, 0.943, 0}, {0.001, 0.999, 0},
                                {0, 0.066, 0.934}, {0, 0, 1}, {0, 0, 1}};
  const Matrix r = responsibilities(start(), kRows);
  for (std::size_t n = 0; n < 7; ++n) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (n == 3) continue;
      EXPECT_NEAR(r(n, k), printed[n][k], 0.0005);
    }
  }
  EXPECT_GT(std::abs(r(3, 0) - 0.001), 0.0005) << "the printed value is wrong";
  EXPECT_NEAR(r(3, 0), 0.00015, 0.000005);
  // From the definition: pi_k N(0 | mu_k, s_k), the common factors 1/3 and (2 pi)^(-1/2) cancelled.
  const double a = std::exp(-8.0), b = 1 / std::sqrt(0.2), c = std::exp(-64.0 / 6) / std::sqrt(3.0);
  EXPECT_NEAR(r(3, 0), a / (a + b + c), 1e-16);
}

TEST(WorkedExample, ComponentSizesOfTheStart) {
  const mogul::Stats stats = accumulate(start(), kRows);
  const json expected = stored("mml_1d_trace.json")[1]["Nk"];
  const double printed[] = {2.057, 2.009, 2.934};  // exact to three decimals; the notes print 2.058, 2.008, 2.934
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(stats.n[k], expected[k].get<double>(), kTolerance);
    EXPECT_NEAR(stats.n[k], printed[k], 0.0005);
  }
}

// "Each update alone": the responsibilities of the start, and one kind of parameter at a time.
Mixture updated(const Mixture& current, mogul::Hold hold) {
  MStepOptions options;
  options.hold = hold;
  return maximise(current, kRows, responsibilities(start(), kRows).view(), options);
}

TEST(WorkedExample, UpdateOfTheMeansAlone) {
  const Mixture next = updated(start(), {.weights = true, .covariances = true});
  const json expected = stored("mml_1d_trace.json")[1];
  const double printed[] = {-2.7, -0.4, 3.7};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(next.means()(k, 0), expected["mu"][k].get<double>(), kTolerance);
    EXPECT_NEAR(next.means()(k, 0), printed[k], 0.05);
  }
  EXPECT_EQ(next.covariances().values(), start().covariances().values());
  EXPECT_EQ(next.weights(), start().weights());
}

TEST(WorkedExample, UpdateOfTheCovariancesAfterThatOfTheMeans) {
  const Mixture with_means = updated(start(), {.weights = true, .covariances = true});
  const Mixture next = updated(with_means, {.weights = true, .means = true});
  const json expected = stored("mml_1d_trace.json")[1];
  const double printed[] = {0.14, 0.44, 1.53};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(next.variance(k, 0), expected["var"][k].get<double>(), kTolerance);
    EXPECT_NEAR(next.variance(k, 0), printed[k], 0.005);
  }
  EXPECT_EQ(next.means(), with_means.means());
}

TEST(WorkedExample, UpdateOfTheWeightsAlone) {
  const Mixture next = updated(start(), {.means = true, .covariances = true});
  const json expected = stored("mml_1d_trace.json")[1];
  const double printed[] = {0.29, 0.29, 0.42};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(next.weights()[k], expected["w"][k].get<double>(), kTolerance);
    EXPECT_NEAR(next.weights()[k], printed[k], 0.005);
  }
  EXPECT_EQ(next.means(), start().means());
  EXPECT_EQ(next.covariances().values(), start().covariances().values());
}

TEST(WorkedExample, TheUpdatesOneByOneAreTheMStep) {
  const Mixture all = updated(start(), {});
  Mixture one = updated(start(), {.weights = true, .covariances = true});
  one = updated(one, {.weights = true, .means = true});
  one = updated(one, {.means = true, .covariances = true});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(one.means()(k, 0), all.means()(k, 0), 1e-14);
    EXPECT_NEAR(one.variance(k, 0), all.variance(k, 0), 1e-14);
    EXPECT_NEAR(one.weights()[k], all.weights()[k], 1e-14);
  }
}

FitOptions exact_em(const Mixture& from, std::size_t iterations) {
  FitOptions options;
  options.n_components = from.n_components();
  options.init = from;
  options.tol = 0;
  options.reg_covar = 0;
  options.max_iter = iterations;
  options.acceleration = mogul::AccelerationMethod::none;
  options.degenerate = mogul::DegeneratePolicy::error;
  return options;
}

TEST(WorkedExample, EveryIterationOfEmIsTheStoredOne) {
  const json trace = stored("mml_1d_trace.json");
  FitOptions options = exact_em(start(), trace.back()["it"].get<std::size_t>());
  std::size_t checked = 0;
  options.callback = [&](const mogul::Iteration& iteration) {
    for (const json& state : trace) {
      if (state["it"].get<std::size_t>() != iteration.iteration) continue;
      EXPECT_NEAR(-iteration.stats.log_likelihood, state["nll"].get<double>(), kTolerance);
      expect_state(iteration.model, state);
      ++checked;
    }
    return true;
  };
  const FitResult result = fit(kRows, options);
  EXPECT_EQ(checked, 31u) << "iterations 0 to 29, and 200";
  EXPECT_NEAR(-result.report.history[0], 28.3, 0.05) << "as printed in the notes";
  EXPECT_NEAR(-result.report.history[1], 14.4, 0.05) << "as printed in the notes";
  expect_state(result.mixture, trace.back());
}

TEST(WorkedExample, TheTwoDimensionalExampleTakesTheStoredPath) {
  const json trace = stored("mml_2d_trace.json");
  Matrix means(3, 2);
  std::vector<double> identities;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < 2; ++d) means(k, d) = trace["init"]["means"][k][d].get<double>();
    identities.insert(identities.end(), {1, 0, 0, 1});
  }
  const Mixture from(mogul::families::full, std::vector<double>(3, 1.0 / 3), means, identities);
  const std::size_t iterations = trace["iterations"].get<std::size_t>();
  const FitResult result = fit(mogul::read_dataset(MOGUL_TEST_DATA "/mml_tutorial_2d.csv"), exact_em(from, iterations));
  // The start is a crossroads: its three means nearly coincide, and what separates them grows by orders of magnitude,
  // and the rounding errors of both programs with it. Relative to the 5762 nats of the start.
  ASSERT_EQ(result.report.history.size(), trace["nll"].size());
  for (std::size_t i = 0; i <= iterations; ++i) {
    EXPECT_NEAR(-result.report.history[i], trace["nll"][i].get<double>(), kTolerance * 5762) << "iteration " << i;
  }
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(result.mixture.weights()[k], trace["weights"][k].get<double>(), kTolerance);
    const Matrix covariance = result.mixture.covariance(k);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(result.mixture.means()(k, i), trace["means"][k][i].get<double>(), kTolerance);
      for (std::size_t j = 0; j < 2; ++j) {
        EXPECT_NEAR(covariance(i, j), trace["covs"][k][i][j].get<double>(), kTolerance);
      }
    }
  }
}

// The stop of that run: the change of the total log-likelihood below 1e-6 at iteration 89.
TEST(WorkedExample, TheTwoDimensionalExampleConvergesAtTheStoredIteration) {
  const json trace = stored("mml_2d_trace.json");
  Matrix means(3, 2);
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < 2; ++d) means(k, d) = trace["init"]["means"][k][d].get<double>();
  }
  const Mixture from(mogul::families::full, std::vector<double>(3, 1.0 / 3), means,
                     {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1});
  const mogul::Dataset data = mogul::read_dataset(MOGUL_TEST_DATA "/mml_tutorial_2d.csv");
  FitOptions options = exact_em(from, 1000);
  options.tol = 1e-6 / static_cast<double>(data.rows());  // ours compares means over the rows
  const FitResult result = fit(data, options);
  EXPECT_TRUE(result.report.termination.converged());
  EXPECT_EQ(result.report.iterations, trace["iterations"].get<std::size_t>());
}

}  // namespace
