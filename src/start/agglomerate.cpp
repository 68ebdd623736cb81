#include "start/agglomerate.hpp"

#include <algorithm>
#include <limits>

#include "base/check_interrupted.hpp"

namespace mogul {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Agglomeration {
 public:
  Agglomeration(const MergePoints& points, std::span<const std::size_t> leaves, MergeCost cost)
      : criterion_(points, cost), points_(points), node_(leaves.begin(), leaves.end()), n_(leaves.size()) {}

  std::vector<Merge> run() {
    merge_equal_points();
    fill();
    while (alive_.size() > 1) {
      const auto [i, j] = cheapest();
      merge(i, j);
      alive_.erase(std::ranges::lower_bound(alive_, j));
      ++step_;
      criterion_.prepare();
      update(i, j);
    }
    return std::move(merges_);
  }

 private:
  struct Nearest {
    double cost = kInfinity;  // the least of the row, or what it is at least
    std::size_t column = 0;
    std::size_t step = 0;  // at which all costs of the row were computed
  };

  void merge_equal_points() {
    for (std::size_t i = 0; i < n_; ++i) {
      const bool equal = !alive_.empty() && points_.scatters.empty() &&
                         std::ranges::equal(points_.means.row(alive_.back()), points_.means.row(i));
      if (equal) {
        merge(alive_.back(), i);
      } else {
        alive_.push_back(i);
      }
    }
    // From here on, points are known by their place among those that differ.
    places_ = alive_;
    for (std::size_t place = 0; place < places_.size(); ++place) alive_[place] = place;
    m_ = places_.size();
  }

  void merge(std::size_t i, std::size_t j) {
    const std::size_t a = places_.empty() ? i : places_[i];
    const std::size_t b = places_.empty() ? j : places_[j];
    const double cost = criterion_.cost(a, b);
    criterion_.merge(a, b);
    merges_.push_back({node_[a], node_[b], cost});
    node_[a] = n_ + merges_.size() - 1;
  }

  // i < j
  double& at(std::size_t i, std::size_t j) { return costs_[i * (2 * m_ - i - 1) / 2 + (j - i - 1)]; }
  double cost(std::size_t i, std::size_t j) const { return criterion_.cost(places_[i], places_[j]); }

  void fill() {
    costs_ = zeros<double>({m_ % 2 == 0 ? m_ / 2 : m_, m_ % 2 == 0 ? m_ - 1 : (m_ - 1) / 2});
    nearest_.resize(m_);
    criterion_.prepare();
    for (const std::size_t i : alive_) compute_row(i);
  }

  void compute_row(std::size_t i) {
    check_interrupted(m_ * points_.means.cols());
    const auto first = std::ranges::upper_bound(alive_, i);
    for (auto j = first; j != alive_.end(); ++j) at(i, *j) = cost(i, *j);
    nearest_[i].step = step_;
    scan(i);
  }

  void scan(std::size_t i) {
    nearest_[i].cost = kInfinity;
    for (auto j = std::ranges::upper_bound(alive_, i); j != alive_.end(); ++j) {
      if (at(i, *j) < nearest_[i].cost) nearest_[i] = {at(i, *j), *j, nearest_[i].step};
    }
  }

  // The first pair whose cost is the least but for rounding.
  std::pair<std::size_t, std::size_t> cheapest() {
    double limit = 0;
    bool is_known = false;
    while (!is_known) {
      double least = kInfinity;
      for (const std::size_t i : alive_) least = std::min(least, nearest_[i].cost);
      limit = least + criterion_.tie_of(least);
      is_known = true;
      // Costs that grew since they were computed are bounds from below: those that matter are computed again.
      for (const std::size_t i : alive_) {
        if (!criterion_.costs_depend_on_all() || nearest_[i].cost > limit || nearest_[i].step == step_) continue;
        compute_row(i);
        is_known = false;
      }
    }
    const std::size_t i = *std::ranges::find_if(alive_, [&](std::size_t row) { return nearest_[row].cost <= limit; });
    auto j = std::ranges::upper_bound(alive_, i);
    while (at(i, *j) > limit) ++j;
    return {i, *j};
  }

  // After j was merged into i.
  void update(std::size_t i, std::size_t j) {
    for (const std::size_t row : alive_) {
      if (row >= i) break;
      at(row, i) = cost(row, i);
      if (nearest_[row].column == i || nearest_[row].column == j) {
        scan(row);
      } else if (at(row, i) < nearest_[row].cost) {
        nearest_[row].cost = at(row, i);
        nearest_[row].column = i;
      }
    }
    compute_row(i);
    for (auto row = std::ranges::upper_bound(alive_, i); row != alive_.end() && *row < j; ++row) {
      if (nearest_[*row].column == j) scan(*row);
    }
  }

  MergeCriterion criterion_;
  const MergePoints& points_;
  std::vector<std::size_t> node_;  // of each point, the cluster that it stands for
  std::size_t n_;
  std::size_t m_ = 0;                // points that differ
  std::vector<std::size_t> places_;  // (m), each of them
  std::vector<std::size_t> alive_;   // ascending
  std::vector<double> costs_;        // of pairs, by rows
  std::vector<Nearest> nearest_;     // (m), the cheapest partner after it
  std::size_t step_ = 0;
  std::vector<Merge> merges_;
};

}  // namespace

std::vector<Merge> agglomerate(const MergePoints& points, std::span<const std::size_t> leaves, MergeCost cost) {
  return Agglomeration(points, leaves, cost).run();
}

}  // namespace mogul
