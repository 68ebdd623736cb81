#include "engine/worst_rows.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <utility>

namespace mogul {

namespace {

// Different rows of lowest density, in the order of (density, values): a total order, whatever the threads do.
class LowestRows {
 public:
  explicit LowestRows(std::size_t n_kept) : n_kept_(n_kept) {}

  bool may_take(double density) const { return by_density_.size() < n_kept_ || density <= by_density_.rbegin()->first; }

  void offer(double density, std::size_t row, std::vector<double> values) {
    const auto [place, is_new] = by_values_.try_emplace(std::move(values), density, row);
    if (is_new) {
      by_density_.emplace(density, place);
    } else {
      place->second.second = std::min(place->second.second, row);
    }
    if (by_density_.size() <= n_kept_) return;
    by_values_.erase(by_density_.rbegin()->second);
    by_density_.erase(std::prev(by_density_.end()));
  }

  std::vector<std::size_t> rows() const {
    std::vector<std::size_t> rows;
    for (const auto& [density, place] : by_density_) rows.push_back(place->second.second);
    return rows;
  }

 private:
  using ByValues = std::map<std::vector<double>, std::pair<double, std::size_t>>;
  struct DensityThenValues {
    using Entry = std::pair<double, ByValues::iterator>;
    bool operator()(const Entry& a, const Entry& b) const {
      return a.first != b.first ? a.first < b.first : a.second->first < b.second->first;
    }
  };

  std::size_t n_kept_;
  ByValues by_values_;
  std::set<DensityThenValues::Entry, DensityThenValues> by_density_;
};

}  // namespace

std::vector<std::size_t> worst_rows(Engine& engine, const RowModel& model, std::size_t count) {
  if (count == 0) return {};
  LowestRows lowest(count);
  std::mutex mutex;
  engine.visit(model, [&](const BlockScores& scores) {
    const std::scoped_lock lock(mutex);
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      if (!lowest.may_take(scores.log_densities[i]) || !(scores.weights[i] > 0)) continue;
      std::vector<double> values(scores.x.rows());
      for (std::size_t d = 0; d < values.size(); ++d) values[d] = scores.x(d, i);
      lowest.offer(scores.log_densities[i], scores.first_row + i, std::move(values));
    }
  });
  return lowest.rows();
}

std::vector<std::size_t> distinct_first(const Engine& engine, const std::vector<std::size_t>& rows, std::size_t count) {
  std::vector<std::size_t> distinct;
  std::vector<std::size_t> repeated;
  std::set<std::vector<double>> seen;
  const std::span<const std::size_t> all(rows);
  for (std::size_t first = 0; first < all.size() && distinct.size() < count; first += count) {
    const auto some = all.subspan(first, std::min(count, all.size() - first));
    const Matrix values = engine.rows(some);
    for (std::size_t i = 0; i < some.size() && distinct.size() < count; ++i) {
      const auto row = values.row(i);
      (seen.emplace(row.begin(), row.end()).second ? distinct : repeated).push_back(some[i]);
    }
  }
  distinct.insert(distinct.end(), repeated.begin(), repeated.end());
  distinct.resize(std::min(distinct.size(), count));
  return distinct;
}

std::size_t count_distinct_rows(const Engine& engine, std::size_t at_most) {
  std::set<std::vector<double>> seen;
  std::vector<double> last;
  std::vector<double> row(engine.n_features());
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows && seen.size() < at_most; ++i) {
      if (!(block.weight(i) > 0)) continue;
      for (std::size_t d = 0; d < row.size(); ++d) row[d] = block.value(i, d);
      if (row == last) continue;
      seen.insert(row);  // which copies it only where it is new
      last.assign(row.begin(), row.end());
    }
    return seen.size() < at_most;
  });
  return seen.size();
}

}  // namespace mogul
