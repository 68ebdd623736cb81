// The slow oracle itself, against closed forms, numbers worked out by hand, and the worked example of the notes.
#include "reference/oracle.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using mogul::CovarianceFamily;
using oracle::Data;
using oracle::Model;
using oracle::Real;
using oracle::Row;
using oracle::Table;

constexpr Real kLogTwoPi = 1.837877066409345483560659472811235279722794947275566825634L;
// A handful of long double operations on numbers near 1.
constexpr double kTolerance = 1e-17;

Model standard_normals(const Table& means) {
  const std::size_t k = means.size();
  const std::size_t d = means.front().size();
  Table identity(d, Row(d, 0));
  for (std::size_t i = 0; i < d; ++i) identity[i][i] = 1;
  Model model;
  model.weights.assign(k, Real(1) / static_cast<Real>(k));
  model.means = means;
  model.covariances.assign(k, identity);
  return model;
}

void expect_close(Real actual, Real expected, double tolerance = kTolerance) {
  EXPECT_LE(std::abs(actual - expected), tolerance * (1 + std::abs(expected)))
      << static_cast<double>(actual) << " against " << static_cast<double>(expected);
}

TEST(Oracle, CholeskyFactorOfATwoByTwoMatrixIsTheOneByHand) {
  const Table l = oracle::cholesky({{4, 2}, {2, 3}});
  expect_close(l[0][0], 2);
  expect_close(l[1][0], 1);
  expect_close(l[1][1], std::sqrt(Real(2)));
  EXPECT_EQ(l[0][1], 0);
  expect_close(oracle::log_determinant({{4, 2}, {2, 3}}), std::log(Real(8)));
  const Row y = oracle::solve_lower({{2, 0}, {1, 4}}, {6, 11});
  expect_close(y[0], 3);
  expect_close(y[1], 2);
}

TEST(Oracle, CholeskyOfAnIndefiniteMatrixThrows) {
  EXPECT_THROW(oracle::cholesky({{1, 2}, {2, 1}}), std::domain_error);
  EXPECT_THROW(oracle::cholesky({{0}}), std::domain_error);
}

TEST(Oracle, LogSumExpOfTinyTermsDoesNotUnderflow) {
  expect_close(oracle::log_sum_exp({-100000, -100000}), -100000 + std::numbers::ln2_v<Real>);
  expect_close(oracle::log_sum_exp({-INFINITY, 3}), 3);
}

TEST(Oracle, OneDimensionalNormalHasItsClosedForm) {
  const Model model{mogul::families::full, {1}, {{2}}, {{{9}}}};
  const Data data{{{5}, {2}}, {1, 1}};
  const Table density = oracle::component_log_densities(model, data);
  expect_close(density[0][0], -(kLogTwoPi + std::log(Real(9)) + 1) / 2);
  expect_close(density[1][0], -(kLogTwoPi + std::log(Real(9))) / 2);
  expect_close(oracle::squared_mahalanobis(model, data)[0][0], 1);
}

TEST(Oracle, BivariateNormalWithCorrelationHasItsClosedForm) {
  const Real s1 = 2, s2 = 3, rho = Real(1) / 4;
  const Model model{mogul::families::full, {1}, {{1, -1}}, {{{s1 * s1, rho * s1 * s2}, {rho * s1 * s2, s2 * s2}}}};
  const Data data{{{Real(1.5), 2}}, {1}};
  const Real u = (Real(1.5) - 1) / s1, v = (Real(2) + 1) / s2;
  const Real quadratic = (u * u - 2 * rho * u * v + v * v) / (1 - rho * rho);
  const Real expected = -kLogTwoPi - std::log(s1) - std::log(s2) - std::log(1 - rho * rho) / 2 - quadratic / 2;
  expect_close(oracle::component_log_densities(model, data)[0][0], expected);
  expect_close(oracle::log_densities(model, data)[0], expected);
}

TEST(Oracle, TwoUnitNormalsHaveLogisticResponsibilities) {
  const Model model = standard_normals({{1}, {-1}});
  const Data data{{{0}, {Real(0.75)}, {-40}}, {1, 1, 1}};
  const Table r = oracle::responsibilities(model, data);
  for (std::size_t n = 0; n < data.x.size(); ++n) {
    expect_close(r[n][0], 1 / (1 + std::exp(-2 * data.x[n][0])));
    expect_close(r[n][0] + r[n][1], 1);
  }
  EXPECT_EQ(oracle::labels(model, data), (std::vector<std::int32_t>{0, 0, 1}));  // row 0 ties: the lowest wins
  expect_close(oracle::entropy({{{0}}, {3}}, oracle::responsibilities(model, {{{0}}, {3}})),
               3 * std::numbers::ln2_v<Real>);
}

TEST(Oracle, LogLikelihoodIsQPlusH) {
  const Model model = standard_normals({{1, 0}, {-1, 2}, {0, 0}});
  const Data data{{{0, 1}, {3, -1}, {-2, Real(0.5)}}, {1, 2, Real(0.25)}};
  const Table r = oracle::responsibilities(model, data);
  expect_close(oracle::log_likelihood(model, data),
               oracle::expected_complete_log_likelihood(model, data, r) + oracle::entropy(data, r));
}

TEST(Oracle, CompleteLogLikelihoodIsQAtOneHotResponsibilities) {
  const Model model = standard_normals({{1}, {-1}});
  const Data data{{{1}, {-1}, {0}}, {1, 1, 2}};
  // Two rows at their component's mean, one row of weight 2 at distance 1; every log pi is -log 2.
  const Real expected = 4 * (-std::numbers::ln2_v<Real> - kLogTwoPi / 2) - 1;
  expect_close(oracle::complete_log_likelihood(model, data, {0, 1, 1}), expected);
  expect_close(oracle::expected_complete_log_likelihood(model, data, oracle::one_hot({0, 1, 1}, 2)), expected);
}

TEST(Oracle, OneComponentMaximisesToTheMeanAndCovariance) {
  const Data data{{{0, 0}, {2, 0}, {0, 2}, {2, 2}, {1, 6}}, {1, 1, 1, 1, 1}};
  const Model model = oracle::m_step({}, data, Table(5, Row{1}), {});
  expect_close(model.weights[0], 1);
  expect_close(model.means[0][0], 1);
  expect_close(model.means[0][1], 2);
  expect_close(model.covariances[0][0][0], Real(4) / 5);
  expect_close(model.covariances[0][1][1], Real(24) / 5);
  expect_close(model.covariances[0][0][1], 0);
  // At the maximum sum (x - mu)^T S^-1 (x - mu) = N D.
  expect_close(oracle::log_likelihood(model, data), -Real(5) / 2 * (2 * kLogTwoPi + std::log(Real(96) / 25) + 2));
}

TEST(Oracle, MStepOfTwoComponentsIsTheOneByHandForEveryStructure) {
  // Component 0 has rows (0,0), (2,4); component 1 has (10,0) of weight 2 and (14,0) of weight 2.
  const Data data{{{0, 0}, {2, 4}, {10, 0}, {14, 0}}, {1, 1, 2, 2}};
  const Table r = oracle::one_hot({0, 0, 1, 1}, 2);
  const auto covariances = [&](CovarianceFamily structure) {
    mogul::MStepOptions options;
    options.covariance = structure;
    options.reg_covar = 0.5;
    const Model model = oracle::m_step({}, data, r, options);
    expect_close(model.weights[0], Real(1) / 3);
    expect_close(model.means[1][0], 12);
    return model.covariances;
  };
  const auto full = covariances(mogul::families::full);
  EXPECT_EQ(full[0], (Table{{1.5, 2}, {2, 4.5}}));
  EXPECT_EQ(full[1], (Table{{4.5, 0}, {0, 0.5}}));
  const auto tied = covariances(mogul::families::tied);
  EXPECT_EQ(tied[0], tied[1]);
  expect_close(tied[0][0][0], 3 + Real(0.5));  // (2 * 1 + 4 * 4) / 6
  expect_close(tied[0][0][1], Real(4) / 6);
  EXPECT_EQ(covariances(mogul::families::diagonal)[0], (Table{{1.5, 0}, {0, 4.5}}));
  expect_close(covariances(mogul::families::tied_diagonal)[1][1][1], Real(8) / 6 + Real(0.5));
  EXPECT_EQ(covariances(mogul::families::spherical)[0], (Table{{3, 0}, {0, 3}}));
  expect_close(covariances(mogul::families::tied_spherical)[0][0][0], Real(26) / 12 + Real(0.5));
}

TEST(Oracle, HeldParametersStayAndAHeldMeanCentresTheCovariance) {
  const Model current{mogul::families::full, {Real(0.25), Real(0.75)}, {{1}, {5}}, {{{2}}, {{3}}}};
  const Data data{{{0}, {2}, {4}}, {1, 1, 1}};
  mogul::MStepOptions options;
  options.hold = {.weights = true, .means = true};
  const Model next = oracle::m_step(current, data, oracle::one_hot({0, 0, 1}, 2), options);
  EXPECT_EQ(next.weights, current.weights);
  EXPECT_EQ(next.means, current.means);
  expect_close(next.covariances[0][0][0], 1);
  expect_close(next.covariances[1][0][0], 1);
  options.hold = {.weights = true, .covariances = true};
  EXPECT_EQ(oracle::m_step(current, data, oracle::one_hot({0, 0, 1}, 2), options).covariances, current.covariances);
}

TEST(Oracle, ParametersAreCountedAsInTheTable) {
  Model model = standard_normals({{0, 0, 0}, {1, 1, 1}});  // K = 2, D = 3: 1 weight and 6 means
  const auto count = [&](CovarianceFamily structure) {
    model.structure = structure;
    return oracle::n_parameters(model);
  };
  EXPECT_EQ(count(mogul::families::full), 7 + 12u);
  EXPECT_EQ(count(mogul::families::tied), 7 + 6u);
  EXPECT_EQ(count(mogul::families::diagonal), 7 + 6u);
  EXPECT_EQ(count(mogul::families::tied_diagonal), 7 + 3u);
  EXPECT_EQ(count(mogul::families::spherical), 7 + 2u);
  EXPECT_EQ(count(mogul::families::tied_spherical), 7 + 1u);
}

TEST(Oracle, MarginalTakesSubVectorsAndSubMatrices) {
  const Model model{mogul::families::full, {1}, {{1, 2, 3}}, {{{4, 1, 2}, {1, 5, 3}, {2, 3, 6}}}};
  const Model part = oracle::marginal(model, {2, 0});
  EXPECT_EQ(part.means[0], (Row{3, 1}));
  EXPECT_EQ(part.covariances[0], (Table{{6, 2}, {2, 4}}));
}

TEST(Oracle, CriteriaOfOneComponentFollowFromItsLikelihood) {
  const Model model = standard_normals({{0}});
  const Data data{{{0}, {1}}, {1, 3}};
  const Real likelihood = -2 * kLogTwoPi - Real(1.5);
  const oracle::Criteria criteria = oracle::criteria(model, data);
  expect_close(criteria.aic, -2 * likelihood + 4);
  expect_close(criteria.bic, -2 * likelihood + 2 * std::log(Real(4)));
  expect_close(criteria.icl, criteria.bic);  // with one component the labels are certain
}

TEST(Oracle, ReproducesTheWorkedExampleOfTheNotes) {
  const auto trace = nlohmann::json::parse(std::ifstream(MOGUL_TEST_DATA "/mml_1d_trace.json"));
  const Data data{{{-3}, {-2.5}, {-1}, {0}, {2}, {4}, {5}}, Row(7, 1)};
  Model model{mogul::families::full, Row(3, Real(1) / 3), {{-4}, {0}, {8}}, {{{1}}, {{0.2}}, {{3}}}};
  // The stored numbers are doubles: 16 digits, and EM on them amplified their rounding a little.
  constexpr double kStored = 1e-12;
  for (std::size_t i = 0; i + 1 < trace.size() && trace[i]["it"] == i; ++i) {
    expect_close(-oracle::log_likelihood(model, data), trace[i]["nll"].get<double>(), kStored);
    for (std::size_t k = 0; k < 3; ++k) {
      expect_close(model.means[k][0], trace[i]["mu"][k].get<double>(), kStored);
      expect_close(model.covariances[k][0][0], trace[i]["var"][k].get<double>(), kStored);
      expect_close(model.weights[k], trace[i]["w"][k].get<double>(), kStored);
    }
    model = oracle::m_step(model, data, oracle::responsibilities(model, data), {});
  }
}

}  // namespace
