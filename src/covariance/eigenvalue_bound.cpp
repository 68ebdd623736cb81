#include "covariance/eigenvalue_bound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"

namespace mogul {
namespace {

using namespace families;

constexpr std::array<const CovarianceFamily*, 5> kFamilies{&vii, &vvi, &vvv, &eei, &eee};

// m^2 times the derivative of the sum by m, which does not fall as m grows.
double slope(std::span<const double> values, std::span<const double> weights, double ratio, double m) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < m) sum += weights[i] * (m - values[i]);
    if (values[i] / ratio > m) sum += weights[i] * (m - values[i] / ratio);
  }
  return sum;
}

// Where the slope, which is linear between these two, is 0.
double root_between(std::span<const double> values, std::span<const double> weights, double ratio, double low,
                    double high) {
  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= low) {
      sum += weights[i] * values[i];
      weight += weights[i];
    }
    if (values[i] / ratio >= high) {
      sum += weights[i] * (values[i] / ratio);
      weight += weights[i];
    }
  }
  return weight > 0 ? std::clamp(sum / weight, low, high) : low;
}

// The eigenvalues of what is stored, those of a covariance next to each other.
struct Spectra {
  std::vector<PrincipalAxes> axes;  // of matrices
  std::vector<double> variances;
};

Spectra spectra_of(std::span<const double> values, Layout layout, std::size_t d) {
  if (layout != Layout::matrix) return {{}, {values.begin(), values.end()}};
  Spectra spectra;
  std::vector<double> packed(packed_size(layout, d));
  for (std::size_t first = 0; first < values.size(); first += d * d) {
    auto at = packed.begin();
    for (std::size_t i = 0; i < d; ++i) {
      at = std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first + i * d), i + 1, at);
    }
    spectra.axes.push_back(principal_axes(packed, d));
    spectra.variances.insert(spectra.variances.end(), spectra.axes.back().variances.begin(),
                             spectra.axes.back().variances.end());
  }
  return spectra;
}

void store(const Matrix& axes, std::span<const double> variances, std::span<double> out) {
  const std::size_t d = axes.rows();
  Matrix packed(1, packed_size(Layout::matrix, d));
  assemble(axes, variances, packed.row(0));
  std::ranges::copy(as_stored(packed, Layout::matrix, d), out.begin());
}

}  // namespace

bool has_eigenvalue_bound(const CovarianceFamily& family) {
  return std::ranges::any_of(kFamilies, [&](const CovarianceFamily* each) { return *each == family; });
}

std::string families_with_eigenvalue_bound() {
  std::string text;
  for (const CovarianceFamily* family : kFamilies) {
    const char* between = family == kFamilies.front() ? "" : family == kFamilies.back() ? " and " : ", ";
    text += fmt::format("{}{} ({})", between, family->name, family->plain);
  }
  return text;
}

double truncation_threshold(std::span<const double> values, std::span<const double> weights, double ratio) {
  std::vector<double> ends;  // of the intervals on which the slope is linear
  double smallest = std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    smallest = std::min(smallest, values[i]);
    largest = std::max(largest, values[i]);
    ends.push_back(values[i]);
    ends.push_back(values[i] / ratio);
  }
  if (largest / ratio <= smallest) return smallest;
  std::ranges::sort(ends);
  const auto above =
      std::ranges::partition_point(ends, [&](double m) { return !(slope(values, weights, ratio, m) > 0); });
  return root_between(values, weights, ratio, *(above - 1), *above);
}

void bound_eigenvalues(std::vector<double>& values, const CovarianceFamily& family, std::size_t n_features,
                       std::span<const double> counts, double ratio) {
  const std::size_t n_stored = family.shared ? 1 : counts.size();
  const Spectra spectra = spectra_of(values, family.layout, n_features);
  const std::size_t n_each = spectra.variances.size() / n_stored;
  std::vector<double> weights;
  for (std::size_t k = 0; k < n_stored; ++k) weights.insert(weights.end(), n_each, family.shared ? 1 : counts[k]);
  const double least = truncation_threshold(spectra.variances, weights, ratio);
  if (!(least > 0)) return;
  std::vector<double> truncated = spectra.variances;
  for (double& variance : truncated) variance = std::min(std::max(variance, least), least * ratio);
  if (family.layout != Layout::matrix) {
    values = std::move(truncated);
    return;
  }
  const std::size_t d = n_features;
  for (std::size_t k = 0; k < n_stored; ++k) {
    const auto now = std::span(truncated).subspan(k * d, d);
    if (std::ranges::equal(now, std::span(spectra.variances).subspan(k * d, d))) continue;
    store(spectra.axes[k].axes, now, std::span(values).subspan(k * d * d, d * d));
  }
}

double eigenvalue_ratio(const Covariances& covariances) {
  const Spectra spectra = spectra_of(covariances.values(), covariances.layout(), covariances.n_features());
  const auto [least, most] = std::ranges::minmax_element(spectra.variances);
  return *most / *least;
}

}  // namespace mogul
