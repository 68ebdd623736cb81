#include "kernel/worst_rows.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace mogul {

std::vector<std::size_t> worst_rows(Engine& engine, const Mixture& model, std::size_t count) {
  const std::size_t n_kept = 8 * count + 8;
  std::set<std::pair<double, std::size_t>> kept;  // log-density, row: a total order, whatever the threads do
  std::mutex mutex;
  engine.visit(model, [&](const BlockScores& scores) {
    const std::scoped_lock lock(mutex);
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      const std::pair candidate{scores.log_densities[i], scores.first_row + i};
      if (kept.size() == n_kept && !(candidate < *kept.rbegin())) continue;
      if (!(engine.weight(candidate.second) > 0)) continue;
      kept.insert(candidate);
      if (kept.size() > n_kept) kept.erase(std::prev(kept.end()));
    }
  });
  std::vector<std::size_t> rows;
  rows.reserve(kept.size());
  for (const auto& [density, row] : kept) rows.push_back(row);
  return distinct_first(engine, rows, count);
}

std::vector<std::size_t> distinct_first(const Engine& engine, const std::vector<std::size_t>& rows, std::size_t count) {
  std::vector<std::size_t> distinct;
  std::vector<std::size_t> repeated;
  std::set<std::vector<double>> seen;
  for (const std::size_t row : rows) {
    if (distinct.size() == count) break;
    (seen.insert(engine.row(row)).second ? distinct : repeated).push_back(row);
  }
  distinct.insert(distinct.end(), repeated.begin(), repeated.end());
  distinct.resize(std::min(distinct.size(), count));
  return distinct;
}

}  // namespace mogul
