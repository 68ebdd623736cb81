#include "em/component_moments.hpp"

#include <limits>

namespace mogul {

bool is_empty(const Stats& stats, std::size_t k) {
  return !(stats.n[k] > 10 * std::numeric_limits<double>::epsilon() * stats.sum_weights);
}

std::vector<double> mean_shift(const Stats& stats, std::size_t k) {
  std::vector<double> shift(stats.first.row(k).begin(), stats.first.row(k).end());
  for (double& s : shift) s /= stats.n[k];
  return shift;
}

Scatter pooled_scatter(const Stats& stats) {
  if (stats.moments != Moments::pooled) return {};
  return {stats.second.row(0).begin(), stats.second.row(0).end()};
}
Scatter scatter_of(const Stats& stats, std::size_t k, Moments to) {
  if (stats.moments == Moments::pooled) return Scatter(stats.second.cols());
  return coarsened(stats.second.row(k), stats.moments, to, stats.n_features());
}

void add_outer(Scatter& scatter, Moments moments, double scale, std::span<const double> v) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    switch (moments) {
      case Moments::spherical: scatter[0] += scale * v[i] * v[i]; break;
      case Moments::diagonal: scatter[i] += scale * v[i] * v[i]; break;
      case Moments::pooled:
      case Moments::full:
        for (std::size_t j = 0; j <= i; ++j) scatter[at++] += scale * v[i] * v[j];
        break;
      default: break;
    }
  }
}

}  // namespace mogul
