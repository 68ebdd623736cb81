#include "report/figure/areas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>
#include <utility>

#include "mogul/score.hpp"
#include "report/figure/contour.hpp"

namespace mogul {
namespace {

constexpr double kUnseen = 1e-3;           // of the lowest level: density that moves no edge visibly
constexpr double kGap = 1.0 / 4000;        // of the range: lines closer than that are one
constexpr double kDeviations = 3.2;        // about a mean that lines of its own cover
constexpr std::size_t kLeastLines = 16;    // of a small group
constexpr std::size_t kLinesAbout = 40;    // a mean, at most
constexpr std::size_t kFewLinesAbout = 8;  // that show a component
constexpr std::size_t kManyComponents = 100;

// The ellipse outside of which a component's density is below a level, in standard deviations; 0 where all of it is.
double radius_above(const Mixture& mixture, std::size_t k, double log_level) {
  const Matrix factor = mixture.cholesky(k);
  const double log_peak =
      std::log(mixture.weights()[k]) - std::log(2 * std::numbers::pi) - std::log(factor(0, 0)) - std::log(factor(1, 1));
  return std::sqrt(std::max(0.0, 2 * (log_peak - log_level)));
}

/// What a component reaches, within the picture.
struct Reach {
  std::size_t component;
  std::array<Interval, 2> sides;
};

bool touch(const Reach& a, const Reach& b) {
  return a.sides[0].low <= b.sides[0].high && b.sides[0].low <= a.sides[0].high && a.sides[1].low <= b.sides[1].high &&
         b.sides[1].low <= a.sides[1].high;
}

// Of components that are seen, from the left to the right.
std::vector<Reach> reaches(const Mixture& mixture, double log_lowest, const std::array<Interval, 2>& frame) {
  const double log_level = log_lowest + std::log(kUnseen / static_cast<double>(mixture.n_components()));
  std::vector<Reach> found;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const double radius = mixture.weights()[k] > 0 ? radius_above(mixture, k, log_level) : 0;
    Reach reach{k, {}};
    bool seen = radius > 0;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double half = radius * std::sqrt(mixture.variance(k, axis));
      reach.sides[axis] = {std::max(frame[axis].low, mixture.means()(k, axis) - half),
                           std::min(frame[axis].high, mixture.means()(k, axis) + half)};
      seen = seen && reach.sides[axis].low < reach.sides[axis].high;
    }
    if (seen) found.push_back(reach);
  }
  std::ranges::sort(found, {}, [](const Reach& reach) { return reach.sides[0].low; });
  return found;
}

using Group = std::vector<Reach>;

// Components that touch each other, at first hand or through others.
std::vector<Group> groups_of(const std::vector<Reach>& all) {
  std::vector<std::size_t> parent(all.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&parent](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size() && all[j].sides[0].low <= all[i].sides[0].high; ++j) {
      if (touch(all[i], all[j])) parent[root(j)] = root(i);
    }
  }
  std::vector<Group> groups(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) groups[root(i)].push_back(all[i]);
  std::erase_if(groups, [](const Group& group) { return group.empty(); });
  return groups;
}

/// The components of a group as a mixture of their own.
struct Part {
  Mixture mixture;
  double log_weight;
};

Part part_of(const Mixture& mixture, const Group& group) {
  std::vector<double> weights;
  std::vector<double> covariances;
  Matrix means(group.size(), 2);
  double sum = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::size_t k = group[i].component;
    const Matrix covariance = mixture.covariance(k);
    weights.push_back(mixture.weights()[k]);
    sum += weights.back();
    std::ranges::copy(mixture.means().row(k), means.row(i).begin());
    std::ranges::copy(covariance.values(), std::back_inserter(covariances));
  }
  for (double& weight : weights) weight /= sum;
  return {Mixture(families::full, std::move(weights), std::move(means), std::move(covariances)), std::log(sum)};
}

double length(const Interval& range) { return range.high - range.low; }

Interval range_of(const Group& group, std::size_t axis) {
  Interval range = group[0].sides[axis];
  for (const Reach& reach : group) {
    range = {std::min(range.low, reach.sides[axis].low), std::max(range.high, reach.sides[axis].high)};
  }
  return range;
}

bool is_large(const Group& group) { return group.size() > 64; }

// How many densities a point of the grid takes: those of the components that reach it.
double n_beneath(const Group& group, const std::array<Interval, 2>& ranges) {
  if (!is_large(group)) return static_cast<double>(group.size());
  double n = 0;
  for (const Reach& reach : group) {
    n += length(reach.sides[0]) / length(ranges[0]) * (length(reach.sides[1]) / length(ranges[1]));
  }
  return std::max(n, 1.0);
}

/// A grid over what a group reaches.
class Grid {
 public:
  Grid(const Mixture& part, const Group& group, const std::array<Interval, 2>& frame, std::size_t grid,
       std::size_t n_about)
      : part_(part) {
    const std::array<Interval, 2> ranges{range_of(group, 0), range_of(group, 1)};
    const double most_points = 7000 * static_cast<double>(grid * grid) / n_beneath(group, ranges);
    const std::size_t n_lines = std::min(4 * grid, static_cast<std::size_t>(std::sqrt(most_points)));
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double share = length(ranges[axis]) / length(frame[axis]);
      const auto n_even = static_cast<std::size_t>(std::ceil(share * static_cast<double>(grid)));
      lines_[axis] = lines(ranges[axis], axis, std::max(n_even, kLeastLines), n_lines, n_about);
    }
  }

  const std::vector<double>& x() const { return lines_[0]; }
  const std::vector<double>& y() const { return lines_[1]; }

  // Whether at least three lines of either direction cross the ellipse of that radius about a mean in the frame.
  bool shows(std::size_t k, double radius) const {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double mean = part_.means()(k, axis);
      const double half = radius * std::sqrt(part_.variance(k, axis));
      if (mean < lines_[axis].front() || mean > lines_[axis].back()) return true;
      const auto first = std::ranges::lower_bound(lines_[axis], mean - half);
      if (std::ranges::upper_bound(lines_[axis], mean + half) - first < 3) return false;
    }
    return true;
  }

 private:
  std::vector<double> lines(const Interval& range, std::size_t axis, std::size_t n_even, std::size_t n_lines,
                            std::size_t n_about) const {
    std::vector<double> all;
    for (std::size_t i = 0; i <= n_even; ++i) {
      all.push_back(range.low + static_cast<double>(i) / static_cast<double>(n_even) * length(range));
    }
    add_lines(all, range, axis, n_lines - std::min(n_lines, all.size()), n_about);
    std::ranges::sort(all);
    const double gap = kGap * length(range);
    std::vector<double> apart;
    for (const double line : all) {
      if (apart.empty() || line - apart.back() >= gap) apart.push_back(line);
    }
    return apart;
  }

  // Lines about each mean, or, where they would be too few, as many even ones.
  void add_lines(std::vector<double>& all, const Interval& range, std::size_t axis, std::size_t n_more,
                 std::size_t n_about) const {
    const std::size_t n_each = std::min(n_more / part_.n_components(), n_about);
    if (n_each < kFewLinesAbout) {
      const std::size_t n = all.size() + n_more;
      for (std::size_t i = 1; i < n; ++i) {
        all.push_back(range.low + static_cast<double>(i) / static_cast<double>(n) * (range.high - range.low));
      }
      return;
    }
    for (std::size_t k = 0; k < part_.n_components(); ++k) {
      const double deviation = std::sqrt(part_.variance(k, axis));
      for (std::size_t i = 0; i <= n_each; ++i) {
        const double z = kDeviations * (2 * static_cast<double>(i) / static_cast<double>(n_each) - 1);
        const double at = part_.means()(k, axis) + z * deviation;
        if (at > range.low && at < range.high) all.push_back(at);
      }
    }
  }

  const Mixture& part_;
  std::array<std::vector<double>, 2> lines_;
};

// Log-densities at the points of a grid, or of a tile of it.
Matrix values_at(const Part& part, std::span<const double> x, std::span<const double> y, unsigned n_threads) {
  Matrix points(x.size() * y.size(), 2);
  for (std::size_t j = 0; j < y.size(); ++j) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      points(j * x.size() + i, 0) = x[i];
      points(j * x.size() + i, 1) = y[j];
    }
  }
  std::vector<double> values = log_densities(part.mixture, points, n_threads);
  for (double& value : values) value += part.log_weight;
  return {y.size(), x.size(), std::move(values)};
}

// The same of a large group, tile by tile: of the components only those that reach the tile.
Matrix values_in_tiles(const Mixture& mixture, const Group& group, const Grid& grid) {
  constexpr std::size_t kTile = 24;
  Matrix values(grid.y().size(), grid.x().size(), std::vector<double>(grid.y().size() * grid.x().size(), -HUGE_VAL));
  for (std::size_t j = 0; j < grid.y().size(); j += kTile) {
    const auto y = std::span(grid.y()).subspan(j, std::min(kTile, grid.y().size() - j));
    for (std::size_t i = 0; i < grid.x().size(); i += kTile) {
      const auto x = std::span(grid.x()).subspan(i, std::min(kTile, grid.x().size() - i));
      const Reach tile{0, {{{x.front(), x.back()}, {y.front(), y.back()}}}};
      Group there;
      std::ranges::copy_if(group, std::back_inserter(there), [&](const Reach& reach) { return touch(reach, tile); });
      if (there.empty()) continue;
      const Matrix part = values_at(part_of(mixture, there), x, y, 1);
      for (std::size_t row = 0; row < part.rows(); ++row) {
        std::ranges::copy(part.row(row), values.row(j + row).begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }
  return values;
}

// A region so close about a mean that nobody would miss it.
constexpr double kLeastRadius = 0.3;

bool is_missed(const Part& part, std::size_t k, const Grid& grid, std::span<const double> log_levels) {
  return std::ranges::any_of(log_levels, [&](double log_level) {
    const double radius = radius_above(part.mixture, k, log_level - part.log_weight);
    return radius > kLeastRadius && !grid.shows(k, radius);
  });
}

}  // namespace

Areas areas_above(const Mixture& mixture, std::span<const double> log_levels, const Interval& across,
                  const Interval& up, std::size_t grid, unsigned n_threads) {
  const std::array<Interval, 2> frame{across, up};
  const std::vector<Group> groups = groups_of(reaches(mixture, std::ranges::min(log_levels), frame));
  const std::size_t n_about = groups.size() > kManyComponents ? kLinesAbout / 2 : kLinesAbout;
  Areas areas{std::vector<std::vector<std::vector<Point>>>(log_levels.size())};
  for (const Group& group : groups) {
    const Part part = part_of(mixture, group);
    const Grid lines(part.mixture, group, frame, grid, n_about);
    // Threads are not worth their start for a small group.
    const unsigned n_workers = groups.size() > kManyComponents ? 1 : n_threads;
    const Matrix values =
        is_large(group) ? values_in_tiles(mixture, group, lines) : values_at(part, lines.x(), lines.y(), n_workers);
    for (std::size_t i = 0; i < log_levels.size(); ++i) {
      std::ranges::move(contour_rings(lines.x(), lines.y(), values.view(), log_levels[i]),
                        std::back_inserter(areas.rings[i]));
    }
    for (std::size_t k = 0; k < group.size(); ++k) areas.n_missed += is_missed(part, k, lines, log_levels) ? 1 : 0;
  }
  return areas;
}

}  // namespace mogul
