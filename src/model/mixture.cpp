// The mixture's invariant, checked where it is made, and what follows from its parameters alone.

#include "mogul/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "base/check_rows.hpp"
#include "base/cholesky.hpp"
#include "base/made_once.hpp"

namespace mogul {
namespace {

using enum CovarianceStructure;

bool has_matrices(CovarianceStructure structure) { return structure == full || structure == tied; }

std::string covariance_name(CovarianceStructure structure, std::size_t k) {
  return is_tied(structure) ? "the shared covariance" : fmt::format("the covariance of component {}", k);
}

void check_weights(const std::vector<double>& weights) {
  if (weights.empty()) throw invalid_argument("weights are empty; a mixture has at least one component");
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (!(weights[k] >= 0 && weights[k] <= 1 + 1e-8)) {
      throw invalid_argument(fmt::format("weights[{}] = {}; must lie in [0, 1]", k, weights[k]));
    }
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (std::abs(sum - 1) > 1e-8) throw invalid_argument(fmt::format("weights sum to {}; must sum to 1", sum));
}

void check_means(const Matrix& means, std::size_t n_components) {
  if (means.rows() != n_components || means.cols() == 0) {
    throw invalid_argument(
        fmt::format("means have shape ({}, {}); must have a row for each of the {} weights and at "
                    "least one column",
                    means.rows(), means.cols(), n_components));
  }
  for (std::size_t k = 0; k < means.rows(); ++k) {
    for (std::size_t d = 0; d < means.cols(); ++d) {
      if (!(std::abs(means(k, d)) <= kLargestValue)) {
        throw invalid_argument(
            fmt::format("means[{}][{}] = {}; must be finite and at most 1e100 in magnitude", k, d, means(k, d)));
      }
    }
  }
}

bool is_variance(double value) { return value >= kSmallestVariance && value <= kLargestVariance; }

[[noreturn]] void throw_variance(double value, const std::string& where) {
  throw invalid_argument(fmt::format("{}: variance {}; must lie in [1e-300, 1e300]", where, value));
}

// Of two elements, relative to those on the diagonal: what products of many rows in float32 may differ by, a few times
// its spacing at 1.
constexpr double kAsymmetry = 1e-6;

// Makes one matrix exactly symmetric, then overwrites `factor` with its Cholesky factor.
void factorise(MatrixView<double> a, MatrixView<double> factor, const std::string& where) {
  for (std::size_t i = 0; i < a.rows(); ++i) {
    if (!is_variance(a(i, i))) throw_variance(a(i, i), where);
  }
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double scale = std::sqrt(a(i, i)) * std::sqrt(a(j, j));
      if (!(std::abs(a(i, j) - a(j, i)) <= kAsymmetry * scale)) {
        throw invalid_argument(fmt::format("{}: not symmetric, element [{}][{}] = {} but [{}][{}] = {}", where, i, j,
                                           a(i, j), j, i, a(j, i)));
      }
      a(i, j) = a(j, i) = a(i, j) == a(j, i) ? a(i, j) : (a(i, j) + a(j, i)) / 2;
    }
  }
  for (std::size_t i = 0; i < a.rows(); ++i) std::ranges::copy(a.row(i), factor.row(i).begin());
  if (const auto failed = cholesky(factor)) {
    throw invalid_argument(
        fmt::format("{}: not positive definite in double precision, from row [{}] on", where, *failed));
  }
}

}  // namespace

Mixture::Mixture(CovarianceStructure structure, std::vector<double> weights, Matrix means,
                 std::vector<double> covariances)
    : structure_(structure),
      weights_(std::move(weights)),
      means_(std::move(means)),
      covariances_(std::move(covariances)),
      prepared_(std::make_shared<MadeOnce>()) {
  check_weights(weights_);
  check_means(means_, n_components());
  const std::size_t size = covariance_size(structure_, n_components(), n_features());
  if (covariances_.size() != size) {
    throw invalid_argument(
        fmt::format("covariances hold {} values; {} with n_components = {} and n_features = {} needs "
                    "{}",
                    covariances_.size(), to_string(structure_), n_components(), n_features(), size));
  }
  factors_ = zeros<double>({size});
  if (has_matrices(structure_)) {
    const std::size_t d = n_features();
    for (std::size_t k = 0; k < size / (d * d); ++k) {
      check_interrupted();
      factorise({covariances_.data() + k * d * d, d, d}, {factors_.data() + k * d * d, d, d},
                covariance_name(structure_, k));
    }
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      if (!is_variance(covariances_[i])) {
        throw_variance(covariances_[i], covariance_name(structure_, i * n_components() / size));
      }
      factors_[i] = std::sqrt(covariances_[i]);
    }
  }
}

namespace {

// Expands what a structure stores for one component (a matrix, D values or one value) to a (D, D) matrix.
Matrix expanded(CovarianceStructure structure, std::span<const double> values, std::size_t index, std::size_t d) {
  Matrix out(d, d);
  switch (structure) {
    case full:
    case tied: std::ranges::copy(values.subspan(index * d * d, d * d), out.data()); break;
    case diagonal:
    case tied_diagonal:
      for (std::size_t i = 0; i < d; ++i) out(i, i) = values[index * d + i];
      break;
    case spherical:
    case tied_spherical:
      for (std::size_t i = 0; i < d; ++i) out(i, i) = values[index];
      break;
  }
  return out;
}

}  // namespace

Matrix Mixture::covariance(std::size_t component) const {
  return expanded(structure_, covariances_, covariance_index(component), n_features());
}

Matrix Mixture::cholesky(std::size_t component) const {
  return expanded(structure_, factors_, covariance_index(component), n_features());
}

double Mixture::variance(std::size_t component, std::size_t feature) const {
  const std::size_t k = covariance_index(component);
  const std::size_t d = n_features();
  if (has_matrices(structure_)) return covariances_[(k * d + feature) * d + feature];
  return structure_ == diagonal || structure_ == tied_diagonal ? covariances_[k * d + feature] : covariances_[k];
}

double Mixture::log_determinant(std::size_t component) const {
  const std::size_t k = covariance_index(component);
  const std::size_t d = n_features();
  if (structure_ == spherical || structure_ == tied_spherical) {
    return 2 * static_cast<double>(d) * std::log(factors_[k]);
  }
  double sum = 0;
  for (std::size_t i = 0; i < d; ++i) {
    sum += std::log(has_matrices(structure_) ? factors_[(k * d + i) * d + i] : factors_[k * d + i]);
  }
  return 2 * sum;
}

std::size_t Mixture::n_parameters() const {
  const std::size_t d = n_features();
  const std::size_t covariance =
      has_matrices(structure_) ? covariances_.size() / (d * d) * (d * (d + 1) / 2) : covariances_.size();
  return n_components() - 1 + n_components() * d + covariance;
}

Mixture Mixture::marginal(std::span<const std::size_t> features) const {
  const std::size_t d = n_features();
  const std::size_t m = features.size();
  if (m == 0) throw invalid_argument("features are empty; a marginal keeps at least one");
  std::vector<bool> seen(d, false);
  for (const std::size_t f : features) {
    if (f >= d) throw invalid_argument(fmt::format("feature {}; must be < n_features = {}", f, d));
    if (seen[f]) throw invalid_argument(fmt::format("feature {} is given twice", f));
    seen[f] = true;
  }
  Matrix means(n_components(), m);
  for (std::size_t k = 0; k < n_components(); ++k) {
    for (std::size_t i = 0; i < m; ++i) means(k, i) = means_(k, features[i]);
  }
  std::vector<double> covariances = covariances_;
  if (has_matrices(structure_)) {
    const MatrixView<const double> all(covariances_.data(), covariances_.size() / d, d);
    covariances.clear();
    for (std::size_t first = 0; first < all.rows(); first += d) {
      for (const std::size_t i : features) {
        for (const std::size_t j : features) covariances.push_back(all(first + i, j));
      }
    }
  } else if (structure_ == diagonal || structure_ == tied_diagonal) {
    covariances.clear();
    for (std::size_t first = 0; first < covariances_.size(); first += d) {
      for (const std::size_t i : features) covariances.push_back(covariances_[first + i]);
    }
  }
  return {structure_, weights_, std::move(means), std::move(covariances)};
}

Mixture Mixture::permuted(std::span<const std::size_t> order) const {
  const std::size_t k = n_components();
  std::vector<std::size_t> sorted(order.begin(), order.end());
  std::ranges::sort(sorted);
  bool valid = sorted.size() == k;
  for (std::size_t i = 0; valid && i < k; ++i) valid = sorted[i] == i;
  if (!valid) throw invalid_argument(fmt::format("order must hold each of 0..{} once", k - 1));
  const std::size_t per_component = is_tied(structure_) ? 0 : covariances_.size() / k;
  std::vector<double> weights(k);
  Matrix means(k, n_features());
  std::vector<double> covariances = covariances_;
  for (std::size_t i = 0; i < k; ++i) {
    weights[i] = weights_[order[i]];
    std::ranges::copy(means_.row(order[i]), means.row(i).begin());
    std::copy_n(covariances_.begin() + static_cast<std::ptrdiff_t>(order[i] * per_component), per_component,
                covariances.begin() + static_cast<std::ptrdiff_t>(i * per_component));
  }
  return {structure_, std::move(weights), std::move(means), std::move(covariances)};
}

bool Mixture::operator==(const Mixture& other) const {
  return structure_ == other.structure_ && weights_ == other.weights_ && means_ == other.means_ &&
         covariances_ == other.covariances_;
}

std::uint64_t Mixture::fingerprint() const {
  std::uint64_t hash = static_cast<std::uint64_t>(structure_) + 1;
  const auto add = [&hash](std::uint64_t bits) {
    hash = (hash ^ bits) * 0x9E3779B97F4A7C15;
    hash ^= hash >> 32;
  };
  add(n_components());
  for (const std::vector<double>* values : {&weights_, &means_.values(), &covariances_}) {
    for (const double value : *values) add(std::bit_cast<std::uint64_t>(value + 0.0));  // -0 is equal to 0
  }
  return std::max<std::uint64_t>(hash, 1);
}

}  // namespace mogul
