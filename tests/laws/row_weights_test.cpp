// What a row's weight means, on random problems: 2 is a duplicated row, 0 an absent one, and a fit feels ratios only.
#include <cfloat>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::DataView;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using oracle::Problem;

// A problem's rows, each repeated as often as its integer weight says.
struct Counted {
  Matrix rows;
  std::vector<double> counts;  // 0, 1, 2 or 3
  Matrix repeated;
};

Counted counted(const Problem& problem) {
  const DataView view = problem.view();
  oracle::Dice dice(problem.shape().seed + 1);
  Counted out;
  out.rows = Matrix(view.rows(), view.cols());
  std::vector<double> values;
  for (std::size_t n = 0; n < view.rows(); ++n) {
    out.counts.push_back(n == 0 ? 2 : static_cast<double>(dice.index(4)));
    for (std::size_t d = 0; d < view.cols(); ++d) out.rows(n, d) = view.value(n, d);
    for (int copy = 0; copy < out.counts[n]; ++copy) {
      values.insert(values.end(), out.rows.row(n).begin(), out.rows.row(n).end());
    }
  }
  const std::size_t n_repeated = values.size() / view.cols();
  out.repeated = Matrix(n_repeated, view.cols(), std::move(values));
  return out;
}

FitResult few_iterations(const DataView& data, const Problem& problem) {
  FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = problem.shape().structure;
  options.init = problem.model();
  options.max_iter = 3;
  options.tol = 0;
  options.reg_covar = 0.01 * problem.shape().scale * problem.shape().scale;
  return fit(data, options);
}

// See reference/fit_test.cpp for one step, symmetry_test.cpp for three, and the rounding of means far from the origin.
double limit(const Problem& problem) {
  const oracle::Shape& shape = problem.shape();
  return 1110 * (static_cast<double>(shape.n) + 1000 * static_cast<double>(shape.d)) * (1 + shape.offset / shape.scale);
}

void check_same_fit(const Problem& problem, const FitResult& a, const FitResult& b) {
  RC_ASSERT(oracle::worst_parameter_in_eps(a.mixture, oracle::from(b.mixture)) <= limit(problem));
  RC_ASSERT(std::abs(a.report.mean_log_likelihood - b.report.mean_log_likelihood) <= limit(problem) * DBL_EPSILON * 60);
}

RC_GTEST_PROP(RowWeights, AnIntegerWeightIsThatManyEqualRows, ()) {
  const Problem problem(*oracle::fit_shape());
  const Counted data = counted(problem);
  const FitResult weighted = few_iterations(DataView(data.rows, data.counts), problem);
  const FitResult repeated = few_iterations(data.repeated, problem);
  check_same_fit(problem, weighted, repeated);
  RC_ASSERT(weighted.report.sum_weights == repeated.report.sum_weights);
  RC_ASSERT(std::abs(weighted.report.bic / repeated.report.bic - 1) <= limit(problem) * DBL_EPSILON * 60);
}

RC_GTEST_PROP(RowWeights, AnIntegerWeightIsThatManyEqualRowsInTheStatistics, ()) {
  const Problem problem(*oracle::fit_shape());
  const Counted data = counted(problem);
  const mogul::Stats weighted = accumulate(problem.model(), DataView(data.rows, data.counts));
  const mogul::Stats repeated = accumulate(problem.model(), data.repeated);
  // Sums over up to 3 N equal terms in another order: one eps of their absolute sum for each.
  const double c = 3 * static_cast<double>(data.rows.rows()) * DBL_EPSILON;
  for (std::size_t k = 0; k < weighted.n_components(); ++k) {
    RC_ASSERT(std::abs(weighted.n[k] - repeated.n[k]) <= c * repeated.n[k]);
  }
  RC_ASSERT(std::abs(weighted.log_likelihood - repeated.log_likelihood) <= c * 60 * weighted.sum_weights);
  RC_ASSERT(std::abs(weighted.entropy - repeated.entropy) <= c * 60 * weighted.sum_weights);
}

RC_GTEST_PROP(RowWeights, ARowOfWeightZeroIsAbsentWhereverItLies, ()) {
  const Problem problem(*oracle::fit_shape());
  Counted data = counted(problem);
  const FitResult with = few_iterations(DataView(data.rows, data.counts), problem);
  for (std::size_t n = 0; n < data.rows.rows(); ++n) {
    if (data.counts[n] > 0) continue;
    for (double& value : data.rows.row(n)) value = 1e12 * problem.shape().scale;
  }
  check_same_fit(problem, few_iterations(DataView(data.rows, data.counts), problem), with);
}

RC_GTEST_PROP(RowWeights, OnlyTheirRatiosMatterToAFit, ()) {
  const Problem problem(*oracle::fit_shape());
  Counted data = counted(problem);
  const FitResult plain = few_iterations(DataView(data.rows, data.counts), problem);
  for (double& weight : data.counts) weight *= 0x1p-40;  // a power of two: not one rounding differs
  const FitResult light = few_iterations(DataView(data.rows, data.counts), problem);
  RC_ASSERT(light.mixture == plain.mixture);
  RC_ASSERT(light.report.log_likelihood == plain.report.log_likelihood * 0x1p-40);
}

RC_GTEST_PROP(RowWeights, NoWeightsAreWeightsOfOneToTheLastBit, ()) {
  const Problem problem(*oracle::fit_shape());
  const Counted data = counted(problem);
  const std::vector<double> ones(data.rows.rows(), 1.0);
  RC_ASSERT(accumulate(problem.model(), data.rows) == accumulate(problem.model(), DataView(data.rows, ones)));
  RC_ASSERT(few_iterations(data.rows, problem).mixture == few_iterations(DataView(data.rows, ones), problem).mixture);
}

RC_GTEST_PROP(RowWeights, ScoresOfARowDoNotDependOnItsWeight, ()) {
  const Problem problem(*oracle::fit_shape());
  const Counted data = counted(problem);
  const DataView weighted(data.rows, data.counts);
  RC_ASSERT(log_densities(problem.model(), weighted) == log_densities(problem.model(), data.rows));
  RC_ASSERT(responsibilities(problem.model(), weighted) == responsibilities(problem.model(), data.rows));
  RC_ASSERT(labels(problem.model(), weighted) == labels(problem.model(), data.rows));
}

}  // namespace
