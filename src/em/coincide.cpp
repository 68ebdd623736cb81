#include "em/coincide.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace mogul {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<const RowMajor>;

// Feature by feature, which is necessary and, without correlations, sufficient.
bool alike_by_feature(const Mixture& m, std::size_t i, std::size_t j, double tolerance) {
  for (std::size_t d = 0; d < m.n_features(); ++d) {
    const double variance = m.variance(i, d);
    if (!(std::abs(m.means()(i, d) - m.means()(j, d)) <= tolerance * std::sqrt(variance))) return false;
    if (!(std::abs(m.variance(j, d) - variance) <= tolerance * variance)) return false;
  }
  return true;
}

// The same after whitening with the covariance of component i.
bool alike_in_every_direction(const Mixture& m, std::size_t i, std::size_t j, double tolerance) {
  const auto d = static_cast<Eigen::Index>(m.n_features());
  const Matrix factor = m.cholesky(i);
  const auto whiten = Map(factor.data(), d, d).triangularView<Eigen::Lower>();
  Eigen::VectorXd move(d);
  for (Eigen::Index f = 0; f < d; ++f) {
    const auto feature = static_cast<std::size_t>(f);
    move[f] = m.means()(j, feature) - m.means()(i, feature);
  }
  if (!(whiten.solve(move).norm() <= tolerance)) return false;
  if (m.family().shared) return true;
  const Matrix other = m.covariance(j);
  const RowMajor half = whiten.solve(Map(other.data(), d, d));
  const RowMajor whitened = whiten.solve(half.transpose());
  return (whitened - RowMajor::Identity(d, d)).cwiseAbs().maxCoeff() <= tolerance;
}

bool alike(const Mixture& m, std::size_t i, std::size_t j, double tolerance) {
  const bool matrices = m.family().layout == Layout::matrix;
  return alike_by_feature(m, i, j, tolerance) && (!matrices || alike_in_every_direction(m, i, j, tolerance));
}

}  // namespace

std::vector<std::vector<std::size_t>> coinciding_components(const Mixture& mixture, double tolerance) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<bool> is_grouped(mixture.n_components());
  for (std::size_t i = 0; i < mixture.n_components(); ++i) {
    if (is_grouped[i] || mixture.weights()[i] == 0) continue;
    std::vector<std::size_t> group{i};
    for (std::size_t j = i + 1; j < mixture.n_components(); ++j) {
      if (is_grouped[j] || mixture.weights()[j] == 0 || !alike(mixture, i, j, tolerance)) continue;
      group.push_back(j);
      is_grouped[j] = true;
    }
    if (group.size() > 1) groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace mogul
