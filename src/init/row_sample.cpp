#include "init/row_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <utility>

#include "base/cholesky.hpp"
#include "base/random.hpp"
#include "engine/worst_rows.hpp"
#include "init/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxSeedingRows = 65536;
constexpr std::size_t kMaxSeedingBytes = 16 << 20;
constexpr std::size_t kMinSeedingRowsPerComponent = 30;

// The least and the largest row of a column, the first of equals.
struct Extremes {
  using Place = std::pair<double, std::size_t>;  // value, row
  Place least{std::numeric_limits<double>::infinity(), 0};
  Place largest{std::numeric_limits<double>::infinity(), 0};  // of -value

  void add(const Extremes& other) {
    least = std::min(least, other.least);
    largest = std::min(largest, other.largest);
  }
};

std::vector<Extremes> extremes_of_columns(Engine& engine) {
  std::vector<Extremes> all(engine.n_features());
  std::mutex mutex;
  engine.visit_rows([&](const BlockRows& block) {
    std::vector<Extremes> own(all.size());
    for (std::size_t d = 0; d < own.size(); ++d) {
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        const double x = block.x(d, i);
        if (!(x < own[d].least.first || -x < own[d].largest.first)) continue;
        if (!(block.weights[i] > 0)) continue;
        own[d].add({{x, block.first_row + i}, {-x, block.first_row + i}});
      }
    }
    const std::scoped_lock lock(mutex);
    for (std::size_t d = 0; d < own.size(); ++d) all[d].add(own[d]);
  });
  return all;
}

// Rows that are the least or the largest of a column, those of the most standard deviations first.
std::vector<std::size_t> extreme_rows(Engine& engine, const Units& units) {
  const std::vector<Extremes> columns = extremes_of_columns(engine);
  std::vector<std::pair<double, std::size_t>> rows;  // less its deviations, row
  for (std::size_t d = 0; d < columns.size(); ++d) {
    const auto& [least, largest] = columns[d];
    rows.emplace_back((least.first - units.centre[d]) / units.scale[d], least.second);
    rows.emplace_back((largest.first + units.centre[d]) / units.scale[d], largest.second);
  }
  std::ranges::sort(rows);
  std::vector<std::size_t> out;
  out.reserve(rows.size());
  for (const auto& [deviations, row] : rows) out.push_back(row);
  return out;
}

// All rows as one component; its columns stand alone where the family has no correlations, or they are singular.
Mixture one_component(Engine& engine, const Units& units, CovarianceFamily family) {
  const std::size_t d = units.centre.size();
  Matrix mean(1, d, units.centre);
  if (family.layout == Layout::matrix) {
    const Stats all = engine.accumulate(everywhere(), mean, Moments::full);
    Matrix covariance(d, d);
    Matrix correlation(d, d);  // of which pivots are relative to one
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        covariance(i, j) = covariance(j, i) = all.second(0, i * (i + 1) / 2 + j) / all.n[0];
        correlation(i, j) = correlation(j, i) = covariance(i, j) / units.scale[i] / units.scale[j];
      }
    }
    constexpr double kSmallestPivot = 1e-5;  // standard deviations given the columns before
    bool regular = !cholesky(correlation.view());
    for (std::size_t i = 0; i < d; ++i) regular = regular && correlation(i, i) > kSmallestPivot;
    if (regular) return {families::full, {1}, std::move(mean), covariance.values()};
  }
  return distance_model(std::move(mean), units);
}

}  // namespace

std::size_t n_seeding_rows(const Engine& engine, std::size_t n_components) {
  return std::max(std::min(kMaxSeedingRows, kMaxSeedingBytes / sizeof(double) / engine.n_features()),
                  kMinSeedingRowsPerComponent * n_components);
}

std::vector<std::size_t> outermost_rows(Engine& engine, const Units& units, CovarianceFamily family,
                                        std::size_t n_most) {
  const std::size_t n_far = std::min((n_most + 1) / 2, std::max<std::size_t>(64, n_most / 16));
  const std::vector<std::size_t> far = worst_rows(engine, row_model(one_component(engine, units, family)), n_far);
  std::set<std::size_t> rows(far.begin(), far.end());
  for (const std::size_t row : extreme_rows(engine, units)) {
    if (rows.size() >= n_most) break;
    rows.insert(row);
  }
  return {rows.begin(), rows.end()};
}

RowSample sample_rows(const Engine& engine, std::size_t n_rows, const std::vector<std::size_t>& outermost,
                      std::uint64_t seed, std::size_t restart) {
  RowSample sample;
  const bool all = engine.n_positive_rows() <= n_rows;
  const std::size_t n_outer = all ? 0 : outermost.size();
  const std::size_t n = engine.n_positive_rows() - n_outer;
  const std::size_t m = all ? n : n_rows - n_outer;
  RandomStream random(seed, Purpose::subsample, restart);
  // The rows that are not outermost are cut into m equal stretches; one row of each stands for it.
  std::size_t stretch = 0;
  std::size_t length = 0;
  const auto pick = [&] {
    const std::size_t begin = stretch * n / m;
    length = (stretch + 1) * n / m - begin;
    ++stretch;
    return begin + (length == 1 ? 0 : static_cast<std::size_t>(random.uniform() * static_cast<double>(length)));
  };
  auto outer = outermost.begin();
  const auto end = outermost.begin() + static_cast<std::ptrdiff_t>(n_outer);
  std::size_t wanted = pick();
  std::size_t n_seen = 0;
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows && sample.rows.size() < m + n_outer; ++i) {
      const bool is_outer = outer != end && *outer == block.first + i;
      if (is_outer) ++outer;
      if (!(block.weight(i) > 0) || (!is_outer && n_seen++ != wanted)) continue;
      sample.rows.push_back(block.first + i);
      sample.weights.push_back(block.weight(i) * (is_outer ? 1 : static_cast<double>(length)));
      if (!is_outer && stretch < m) wanted = pick();
    }
    return sample.rows.size() < m + n_outer;
  });
  return sample;
}

RowSample sample_rows(const DataView& data, std::size_t n_rows, CovarianceFamily covariance, std::uint64_t seed,
                      unsigned n_threads) {
  if (n_rows == 0) throw invalid_argument("n_rows = 0; must be >= 1");
  const auto engine = make_engine(data, n_threads);
  std::vector<std::size_t> outermost;
  if (n_rows < engine->n_positive_rows()) {
    outermost = outermost_rows(*engine, standard_units(*engine), covariance, n_rows / 4);
  }
  return sample_rows(*engine, n_rows, outermost, seed, 0);
}

}  // namespace mogul
