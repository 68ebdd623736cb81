#include "search/sampled_rows.hpp"

#include <algorithm>
#include <vector>

#include "engine/worst_rows.hpp"
#include "start/row_sample.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxRows = 16384;
constexpr std::size_t kMaxBytes = 16 << 20;
constexpr std::size_t kMinRowsPerComponent = 64;

}  // namespace

std::optional<SampledRows> sampled_rows(Engine& engine, const FitOptions& options, const RowFacts& rows) {
  const std::size_t n_rows = std::max(std::min(kMaxRows, kMaxBytes / sizeof(double) / engine.n_features()),
                                      kMinRowsPerComponent * options.n_components);
  if (engine.n_positive_rows() <= n_rows) return std::nullopt;
  const std::vector<std::size_t> outermost =
      outermost_rows(engine, standard_units(engine), options.covariance, n_rows / 4);
  const RowSample sample = sample_rows(engine, n_rows, outermost, options.seed, 0);
  SampledRows sampled;
  sampled.rows = std::make_unique<const Dataset>(engine.rows(sample.rows), rows.feature_names, sample.weights);
  sampled.engine = make_engine(*sampled.rows, options.n_threads);
  sampled.facts = rows;  // a prior is that of all rows
  sampled.facts.n_distinct = count_distinct_rows(*sampled.engine, options.n_components);
  return sampled;
}

}  // namespace mogul
