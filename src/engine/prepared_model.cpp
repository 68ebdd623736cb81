#include "engine/prepared_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check_interrupted.hpp"
#include "data/check_rows.hpp"
#include "base/cholesky.hpp"
#include "base/made_once.hpp"

namespace mogul {

[[gnu::noinline]] float lost_by_float(double x) {
  return static_cast<float>(x - static_cast<double>(static_cast<float>(x)));
}

template <>
Coordinates<double>::Coordinates(std::span<const double> values) : high(values.begin(), values.end()) {}

template <>
Coordinates<float>::Coordinates(std::span<const double> values) {
  for (const double value : values) {
    high.push_back(static_cast<float>(value));
    low.push_back(lost_by_float(value));
  }
}

namespace {

FactorForm form_of(const CovarianceFamily& family) {
  switch (family.layout) {
    case Layout::spherical: return FactorForm::spherical;
    case Layout::diagonal: return FactorForm::diagonal;
    case Layout::matrix: return family.shared ? FactorForm::tied_triangular : FactorForm::triangular;
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

bool fits_float(const Operands<double>& operands) {
  const auto at_most = [](double limit) { return [=](double value) { return std::abs(value) <= limit; }; };
  return std::ranges::all_of(operands.factors, at_most(kLargestFloatFactor)) &&
         std::ranges::all_of(operands.means.high, at_most(kModerateValue));
}

// By how much correlations inflate the variance of a feature, at most: the largest element on the diagonal of the
// inverse of the correlation matrix, whose condition number is no less.
double largest_inflation(const Mixture& model, std::size_t k, const Matrix& w) {
  double largest = 0;
  for (std::size_t j = 0; j < w.cols(); ++j) {
    double sum = 0;
    for (std::size_t i = j; i < w.rows(); ++i) sum += w(i, j) * w(i, j);
    largest = std::max(largest, sum * model.variance(k, j));
  }
  return largest;
}

Operands<float> narrowed(const Operands<double>& wide) {
  Operands<float> out;
  out.means = Coordinates<float>(wide.means.high);
  out.factors.assign(wide.factors.begin(), wide.factors.end());
  out.centre = Coordinates<float>(wide.centre.high);
  out.whitened_means = Coordinates<float>(wide.whitened_means.high);
  return out;
}

}  // namespace

PreparedModel::PreparedModel(const Mixture& model, Lanes wanted)
    : n_components(model.n_components()),
      n_features(model.n_features()),
      form(form_of(model.family())),
      lanes(wanted),
      promoted(n_components, wanted == Lanes::float64) {
  in_double.means = Coordinates<double>({model.means().data(), n_components * n_features});
  const std::size_t n_factors = model.family().shared ? 1 : n_components;
  std::vector<double>& factors = in_double.factors;
  for (std::size_t k = 0; k < n_factors; ++k) {
    if (form == FactorForm::spherical) {
      factors.push_back(1 / std::sqrt(model.variance(k, 0)));
    } else if (form == FactorForm::diagonal) {
      for (std::size_t d = 0; d < n_features; ++d) factors.push_back(1 / std::sqrt(model.variance(k, d)));
    } else {
      check_interrupted();
      const Matrix w = invert_lower(model.cholesky(k).view());
      pack_strips(w, factors);
      if (largest_inflation(model, k, w) > kMaxFloatInflation) promoted[k] = 1;
      if (form == FactorForm::tied_triangular) share_whitening(w, model.means());
    }
  }
  factor_stride = model.family().shared ? 0 : factors.size() / n_components;
  if (n_factors == 1) std::ranges::fill(promoted, promoted[0]);
  if (std::ranges::count(promoted, 0) == 0 || !fits_float(in_double)) lanes = Lanes::float64;
  if (lanes == Lanes::float32) {
    in_float = narrowed(in_double);
  } else {
    std::ranges::fill(promoted, 1);
  }
  for (std::size_t k = 0; k < n_components; ++k) {
    log_constants.push_back(std::log(model.weights()[k]) + log_normaliser(model, k));
  }
  largest_log_constant = *std::ranges::max_element(log_constants);
  for (double& constant : log_constants) constant -= largest_log_constant;
}

void PreparedModel::share_whitening(const Matrix& w, const Matrix& all_means) {
  const std::vector<double> centre = centre_of(all_means);
  std::vector<double> whitened_means;
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
  if (!(largest <= (lanes == Lanes::float32 ? kMaxFloatWhitenedMean : kMaxWhitenedMean))) {
    form = FactorForm::triangular;
    return;
  }
  in_double.centre = Coordinates<double>(centre);
  in_double.whitened_means = Coordinates<double>(whitened_means);
}

const PreparedModel& prepared(const Mixture& model) {
  return model.prepared_->get<PreparedModel>([&] { return PreparedModel(model); });
}

double log_normaliser(const Mixture& model, std::size_t component) {
  const auto d = static_cast<double>(model.n_features());
  return -(d * std::log(2 * std::numbers::pi) + model.log_determinant(component)) / 2;
}

}  // namespace mogul
