// What clusters of components say of rows. Twin: score.cpp, of the components themselves.
#include <algorithm>

#include "engine/engine.hpp"
#include "engine/row_model.hpp"
#include "mogul/merge.hpp"

namespace mogul {
namespace {

// Calls use(row, t), t (C) the posterior of the clusters, for every row.
template <class Use>
void for_each_posterior(const Mixture& model, const DataView& data, std::span<const std::int32_t> clusters,
                        unsigned n_threads, const Use& use) {
  const std::size_t n_clusters = count_clusters(clusters, model.n_components());
  make_engine_for(model, data, n_threads)->visit(row_model(model), [&](const BlockScores& scores) {
    std::vector<double> t(n_clusters);
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      std::ranges::fill(t, 0.0);
      for (std::size_t k = 0; k < clusters.size(); ++k) {
        t[static_cast<std::size_t>(clusters[k])] += scores.responsibilities(k, i);
      }
      use(scores.first_row + i, t);
    }
  });
}

}  // namespace

Matrix cluster_responsibilities(const Mixture& model, const DataView& data, std::span<const std::int32_t> clusters,
                                unsigned n_threads) {
  Matrix out(data.rows(), count_clusters(clusters, model.n_components()));
  for_each_posterior(model, data, clusters, n_threads, [&](std::size_t row, const std::vector<double>& t) {
    std::ranges::copy(t, out.row(row).begin());
  });
  return out;
}

std::vector<std::int32_t> cluster_labels(const Mixture& model, const DataView& data,
                                         std::span<const std::int32_t> clusters, unsigned n_threads) {
  std::vector<std::int32_t> out(data.rows());
  for_each_posterior(model, data, clusters, n_threads, [&](std::size_t row, const std::vector<double>& t) {
    out[row] = static_cast<std::int32_t>(std::ranges::max_element(t) - t.begin());
  });
  return out;
}

}  // namespace mogul
