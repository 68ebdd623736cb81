#include "engine/row_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mogul {

template <>
Coordinates<double>::Coordinates(std::span<const double> values) : high(values.begin(), values.end()) {}

namespace {

FactorForm form_of(const Mixture& mixture) {
  switch (mixture.family().layout) {
    case Layout::spherical: return FactorForm::spherical;
    case Layout::diagonal: return FactorForm::diagonal;
    case Layout::matrix: break;
  }
  return mixture.family().shared ? FactorForm::tied_triangular : FactorForm::triangular;
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

// The largest element on the diagonal of the inverse of the correlation matrix, whose condition number is no less.
double largest_inflation(const Mixture& mixture, std::size_t k, const Matrix& w) {
  std::vector<double> sums(w.cols());
  for (std::size_t i = 0; i < w.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) sums[j] += w(i, j) * w(i, j);
  }
  double largest = 0;
  for (std::size_t j = 0; j < w.cols(); ++j) largest = std::max(largest, sums[j] * mixture.variance(k, j));
  return largest;
}

void share_whitening(RowModel& model, const Matrix& w, const Matrix& means) {
  const std::size_t d = model.n_features;
  const std::vector<double> centre = centre_of(means);
  Matrix columns(d, d);  // of w, so that the sums of all coordinates grow side by side
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) columns(j, i) = w(i, j);
  }
  std::vector<double> whitened_means;
  for (std::size_t k = 0; k < model.n_components; ++k) {
    std::vector<double> sums(d);
    std::vector<double> absolute_sums(d);
    for (std::size_t j = 0; j < d; ++j) {
      const double away = means(k, j) - centre[j];
      const auto column = columns.row(j);
      for (std::size_t i = j; i < d; ++i) {
        const double product = column[i] * away;
        sums[i] += product;
        absolute_sums[i] += std::abs(product);
      }
    }
    whitened_means.insert(whitened_means.end(), sums.begin(), sums.end());
    for (const double sum : absolute_sums) model.largest_whitened_mean = std::max(model.largest_whitened_mean, sum);
  }
  if (!(model.largest_whitened_mean <= kMaxWhitenedMean)) {
    model.form = FactorForm::triangular;
    return;
  }
  model.operands.centre = Coordinates<double>(centre);
  model.operands.whitened_means = Coordinates<double>(whitened_means);
}

// The factor of component k, or of all.
void add_factor(RowModel& model, const Mixture& mixture, std::size_t k) {
  std::vector<double>& factors = model.operands.factors;
  if (model.form == FactorForm::spherical) {
    factors.push_back(1 / std::sqrt(mixture.variance(k, 0)));
    return;
  }
  if (model.form == FactorForm::diagonal) {
    for (std::size_t d = 0; d < model.n_features; ++d) factors.push_back(1 / std::sqrt(mixture.variance(k, d)));
    return;
  }
  const Matrix w = mixture.covariances().whitening(k);
  pack_strips(w, factors);
  model.inflation[k] = largest_inflation(mixture, k, w);
  if (model.form == FactorForm::tied_triangular) share_whitening(model, w, mixture.means());
}

std::size_t factor_size(FactorForm form, std::size_t n_features) {
  switch (form) {
    case FactorForm::spherical: return 1;
    case FactorForm::diagonal: return n_features;
    case FactorForm::triangular:
    case FactorForm::tied_triangular: break;
  }
  return n_features * (n_features + 1) / 2;
}

}  // namespace

RowModel row_model(const Mixture& mixture) {
  const bool shared = mixture.family().shared;
  const std::size_t n_factors = shared ? 1 : mixture.n_components();
  RowModel model{.n_components = mixture.n_components(),
                 .n_features = mixture.n_features(),
                 .form = form_of(mixture),
                 .log_constants = {},
                 .largest_log_constant = 0,
                 .operands = {},
                 .factor_stride = 0,
                 .inflation = std::vector<double>(mixture.n_components(), 1)};
  const std::size_t size = factor_size(model.form, model.n_features);
  if (!shared) model.factor_stride = size;
  model.operands.means = Coordinates<double>(mixture.means().values());
  model.operands.factors.reserve(n_factors * size);
  for (std::size_t k = 0; k < n_factors; ++k) add_factor(model, mixture, k);
  if (shared) std::ranges::fill(model.inflation, model.inflation[0]);
  double normaliser = 0;
  for (std::size_t k = 0; k < model.n_components; ++k) {
    if (k == 0 || !shared) normaliser = log_normaliser(mixture, k);
    model.log_constants.push_back(std::log(mixture.weights()[k]) + normaliser);
  }
  model.largest_log_constant = *std::ranges::max_element(model.log_constants);
  for (double& constant : model.log_constants) constant -= model.largest_log_constant;
  return model;
}

double log_normaliser(const Mixture& mixture, std::size_t component) {
  const auto d = static_cast<double>(mixture.n_features());
  return -(d * std::log(2 * std::numbers::pi) + mixture.log_determinant(component)) / 2;
}

}  // namespace mogul
