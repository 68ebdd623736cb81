// Whether covariances are members of a family: mogul/covariance_family.hpp.
#include <vector>

#include "covariance/family.hpp"
#include "covariance/scatters.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// The Kullback-Leibler divergence of N(0, from) from N(0, to), doubled, per feature.
double divergence(const Covariances& from, const Covariances& to, std::size_t k) {
  const std::size_t d = from.n_features();
  const Matrix whitening = to.whitening(k);
  const Matrix factor = from.cholesky(k);
  double trace = 0;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t l = j; l <= i; ++l) sum += whitening(i, l) * factor(l, j);
      trace += sum * sum;
    }
  }
  const auto n = static_cast<double>(d);
  return (trace - n + to.log_determinant(k) - from.log_determinant(k)) / n;
}

}  // namespace

// With a_k = 1 and B_k = Sigma_k the terms of the M-step's problem are at their unconstrained maxima where the answer
// is Sigma_k itself, which is so for members and for no others.
bool belongs_to(const Covariances& covariances, const CovarianceFamily& family) {
  constexpr double kRounding = 1e-6;  // the square of a relative error of 1e-3 in some direction
  if (covariances.layout() != family.layout || covariances.is_shared() != family.shared) return false;
  if (family.shared || !family.plain.empty()) return true;
  const std::size_t n_components = covariances.n_components();
  Scatters scatters{family.layout, covariances.n_features(), std::vector<double>(n_components, 1), {}};
  scatters.second = Matrix(n_components, packed_size(family.layout, covariances.n_features()));
  for (std::size_t k = 0; k < n_components; ++k) pack(covariances, k, family.layout, scatters.second.row(k));
  if (family.layout == Layout::spherical) {  // of which a scatter holds the trace
    for (std::size_t k = 0; k < n_components; ++k) scatters.second(k, 0) *= static_cast<double>(scatters.n_features);
  }
  InnerLoop inner;
  inner.thorough = true;
  inner.max_iterations = 100;
  try {
    const Covariances nearest(family.layout, family.shared, n_components, covariances.n_features(),
                              maximise(family, scatters, nullptr, inner));
    for (std::size_t k = 0; k < n_components; ++k) {
      if (!(divergence(covariances, nearest, k) <= kRounding)) return false;
    }
    return true;
  } catch (const invalid_argument&) {  // nearly singular ones, of which it cannot be told
    return true;
  }
}

}  // namespace mogul
