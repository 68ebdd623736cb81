// The mixture's invariant, checked where it is made, and what follows from its parameters alone.

#include "mogul/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/check_rows.hpp"
#include "base/made_once.hpp"

namespace mogul {
namespace {

std::vector<double> checked_weights(std::vector<double> weights) {
  if (weights.empty()) throw invalid_argument("weights are empty; a mixture has at least one component");
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (!(weights[k] >= 0 && weights[k] <= 1 + 1e-8)) {
      throw invalid_argument(fmt::format("weights[{}] = {}; must lie in [0, 1]", k, weights[k]));
    }
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (std::abs(sum - 1) > 1e-8) throw invalid_argument(fmt::format("weights sum to {}; must sum to 1", sum));
  return weights;
}

Matrix checked_means(Matrix means, std::size_t n_components) {
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
  return means;
}

Covariances checked_covariances(Covariances covariances, const CovarianceFamily& family, const Matrix& means) {
  const bool fit = covariances.layout() == family.layout && covariances.is_shared() == family.shared &&
                   covariances.n_components() == means.rows() && covariances.n_features() == means.cols();
  if (fit) return covariances;
  throw invalid_argument(fmt::format(
      "covariances are {} of {} components in {} features; must be {} of {} components in {} features, as covariance = "
      "{} and the means have it",
      to_string(covariances.layout(), covariances.is_shared()), covariances.n_components(), covariances.n_features(),
      to_string(family.layout, family.shared), means.rows(), means.cols(), to_string(family)));
}

}  // namespace

Mixture::Mixture(const CovarianceFamily& family, std::vector<double> weights, Matrix means,
                 std::vector<double> covariances)
    : family_(family),
      weights_(checked_weights(std::move(weights))),
      means_(checked_means(std::move(means), n_components())),
      covariances_(family.layout, family.shared, n_components(), n_features(), std::move(covariances)),
      prepared_(std::make_shared<MadeOnce>()) {}

Mixture::Mixture(const CovarianceFamily& family, std::vector<double> weights, Matrix means, Covariances covariances)
    : family_(family),
      weights_(checked_weights(std::move(weights))),
      means_(checked_means(std::move(means), n_components())),
      covariances_(checked_covariances(std::move(covariances), family, means_)),
      prepared_(std::make_shared<MadeOnce>()) {}

std::size_t Mixture::n_parameters() const {
  const std::size_t k = n_components();
  const std::size_t d = n_features();
  return k - 1 + k * d + family_.n_parameters(k, d);
}

Mixture Mixture::marginal(std::span<const std::size_t> features) const {
  Covariances covariances = covariances_.marginal(features);
  Matrix means(n_components(), features.size());
  for (std::size_t k = 0; k < n_components(); ++k) {
    for (std::size_t i = 0; i < features.size(); ++i) means(k, i) = means_(k, features[i]);
  }
  const bool leaves_family = features.size() < n_features() && family_.of_marginals != nullptr;
  return {leaves_family ? *family_.of_marginals : family_, weights_, std::move(means), std::move(covariances)};
}

Mixture Mixture::permuted(std::span<const std::size_t> order) const {
  Covariances covariances = covariances_.permuted(order);
  std::vector<double> weights(n_components());
  Matrix means(n_components(), n_features());
  for (std::size_t i = 0; i < n_components(); ++i) {
    weights[i] = weights_[order[i]];
    std::ranges::copy(means_.row(order[i]), means.row(i).begin());
  }
  return {family_, std::move(weights), std::move(means), std::move(covariances)};
}

bool Mixture::operator==(const Mixture& other) const {
  return family_ == other.family_ && weights_ == other.weights_ && means_ == other.means_ &&
         covariances_ == other.covariances_;
}

std::uint64_t Mixture::fingerprint() const {
  // Statistics in files are about models of this number.
  const std::uint64_t stored =
      2 * static_cast<std::uint64_t>(Layout::matrix) - 2 * static_cast<std::uint64_t>(family_.layout);
  std::uint64_t hash = stored + (family_.shared ? 2 : 1);
  const auto add = [&hash](std::uint64_t bits) {
    hash = (hash ^ bits) * 0x9E3779B97F4A7C15;
    hash ^= hash >> 32;
  };
  if (family_.plain.empty()) {
    for (const char letter : family_.name) add(static_cast<std::uint64_t>(letter));
  }
  add(n_components());
  for (const std::vector<double>* values : {&weights_, &means_.values(), &covariances_.values()}) {
    for (const double value : *values) add(std::bit_cast<std::uint64_t>(value + 0.0));  // -0 is equal to 0
  }
  return std::max<std::uint64_t>(hash, 1);
}

}  // namespace mogul
