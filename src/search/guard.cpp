#include "search/guard.hpp"

#include <algorithm>
#include <numeric>

#include "base/cholesky.hpp"
#include "em/coincide.hpp"
#include "em/overall_moments.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr double kNarrow = 1e-6;

}  // namespace

Guard::Guard(Engine& engine, const FitOptions& options, double row, Narrow narrow)
    : family_(options.covariance),
      is_bounded_(options.prior || options.max_eigenvalue_ratio),
      keeps_narrow_(narrow == Narrow::kept && options.reg_covar.value > 0),
      row_(row) {
  const CovarianceFamily& family = options.covariance;
  const bool matrices = family.layout == Layout::matrix;
  const std::size_t d = engine.n_features();
  const Stats all = overall_stats(engine, matrices ? Moments::full : Moments::diagonal);
  const auto second = [&](std::size_t i, std::size_t j) {
    return kNarrow * all.second(0, matrices ? i * (i + 1) / 2 + j : i) / all.n[0];
  };
  for (std::size_t i = 0; i < d; ++i) variances_.push_back(second(i, i));
  if (family.layout == Layout::spherical) {
    const double mean = std::accumulate(variances_.begin(), variances_.end(), 0.0) / static_cast<double>(d);
    std::ranges::fill(variances_, mean);
  }
  const std::vector<double> added = added_variances(all, family, options.reg_covar);
  // But for a thousandth, so that a column that is constant in all rows, whose variance is what was added, is not
  // narrow.
  for (std::size_t i = 0; i < d; ++i) variances_[i] += 0.999 * added[i];
  if (!matrices) return;
  covariance_ = Matrix(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) covariance_(i, j) = covariance_(j, i) = second(i, j);
    covariance_(i, i) = variances_[i];
  }
}

// The smallest eigenvalue of S^-1/2 Sigma_k S^-1/2 is below c if and only if Sigma_k - c S has no Cholesky factor.
bool Guard::is_narrow(const Mixture& mixture, std::size_t k) const {
  if (family_.layout == Layout::matrix) {
    Matrix rest = mixture.covariance(k);
    for (std::size_t i = 0; i < rest.rows(); ++i) {
      for (std::size_t j = 0; j < rest.cols(); ++j) rest(i, j) -= covariance_(i, j);
    }
    return !is_positive_definite(rest.view());
  }
  for (std::size_t d = 0; d < variances_.size(); ++d) {
    if (mixture.variance(k, d) < variances_[d]) return true;
  }
  return false;
}

bool Guard::flags(const EmState& state) const {
  if (!coinciding_components(state.mixture, kSame).empty()) return true;
  if (family_.shared || is_bounded_) return false;
  const auto needed = static_cast<double>(family_.layout == Layout::matrix ? state.mixture.n_features() + 1 : 2);
  constexpr double kRounding = 1e-9;
  for (std::size_t k = 0; k < state.mixture.n_components(); ++k) {
    const double n_rows = state.stats.n[k] / row_ * (1 + kRounding);
    if (n_rows < needed) return true;
    if (!(keeps_narrow_ && n_rows >= 2 * needed) && is_narrow(state.mixture, k)) return true;
  }
  return false;
}

}  // namespace mogul
