#include "acceleration/fisher_frame.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/check_interrupted.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kLargestLogarithm = 20;  // of the factor by which a mixing weight or standard deviation changes

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> mapped(const Matrix& m) {
  return {m.data(), static_cast<Eigen::Index>(m.rows()), static_cast<Eigen::Index>(m.cols())};
}

RowMajor product_of_lower(const Matrix& a, const Matrix& b) {
  RowMajor lower = mapped(b).triangularView<Eigen::Lower>();
  return mapped(a).triangularView<Eigen::Lower>() * lower;
}

double factor_of(double logarithm) { return std::exp(std::clamp(logarithm, -kLargestLogarithm, kLargestLogarithm)); }

// Takes the values of a vector one after another.
class Values {
 public:
  explicit Values(std::span<const double> values) : values_(values) {}
  double next() { return values_[at_++]; }

 private:
  std::span<const double> values_;
  std::size_t at_ = 0;
};

// L A as a covariance, row-major, with the triangle A taken from its coordinates.
void append_covariance(const Matrix& factor, Values& values, double scale, std::vector<double>& covariances) {
  Matrix a(factor.rows(), factor.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) a(i, j) = values.next() / scale;
    a(i, i) = factor_of(values.next() / (scale * std::numbers::sqrt2));
  }
  const RowMajor moved = product_of_lower(factor, a);
  RowMajor covariance = RowMajor::Zero(moved.rows(), moved.rows());
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(moved);
  covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
  covariances.insert(covariances.end(), covariance.data(), covariance.data() + covariance.size());
}

}  // namespace

bool has_fisher_coordinates(const CovarianceFamily& family) { return !family.plain.empty(); }

const CovarianceFamily& family_of_vectors(const CovarianceFamily& family) {
  if (has_fisher_coordinates(family)) return family;
  return family.layout == Layout::matrix     ? families::vvv
         : family.layout == Layout::diagonal ? families::vvi
                                             : families::vii;
}

FisherFrame::FisherFrame(Mixture middle, const Hold& hold) : middle_(std::move(middle)), hold_(hold) {
  for (const double weight : middle_.weights()) scales_.push_back(std::sqrt(weight));
  for (std::size_t k = 0; has_matrices() && k < n_covariances(); ++k) {
    factors_.push_back(middle_.cholesky(k));
    whitenings_.push_back(middle_.covariances().whitening(k));
  }
}

std::size_t FisherFrame::n_deviations() const {
  return middle_.family().layout == Layout::spherical ? 1 : middle_.n_features();
}

double FisherFrame::scale_of_deviation(std::size_t k) const {
  return scale_of_covariance(k) *
         std::sqrt(2.0 * static_cast<double>(middle_.n_features()) / static_cast<double>(n_deviations()));
}

void FisherFrame::append_matrix(std::size_t k, const Mixture& mixture, std::vector<double>& coordinates) const {
  check_interrupted();
  const double scale = scale_of_covariance(k);
  const RowMajor a = product_of_lower(whitenings_[k], mixture.cholesky(k));
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) coordinates.push_back(scale * a(i, j));
    coordinates.push_back(scale * std::numbers::sqrt2 * std::log(a(i, i)));
  }
}

void FisherFrame::append_deviations(std::size_t k, const Mixture& mixture, std::vector<double>& coordinates) const {
  for (std::size_t d = 0; d < n_deviations(); ++d) {
    const double logarithm = std::log(mixture.variance(k, d) / middle_.variance(k, d)) / 2;
    coordinates.push_back(scale_of_deviation(k) * logarithm);
  }
}

std::vector<double> FisherFrame::coordinates(const Mixture& mixture) const {
  std::vector<double> coordinates;
  for (std::size_t k = 0; hold_.estimates_weights() && k < scales_.size(); ++k) {
    coordinates.push_back(scales_[k] * std::log(mixture.weights()[k] / middle_.weights()[k]));
  }
  for (std::size_t k = 0; k < scales_.size(); ++k) {
    if (!hold_.estimates_mean(k)) continue;
    for (std::size_t i = 0; i < middle_.n_features(); ++i) {
      const auto moved = [&](std::size_t d) { return mixture.means()(k, d) - middle_.means()(k, d); };
      double whitened = 0;
      if (has_matrices()) {
        for (std::size_t j = 0; j <= i; ++j) whitened += whitenings_[covariance_of(k)](i, j) * moved(j);
      } else {
        whitened = moved(i) / std::sqrt(middle_.variance(k, i));
      }
      coordinates.push_back(scales_[k] * whitened);
    }
  }
  for (std::size_t k = 0; !hold_.covariances && k < n_covariances(); ++k) {
    has_matrices() ? append_matrix(k, mixture, coordinates) : append_deviations(k, mixture, coordinates);
  }
  return coordinates;
}

std::optional<Mixture> FisherFrame::mixture(std::span<const double> coordinates) const {
  Values values(coordinates);
  std::vector<double> weights = middle_.weights();
  if (hold_.estimates_weights()) {
    for (std::size_t k = 0; k < weights.size(); ++k) weights[k] *= factor_of(values.next() / scales_[k]);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
  }
  Matrix means = middle_.means();
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (!hold_.estimates_mean(k)) continue;
    for (std::size_t j = 0; j < means.cols(); ++j) {
      const double moved = values.next() / scales_[k];
      if (!has_matrices()) means(k, j) += std::sqrt(middle_.variance(k, j)) * moved;
      for (std::size_t i = j; has_matrices() && i < means.cols(); ++i) {
        means(k, i) += factors_[covariance_of(k)](i, j) * moved;
      }
    }
  }
  std::vector<double> covariances;
  for (std::size_t k = 0; !hold_.covariances && k < n_covariances(); ++k) {
    if (has_matrices()) {
      check_interrupted();
      append_covariance(factors_[k], values, scale_of_covariance(k), covariances);
      continue;
    }
    for (std::size_t d = 0; d < n_deviations(); ++d) {
      const double factor = factor_of(values.next() / scale_of_deviation(k));
      covariances.push_back(middle_.variance(k, d) * factor * factor);
    }
  }
  try {
    if (hold_.covariances)
      return Mixture(middle_.family(), std::move(weights), std::move(means), middle_.covariances());
    return Mixture(family_of_vectors(middle_.family()), std::move(weights), std::move(means), std::move(covariances));
  } catch (const invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace mogul
