// Ancestral sampling: z ~ Categorical(pi), x ~ N(mu_z, L_z L_z^T). Each row has its own random stream.

#include "mogul/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "base/thread_pool.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRowsPerTask = 4096;

/// Takes standard normal numbers e to L_k e. No matrix is made where the layout has none.
class Scale {
 public:
  explicit Scale(const Mixture& model) : model_(model) {
    const bool matrices = model.family().layout == Layout::matrix;
    const std::size_t n_factors = !matrices ? 0 : model.family().shared ? 1 : model.n_components();
    for (std::size_t k = 0; k < n_factors; ++k) factors_.push_back(model.cholesky(k));
  }

  /// Element `row` of L_k e.
  double operator()(std::size_t k, std::size_t row, std::span<const double> e) const {
    if (factors_.empty()) return std::sqrt(model_.variance(k, row)) * e[row];
    const auto factor = factors_[model_.family().shared ? 0 : k].row(row);
    double sum = 0;
    for (std::size_t col = 0; col <= row; ++col) sum += factor[col] * e[col];
    return sum;
  }

 private:
  const Mixture& model_;
  std::vector<Matrix> factors_;
};

}  // namespace

Sample sample(const Mixture& model, std::size_t n, std::uint64_t seed, unsigned n_threads) {
  const std::size_t d = model.n_features();
  std::vector<double> cumulative(model.n_components());
  std::partial_sum(model.weights().begin(), model.weights().end(), cumulative.begin());
  const Scale scaled(model);
  Sample out{Matrix(n, d), zeros<std::int32_t>({n})};
  ThreadPool pool(n_threads);
  pool.run((n + kRowsPerTask - 1) / kRowsPerTask, [&](std::size_t task) {
    std::vector<double> e(d);
    for (std::size_t i = task * kRowsPerTask; i < std::min(n, (task + 1) * kRowsPerTask); ++i) {
      RandomStream random(seed, Purpose::sample, 0, i);
      const std::size_t k = draw_index(cumulative, random.uniform());
      out.z[i] = static_cast<std::int32_t>(k);
      for (double& value : e) value = random.normal();
      for (std::size_t row = 0; row < d; ++row) out.x(i, row) = model.means()(k, row) + scaled(k, row, e);
    }
  });
  return out;
}

}  // namespace mogul
