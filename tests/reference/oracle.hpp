// The slow oracle: a Gaussian mixture and its EM algorithm as the textbook prints them, in long double, with nothing
// streamed, packed or shared with src/. Every result of the library is compared with it; oracle_test.cpp compares it
// with closed forms. Formulas: docs/notation.md, Bishop (2006) chapter 9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace oracle {

using Real = long double;
using Row = std::vector<Real>;
using Table = std::vector<Row>;  // a matrix, row by row

struct Data {
  Table x;  // (N, D)
  Row w;    // (N)
};

struct Model {
  mogul::CovarianceFamily structure = mogul::families::full;
  Row weights;                     // (K)
  Table means;                     // (K, D)
  std::vector<Table> covariances;  // K times (D, D), whatever the structure
};

// Small linear algebra.
Table cholesky(const Table& a);                 // lower L with a = L L^T; throws std::domain_error if a is not PD
Row solve_lower(const Table& l, const Row& b);  // y with L y = b
Real log_determinant(const Table& a);           // of a positive definite matrix
Real log_sum_exp(const Row& values);            // log sum_i exp(values_i)

// What a model says about rows. (N, K) tables have a row per data row.
Table squared_mahalanobis(const Model& model, const Data& data);
Table component_log_densities(const Model& model, const Data& data);
Table log_joint(const Model& model, const Data& data);
Row log_densities(const Model& model, const Data& data);
Table responsibilities(const Model& model, const Data& data);
std::vector<std::int32_t> labels(const Model& model, const Data& data);
Real log_likelihood(const Model& model, const Data& data);
Real complete_log_likelihood(const Model& model, const Data& data, const std::vector<std::int32_t>& z);
Real expected_complete_log_likelihood(const Model& model, const Data& data, const Table& r);
Real entropy(const Data& data, const Table& r);

// Sums of w r (x - shift)^p over the rows, p = 0, 1, 2; with absolute = true the sums of the terms' absolute values,
// which are the scale of a sum's rounding error.
struct Sums {
  Row n;                      // (K)
  Table first;                // (K, D)
  std::vector<Table> second;  // K times (D, D)
};
Sums sums(const Data& data, const Table& r, const Table& shift, bool absolute = false);

// Scale of the rounding error of second moments that are summed about one centre of the means: the centre is at most as
// far from a row as the farthest mean, and half as far again. sum_n w_n (1.5 max_k |x_n - mu_k|)^2.
Real pooled_scale(const Data& data, const Table& means);

// The M-step from responsibilities, in two passes: means first, then moments about them. Held parameters are
// `current`'s; a held mean is what the covariance is taken about.
Model m_step(const Model& current, const Data& data, const Table& r, const mogul::MStepOptions& options);

// Exactly `iterations` times E-step and M-step.
struct Trace {
  Model model;
  Row log_likelihoods;  // of the start and after each iteration
};
Trace em(const Model& start, const Data& data, const mogul::MStepOptions& options, std::size_t iterations);

Table one_hot(const std::vector<std::int32_t>& z, std::size_t n_components);
std::size_t n_parameters(const Model& model);
Model marginal(const Model& model, const std::vector<std::size_t>& features);

// Criteria; lower is better.
struct Criteria {
  Real aic, bic, icl;
};
Criteria criteria(const Model& model, const Data& data);

Real sum(const Row& values);

}  // namespace oracle
