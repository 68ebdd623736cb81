// Symmetries, on random problems: the order of rows and components changes nothing but order; shifted, scaled and
// rotated data move the model along.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;
using oracle::Dice;
using oracle::Problem;

std::vector<std::size_t> random_order(Dice& dice, std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[dice.index(i)]);
  return order;
}

// The rows of a problem as plain values, so that they can be transformed.
Matrix rows_of(const Problem& problem) {
  const DataView view = problem.view();
  Matrix x(view.rows(), view.cols());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < x.cols(); ++d) x(n, d) = view.value(n, d);
  }
  return x;
}

FitResult few_iterations(const DataView& data, const Mixture& start, double reg_covar = 0) {
  FitOptions options;
  options.n_components = start.n_components();
  options.covariance = start.family();
  options.init = start;
  options.max_iter = 3;
  options.tol = 0;
  options.acceleration = mogul::AccelerationMethod::none;
  options.reg_covar = reg_covar;
  options.degenerate = mogul::DegeneratePolicy::error;
  return fit(data, options);
}

// Three iterations, each of which adds N + 1000 D eps (see reference/fit_test.cpp) and enlarges what it inherits, on
// these overlapping problems by less than 10 each: 10 + 100 + 1000.
double limit(const Problem& problem) {
  return 1110 * (static_cast<double>(problem.shape().n) + 1000 * static_cast<double>(problem.shape().d));
}
double likelihood_rounding(const Problem& problem, const FitResult& result) {
  return limit(problem) * DBL_EPSILON * 60 * result.report.sum_weights;
}

oracle::Shape centred_shape() {
  oracle::Shape shape = *oracle::fit_shape();
  shape.offset = 0;
  shape.scale = 1;
  return shape;
}

RC_GTEST_PROP(Symmetry, ARowsScoresDoNotDependOnTheOtherRows, ()) {
  const Problem problem(*oracle::any_shape());
  const Matrix x = rows_of(problem);
  const std::vector<double> together = log_densities(problem.model(), x);
  const Matrix r = responsibilities(problem.model(), x);
  for (std::size_t n = 0; n < x.rows(); n += 1 + x.rows() / 8) {
    const Matrix alone(1, x.cols(), {x.row(n).begin(), x.row(n).end()});
    RC_ASSERT(log_densities(problem.model(), alone)[0] == together[n]);
    const Matrix r_alone = responsibilities(problem.model(), alone);
    RC_ASSERT(std::equal(r.row(n).begin(), r.row(n).end(), r_alone.row(0).begin()));
  }
}

RC_GTEST_PROP(Symmetry, TheOrderOfRowsDoesNotMatterToAFit, ()) {
  const Problem problem(centred_shape());
  Dice dice(problem.shape().seed);
  const Matrix x = rows_of(problem);
  const std::vector<std::size_t> order = random_order(dice, x.rows());
  Matrix shuffled(x.rows(), x.cols());
  std::vector<double> weights(problem.weights().size());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    std::copy(x.row(order[n]).begin(), x.row(order[n]).end(), shuffled.row(n).begin());
    if (!weights.empty()) weights[n] = problem.weights()[order[n]];
  }
  const FitResult plain = few_iterations(problem.view(), problem.model());
  const FitResult other = few_iterations(DataView(shuffled, weights), problem.model());
  RC_ASSERT(oracle::worst_parameter_in_eps(other.mixture, oracle::from(plain.mixture)) <= limit(problem));
  RC_ASSERT(std::abs(other.report.log_likelihood - plain.report.log_likelihood) <= likelihood_rounding(problem, plain));
}

RC_GTEST_PROP(Symmetry, TheOrderOfComponentsDoesNotMatterToAFit, ()) {
  const Problem problem(centred_shape());
  Dice dice(problem.shape().seed);
  const std::vector<std::size_t> order = random_order(dice, problem.shape().k);
  const FitResult plain = few_iterations(problem.view(), problem.model());
  const FitResult other = few_iterations(problem.view(), problem.model().permuted(order));
  const oracle::Model expected = oracle::from(plain.mixture.permuted(order));
  RC_ASSERT(oracle::worst_parameter_in_eps(other.mixture, expected) <= limit(problem));
}

RC_GTEST_PROP(Symmetry, PermutedComponentsHaveTheSameDensityAndPermutedPosteriors, ()) {
  const Problem problem(*oracle::any_shape());
  Dice dice(problem.shape().seed);
  const std::vector<std::size_t> order = random_order(dice, problem.shape().k);
  const Mixture permuted = problem.model().permuted(order);
  const Matrix joint = log_joint(problem.model(), problem.view());
  const Matrix other = log_joint(permuted, problem.view());
  for (std::size_t n = 0; n < joint.rows(); ++n) {
    for (std::size_t k = 0; k < order.size(); ++k) RC_ASSERT(other(n, k) == joint(n, order[k]));
  }
  const std::vector<double> density = log_densities(problem.model(), problem.view());
  const std::vector<double> permuted_density = log_densities(permuted, problem.view());
  for (std::size_t n = 0; n < density.size(); ++n) {
    // The K exponentials are added in another order, and log takes their relative error as an absolute one.
    const double c = 4 * static_cast<double>(order.size());
    RC_ASSERT(std::abs(density[n] - permuted_density[n]) <= c * DBL_EPSILON * (1 + std::abs(density[n])));
  }
}

// Transforms: x -> x', with the start moved along by hand; the fit must arrive at the transformed result.
Mixture moved(const Mixture& model, const oracle::Table& matrix, const oracle::Row& shift) {
  oracle::Model out = oracle::from(model);
  const std::size_t d = shift.size();
  for (std::size_t k = 0; k < out.means.size(); ++k) {
    const oracle::Row mean = out.means[k];
    const oracle::Table covariance = out.covariances[k];
    for (std::size_t i = 0; i < d; ++i) {
      out.means[k][i] = shift[i];
      for (std::size_t j = 0; j < d; ++j) out.means[k][i] += matrix[i][j] * mean[j];
      for (std::size_t j = 0; j < d; ++j) {
        out.covariances[k][i][j] = 0;
        for (std::size_t a = 0; a < d; ++a) {
          for (std::size_t b = 0; b < d; ++b)
            out.covariances[k][i][j] += matrix[i][a] * covariance[a][b] * matrix[j][b];
        }
      }
    }
  }
  return oracle::to_mixture(out);
}

Matrix moved(const Matrix& x, const oracle::Table& matrix, const oracle::Row& shift) {
  oracle::Table out = oracle::from(x);
  for (oracle::Row& row : out) {
    const oracle::Row old = row;
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = shift[i];
      for (std::size_t j = 0; j < row.size(); ++j) row[i] += matrix[i][j] * old[j];
    }
  }
  return oracle::to_matrix(out);
}

oracle::Table diagonal(const oracle::Row& entries) {
  oracle::Table out(entries.size(), oracle::Row(entries.size(), 0));
  for (std::size_t d = 0; d < entries.size(); ++d) out[d][d] = entries[d];
  return out;
}

// A product of plane rotations by random angles.
oracle::Table random_rotation(Dice& dice, std::size_t size) {
  oracle::Table out = diagonal(oracle::Row(size, 1));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = i + 1; j < size; ++j) {
      const oracle::Real angle = 6 * dice.uniform();
      for (oracle::Row& row : out) {
        const oracle::Real a = row[i], b = row[j];
        row[i] = std::cos(angle) * a - std::sin(angle) * b;
        row[j] = std::sin(angle) * a + std::cos(angle) * b;
      }
    }
  }
  return out;
}

// Fits x and A x + b from matching starts. |A|'s log-determinant is what each log-density loses.
void check_equivariance(const Problem& problem, const oracle::Table& matrix, const oracle::Row& shift,
                        double log_determinant, double reg_covar, double reg_covar_moved, double rounding) {
  const Matrix x = rows_of(problem);
  const FitResult plain = few_iterations(DataView(x, problem.weights()), problem.model(), reg_covar);
  const FitResult other = few_iterations(DataView(moved(x, matrix, shift), problem.weights()),
                                         moved(problem.model(), matrix, shift), reg_covar_moved);
  const oracle::Model expected = oracle::from(moved(plain.mixture, matrix, shift));
  RC_ASSERT(oracle::worst_parameter_in_eps(other.mixture, expected) <= rounding * limit(problem));
  const double expected_likelihood = plain.report.log_likelihood - plain.report.sum_weights * log_determinant;
  RC_ASSERT(std::abs(other.report.log_likelihood - expected_likelihood) <=
            rounding * likelihood_rounding(problem, plain));
}

RC_GTEST_PROP(Symmetry, ShiftedDataShiftTheMeansOnly, ()) {
  const Problem problem(centred_shape());
  const std::size_t d = problem.shape().d;
  const double shift = *rc::gen::element(10.0, 1e3, 1e6);
  // The shifted values are rounded to eps * shift, in units of the standard deviation 1.
  check_equivariance(problem, diagonal(oracle::Row(d, 1)), oracle::Row(d, shift), 0, 0.1, 0.1, 1 + shift);
}

RC_GTEST_PROP(Symmetry, ScaledDataScaleTheModel, ()) {
  const Problem problem(centred_shape());
  const std::size_t d = problem.shape().d;
  const double scale = *rc::gen::element(1e-8, 0.3, 7.0, 1e8);
  const double log_determinant = static_cast<double>(d) * std::log(scale);
  check_equivariance(problem, diagonal(oracle::Row(d, scale)), oracle::Row(d, 0), log_determinant, 0.1,
                     0.1 * scale * scale, 1 + std::abs(log_determinant) / 60);
}

RC_GTEST_PROP(Symmetry, FeaturesMayHaveTheirOwnUnits, ()) {
  oracle::Shape shape = centred_shape();
  shape.structure = *rc::gen::element(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                      mogul::families::tied_diagonal);
  const Problem problem(shape);
  Dice dice(shape.seed + 1);
  oracle::Row units;
  double log_determinant = 0;
  for (std::size_t d = 0; d < shape.d; ++d) {
    units.push_back(std::pow(10.0, 12 * dice.uniform() - 6));
    log_determinant += std::log(static_cast<double>(units[d]));
  }
  check_equivariance(problem, diagonal(units), oracle::Row(shape.d, 0), log_determinant, 0, 0,
                     1 + std::abs(log_determinant) / 60);
}

RC_GTEST_PROP(Symmetry, RotatedDataRotateTheModel, ()) {
  oracle::Shape shape = centred_shape();
  shape.structure = *rc::gen::element(mogul::families::full, mogul::families::tied, mogul::families::spherical,
                                      mogul::families::tied_spherical);
  const Problem problem(shape);
  Dice dice(shape.seed + 1);
  check_equivariance(problem, random_rotation(dice, shape.d), oracle::Row(shape.d, 0), 0, 0.1, 0.1, 1);
}

}  // namespace
