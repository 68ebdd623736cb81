// The invariant of stored covariances, checked where they are made, and what follows from them alone.

#include "mogul/covariances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "model/known_factors.hpp"

namespace mogul {
namespace {

std::string covariance_name(bool shared, std::size_t k) {
  return shared ? "the shared covariance" : fmt::format("the covariance of component {}", k);
}

bool is_variance(double value) { return value >= kSmallestVariance && value <= kLargestVariance; }

[[noreturn]] void throw_variance(double value, const std::string& where) {
  throw invalid_argument(fmt::format("{}: variance {}; must lie in [1e-300, 1e300]", where, value));
}

// Largest difference of two elements across the diagonal, relative to those on it: a few times the spacing of float32
// at 1, by which products of many rows in float32 may differ.
constexpr double kAsymmetry = 1e-6;

// Makes one matrix exactly symmetric and overwrites `factor` with its Cholesky factor.
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

void check_features(std::span<const std::size_t> features, std::size_t n_features) {
  if (features.empty()) throw invalid_argument("features are empty; a marginal keeps at least one");
  std::vector<bool> seen(n_features, false);
  for (const std::size_t f : features) {
    if (f >= n_features) {
      throw invalid_argument(fmt::format("feature {}; must be < n_features = {}", f, n_features));
    }
    if (seen[f]) throw invalid_argument(fmt::format("feature {} is given twice", f));
    seen[f] = true;
  }
}

void check_order(std::span<const std::size_t> order, std::size_t n_components) {
  std::vector<std::size_t> sorted(order.begin(), order.end());
  std::ranges::sort(sorted);
  bool valid = sorted.size() == n_components;
  for (std::size_t i = 0; valid && i < n_components; ++i) valid = sorted[i] == i;
  if (!valid) throw invalid_argument(fmt::format("order must hold each of 0..{} once", n_components - 1));
}

}  // namespace

std::string_view to_string(Layout layout, bool shared) {
  switch (layout) {
    case Layout::spherical: return shared ? "tied_spherical" : "spherical";
    case Layout::diagonal: return shared ? "tied_diagonal" : "diagonal";
    case Layout::matrix: return shared ? "tied" : "full";
  }
  return "full";
}

std::size_t covariance_size(Layout layout, bool shared, std::size_t n_components, std::size_t n_features) {
  const std::size_t stored = shared ? 1 : n_components;
  switch (layout) {
    case Layout::spherical: return stored;
    case Layout::diagonal: return array_size(std::array{stored, n_features}, sizeof(double));
    case Layout::matrix: return array_size(std::array{stored, n_features, n_features}, sizeof(double));
  }
  return 0;
}

std::vector<std::size_t> covariance_shape(Layout layout, bool shared, std::size_t n_components,
                                          std::size_t n_features) {
  std::vector<std::size_t> sizes;
  if (!shared) sizes.push_back(n_components);
  if (layout != Layout::spherical) sizes.push_back(n_features);
  if (layout == Layout::matrix) sizes.push_back(n_features);
  if (sizes.empty()) sizes.push_back(1);
  return sizes;
}

Covariances::Covariances(Layout layout, bool shared, std::size_t n_components, std::size_t n_features,
                         std::vector<double> values)
    : layout_(layout),
      shared_(shared),
      n_components_(n_components),
      n_features_(n_features),
      values_(std::move(values)) {
  if (n_components_ == 0) throw invalid_argument("n_components = 0; must be >= 1");
  if (n_features_ == 0) throw invalid_argument("n_features = 0; must be >= 1");
  const std::size_t size = covariance_size(layout_, shared_, n_components_, n_features_);
  if (values_.size() != size) {
    throw invalid_argument(
        fmt::format("covariances hold {} values; {} with n_components = {} and n_features = {} needs {}",
                    values_.size(), to_string(layout_, shared_), n_components_, n_features_, size));
  }
  factors_ = zeros<double>({size});
  if (layout_ == Layout::matrix) {
    const std::size_t d = n_features_;
    for (std::size_t k = 0; k < size / (d * d); ++k) {
      check_interrupted();
      factorise({values_.data() + k * d * d, d, d}, {factors_.data() + k * d * d, d, d}, covariance_name(shared_, k));
    }
  } else {
    const std::size_t per_component = layout_ == Layout::diagonal ? n_features_ : 1;
    for (std::size_t i = 0; i < size; ++i) {
      if (!is_variance(values_[i])) throw_variance(values_[i], covariance_name(shared_, i / per_component));
      factors_[i] = std::sqrt(values_[i]);
    }
  }
  invert_factors();
}

Covariances::Covariances(Layout layout, bool shared, std::size_t n_components, std::size_t n_features,
                         std::vector<double> values, std::vector<double> factors)
    : layout_(layout),
      shared_(shared),
      n_components_(n_components),
      n_features_(n_features),
      values_(std::move(values)),
      factors_(std::move(factors)) {
  invert_factors();
}

void Covariances::invert_factors() {
  inverses_ = zeros<double>({factors_.size()});
  if (layout_ != Layout::matrix) {
    std::ranges::transform(factors_, inverses_.begin(), [](double deviation) { return 1 / deviation; });
    return;
  }
  const std::size_t d = n_features_;
  for (auto first = std::size_t{0}; first < factors_.size(); first += d * d) {
    check_interrupted();
    const Matrix inverse = invert_lower({factors_.data() + first, d, d});
    std::ranges::copy(inverse.values(), inverses_.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

Covariances with_known_factors(Layout layout, bool shared, std::size_t n_components, std::size_t n_features,
                               std::vector<double> values, std::vector<double> factors) {
  assert(layout == Layout::matrix && values.size() == factors.size());
  assert(values.size() == covariance_size(layout, shared, n_components, n_features));
  const std::size_t d = n_features;
  for (std::size_t i = 0; i < values.size() / d; ++i) {
    const double variance = values[i * d + i % d];
    if (!is_variance(variance)) throw_variance(variance, covariance_name(shared, i / d));
  }
  return {layout, shared, n_components, n_features, std::move(values), std::move(factors)};
}

double Covariances::variance(std::size_t component, std::size_t feature) const {
  const std::size_t k = index(component);
  switch (layout_) {
    case Layout::spherical: return values_[k];
    case Layout::diagonal: return values_[k * n_features_ + feature];
    case Layout::matrix: return values_[(k * n_features_ + feature) * n_features_ + feature];
  }
  return 0;
}

Matrix Covariances::expanded(const std::vector<double>& stored, std::size_t component) const {
  const std::size_t d = n_features_;
  const std::size_t k = index(component);
  Matrix out(d, d);
  if (layout_ == Layout::matrix) {
    std::copy_n(stored.begin() + static_cast<std::ptrdiff_t>(k * d * d), d * d, out.data());
    return out;
  }
  for (std::size_t i = 0; i < d; ++i) out(i, i) = layout_ == Layout::diagonal ? stored[k * d + i] : stored[k];
  return out;
}

Matrix Covariances::matrix(std::size_t component) const { return expanded(values_, component); }

Matrix Covariances::cholesky(std::size_t component) const { return expanded(factors_, component); }

Matrix Covariances::whitening(std::size_t component) const { return expanded(inverses_, component); }

double Covariances::log_determinant(std::size_t component) const {
  const std::size_t k = index(component);
  const std::size_t d = n_features_;
  if (layout_ == Layout::spherical) return 2 * static_cast<double>(d) * std::log(factors_[k]);
  double sum = 0;
  for (std::size_t i = 0; i < d; ++i) {
    sum += std::log(layout_ == Layout::matrix ? factors_[(k * d + i) * d + i] : factors_[k * d + i]);
  }
  return 2 * sum;
}

Covariances Covariances::marginal(std::span<const std::size_t> features) const {
  const std::size_t d = n_features_;
  check_features(features, d);
  std::vector<double> values;
  if (layout_ == Layout::spherical) values = values_;
  for (std::size_t k = 0; layout_ == Layout::diagonal && k < values_.size() / d; ++k) {
    for (const std::size_t i : features) values.push_back(values_[k * d + i]);
  }
  for (std::size_t k = 0; layout_ == Layout::matrix && k < values_.size() / (d * d); ++k) {
    for (const std::size_t i : features) {
      for (const std::size_t j : features) values.push_back(values_[(k * d + i) * d + j]);
    }
  }
  return {layout_, shared_, n_components_, features.size(), std::move(values)};
}

Covariances Covariances::permuted(std::span<const std::size_t> order) const {
  check_order(order, n_components_);
  if (shared_) return *this;
  const std::size_t size = values_.size() / n_components_;
  Covariances out = *this;
  for (std::size_t i = 0; i < n_components_; ++i) {
    const auto from = static_cast<std::ptrdiff_t>(order[i] * size);
    const auto to = static_cast<std::ptrdiff_t>(i * size);
    std::copy_n(values_.begin() + from, size, out.values_.begin() + to);
    std::copy_n(factors_.begin() + from, size, out.factors_.begin() + to);
    std::copy_n(inverses_.begin() + from, size, out.inverses_.begin() + to);
  }
  return out;
}

bool Covariances::operator==(const Covariances& other) const {
  return layout_ == other.layout_ && shared_ == other.shared_ && n_components_ == other.n_components_ &&
         n_features_ == other.n_features_ && values_ == other.values_;
}

}  // namespace mogul
