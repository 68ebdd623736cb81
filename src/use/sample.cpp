// Ancestral sampling: z ~ Categorical(pi), x ~ N(mu_z, L_z L_z^T). Each row has its own random stream.

#include "mogul/sample.hpp"

#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "base/thread_pool.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRowsPerTask = 4096;

}  // namespace

Sample sample(const Mixture& model, std::size_t n, std::uint64_t seed, unsigned n_threads) {
  const std::size_t d = model.n_features();
  std::vector<double> cumulative(model.n_components());
  std::partial_sum(model.weights().begin(), model.weights().end(), cumulative.begin());
  std::vector<Matrix> factors;
  for (std::size_t k = 0; k < model.n_components(); ++k) factors.push_back(model.cholesky(k));

  Sample out{Matrix(n, d), std::vector<std::int32_t>(n)};
  ThreadPool pool(n_threads);
  pool.run((n + kRowsPerTask - 1) / kRowsPerTask, [&](std::size_t task) {
    std::vector<double> e(d);
    for (std::size_t i = task * kRowsPerTask; i < std::min(n, (task + 1) * kRowsPerTask); ++i) {
      RandomStream random(seed, Purpose::sample, 0, i);
      const std::size_t k = draw_index(cumulative, random.uniform());
      out.z[i] = static_cast<std::int32_t>(k);
      for (double& value : e) value = random.normal();
      for (std::size_t row = 0; row < d; ++row) {
        double away = 0;
        for (std::size_t col = 0; col <= row; ++col) away += factors[k](row, col) * e[col];
        out.x(i, row) = model.means()(k, row) + away;
      }
    }
  });
  return out;
}

}  // namespace mogul
