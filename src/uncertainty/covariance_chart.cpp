#include "uncertainty/covariance_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check_interrupted.hpp"
#include "covariance/axes.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

std::vector<double> packed(const Matrix& matrix) {
  std::vector<double> triangle;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) triangle.push_back(matrix(i, j));
  }
  return triangle;
}

double trace(const Matrix& matrix) {
  double sum = 0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) sum += matrix(i, i);
  return sum;
}

double variance_along(std::span<const double> axis, const Matrix& covariance) {
  double sum = 0;
  for (std::size_t i = 0; i < axis.size(); ++i) {
    for (std::size_t j = 0; j < axis.size(); ++j) sum += axis[i] * covariance(i, j) * axis[j];
  }
  return sum;
}

// Axes that all covariances share, as rows. Those of a sum are the axes of all its terms, unless two variances of the
// sum are equal, which those of a sum with odd factors are not.
Matrix common_axes(const Mixture& mixture) {
  const std::size_t d = mixture.n_features();
  Matrix sum(d, d);
  double factor = 1;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    factor = std::fmod(factor + 0.6180339887498949, 1.0);  // the golden ratio: well spread over (0, 1)
    const Matrix covariance = mixture.covariance(k);
    const double scale = (1 + factor) / trace(covariance);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) sum(i, j) += scale * covariance(i, j);
    }
  }
  return principal_axes(packed(sum), d).axes;
}

class Builder {
 public:
  explicit Builder(const Mixture& mixture)
      : mixture_(mixture), family_(mixture.family()), k_(mixture.n_components()), d_(mixture.n_features()) {}

  CovarianceChart build() && {
    turns_ = orientation() != 'I' && shape() != orientation();
    for (std::size_t k = 0; k < k_; ++k) add_frame(k);
    add_all(volume(), false, [&](std::size_t) { return identity(); });
    if (shape() == 'I') return std::move(chart_);
    for (std::size_t i = 0; i + 1 < d_; ++i) {
      add_all(shape(), false, [&](std::size_t) { return std::vector<Element>{{i, i, 1}, {d_ - 1, d_ - 1, -1}}; });
    }
    if (orientation() == 'I') return std::move(chart_);
    for (std::size_t i = 0; i < d_; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        add_all(orientation(), turns_, [&](std::size_t k) { return of_pair(k, i, j); });
      }
    }
    return std::move(chart_);
  }

 private:
  char volume() const { return family_.name[0]; }
  char shape() const { return family_.name[1]; }
  char orientation() const { return family_.name[2]; }

  void add_frame(std::size_t k) {
    check_interrupted();
    if (!turns_) {
      chart_.frames.push_back(mixture_.cholesky(k));
      chart_.whitenings.push_back(mixture_.covariances().whitening(k));
      return;
    }
    const Matrix covariance = mixture_.covariance(k);
    if (orientation() == 'V') axes_ = principal_axes(packed(covariance), d_).axes;
    if (axes_.empty()) axes_ = common_axes(mixture_);
    Matrix frame(d_, d_);
    Matrix whitening(d_, d_);
    std::vector<double> deviations;
    for (std::size_t i = 0; i < d_; ++i) {
      deviations.push_back(std::sqrt(variance_along(axes_.row(i), covariance)));
      for (std::size_t j = 0; j < d_; ++j) {
        frame(j, i) = axes_(i, j) * deviations[i];
        whitening(i, j) = axes_(i, j) / deviations[i];
      }
    }
    chart_.frames.push_back(std::move(frame));
    chart_.whitenings.push_back(std::move(whitening));
    deviations_.push_back(std::move(deviations));
  }

  std::vector<Element> identity() const {
    std::vector<Element> elements;
    for (std::size_t i = 0; i < d_; ++i) elements.push_back({i, i, 1});
    return elements;
  }
  // A rotation in the plane of two axes, or the covariance of two whitened features.
  std::vector<Element> of_pair(std::size_t k, std::size_t i, std::size_t j) const {
    if (!turns_) return {{i, j, 1}, {j, i, 1}};
    const double ratio = deviations_[k][j] / deviations_[k][i];
    return {{i, j, ratio}, {j, i, -1 / ratio}};
  }

  // One coordinate of all components, or one for each.
  template <class Generator>
  void add_all(char letter, bool turns, const Generator& generator) {
    for (std::size_t k = 0; k < k_; ++k) {
      if (k == 0 || letter == 'V') chart_.coordinates.emplace_back();
      chart_.coordinates.back().push_back({k, turns, generator(k)});
    }
  }

  const Mixture& mixture_;
  const CovarianceFamily& family_;
  std::size_t k_;
  std::size_t d_;
  bool turns_ = false;
  Matrix axes_ = {};                                  // the last ones
  std::vector<std::vector<double>> deviations_ = {};  // along the axes
  CovarianceChart chart_ = {};
};

}  // namespace

CovarianceChart covariance_chart(const Mixture& mixture) {
  const auto& known = covariance_families();
  const bool has_letters =
      std::ranges::any_of(known, [&](const CovarianceFamily* family) { return *family == mixture.family(); });
  if (!has_letters) {
    throw invalid_argument(
        fmt::format("covariance = {}; standard errors by the information know the fourteen families "
                    "only; use a bootstrap or the jackknife",
                    to_string(mixture.family())));
  }
  if (!belongs_to(mixture.covariances(), mixture.family())) {
    throw invalid_argument(fmt::format("the covariances are none of the family {}; fit the mixture with that family",
                                       to_string(mixture.family())));
  }
  return Builder(mixture).build();
}

}  // namespace mogul
