#include "kernel/prepared_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/cholesky.hpp"

namespace mogul {
namespace {

FactorForm form_of(CovarianceStructure structure) {
  switch (structure) {
    case CovarianceStructure::full: return FactorForm::triangular;
    case CovarianceStructure::tied: return FactorForm::tied_triangular;
    case CovarianceStructure::diagonal:
    case CovarianceStructure::tied_diagonal: return FactorForm::diagonal;
    case CovarianceStructure::spherical:
    case CovarianceStructure::tied_spherical: return FactorForm::spherical;
  }
  return FactorForm::triangular;
}

void pack_strips(const Matrix& w, std::vector<double>& out) {
  const std::size_t d = w.rows();
  for (std::size_t strip = 0; strip < strip_count(d); ++strip) {
    const std::size_t first = strip_begin(strip, d);
    const std::size_t last = strip_begin(strip + 1, d);
    for (std::size_t col = 0; col < last; ++col) {
      for (std::size_t row = std::max(first, col); row < last; ++row) out.push_back(w(row, col));
    }
  }
}

// Halfway between the smallest and the largest mean: whitened coordinates about it are small, and it does not depend on
// the order of the components.
std::vector<double> centre_of(const Matrix& means) {
  std::vector<double> centre;
  for (std::size_t d = 0; d < means.cols(); ++d) {
    double smallest = means(0, d);
    double largest = means(0, d);
    for (std::size_t k = 1; k < means.rows(); ++k) {
      smallest = std::min(smallest, means(k, d));
      largest = std::max(largest, means(k, d));
    }
    centre.push_back(smallest + (largest - smallest) / 2);
  }
  return centre;
}

}  // namespace

PreparedModel::PreparedModel(const Mixture& model)
    : n_components(model.n_components()),
      n_features(model.n_features()),
      form(form_of(model.structure())),
      means(model.means().data()) {
  const std::size_t n_factors = is_tied(model.structure()) ? 1 : n_components;
  for (std::size_t k = 0; k < n_factors; ++k) {
    if (form == FactorForm::spherical) {
      factors.push_back(1 / std::sqrt(model.variance(k, 0)));
    } else if (form == FactorForm::diagonal) {
      for (std::size_t d = 0; d < n_features; ++d) factors.push_back(1 / std::sqrt(model.variance(k, d)));
    } else {
      const Matrix w = invert_lower(model.cholesky(k).view());
      pack_strips(w, factors);
      if (form == FactorForm::tied_triangular) share_whitening(w, model.means());
    }
  }
  factor_stride = is_tied(model.structure()) ? 0 : factors.size() / n_components;
  for (std::size_t k = 0; k < n_components; ++k) {
    log_constants.push_back(std::log(model.weights()[k]) + log_normaliser(model, k));
  }
}

void PreparedModel::share_whitening(const Matrix& w, const Matrix& all_means) {
  centre = centre_of(all_means);
  double largest = 0;  // what is added up to a whitened mean, and rounded
  for (std::size_t k = 0; k < n_components; ++k) {
    for (std::size_t i = 0; i < n_features; ++i) {
      double sum = 0;
      double absolute_sum = 0;
      for (std::size_t j = 0; j <= i; ++j) {
        const double product = w(i, j) * (all_means(k, j) - centre[j]);
        sum += product;
        absolute_sum += std::abs(product);
      }
      whitened_means.push_back(sum);
      largest = std::max(largest, absolute_sum);
    }
  }
  if (!(largest <= kMaxWhitenedMean)) form = FactorForm::triangular;
}

double log_normaliser(const Mixture& model, std::size_t component) {
  const auto d = static_cast<double>(model.n_features());
  return -(d * std::log(2 * std::numbers::pi) + model.log_determinant(component)) / 2;
}

}  // namespace mogul
