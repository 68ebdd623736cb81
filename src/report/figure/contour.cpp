#include "report/figure/contour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace mogul {
namespace {

// The grid with a border of -infinity around it, so that every contour closes. Vertices lie on edges: the one from
// corner (i, j) to the right has number 2 (j X + i), the one upwards that plus one.
class Grid {
 public:
  Grid(std::span<const double> x, std::span<const double> y, MatrixView<const double> values, double level)
      : x_(x), y_(y), values_(values), level_(level) {}

  std::size_t width() const { return x_.size() + 2; }
  std::size_t height() const { return y_.size() + 2; }

  bool inside(std::size_t i, std::size_t j) const { return above(i, j) > 0; }
  // By how much the value exceeds the level.
  double above(std::size_t i, std::size_t j) const {
    if (i == 0 || j == 0 || i == width() - 1 || j == height() - 1) return -HUGE_VAL;
    return values_(j - 1, i - 1) - level_;
  }

  Point vertex(std::uint64_t edge) const {
    const bool upwards = (edge & 1) != 0;
    const std::size_t i = (edge / 2) % width();
    const std::size_t j = (edge / 2) / width();
    const double here = above(i, j);
    const double there = upwards ? above(i, j + 1) : above(i + 1, j);
    // A neighbour of -infinity leaves the vertex at the finite corner.
    const double share = std::isinf(here) ? 1 : std::isinf(there) ? 0 : here / (here - there);
    const auto between = [share](double a, double b) { return a + share * (b - a); };
    return upwards ? Point{x(i), between(y(j), y(j + 1))} : Point{between(x(i), x(i + 1)), y(j)};
  }

 private:
  double x(std::size_t i) const { return x_[std::clamp<std::size_t>(i, 1, x_.size()) - 1]; }
  double y(std::size_t j) const { return y_[std::clamp<std::size_t>(j, 1, y_.size()) - 1]; }

  std::span<const double> x_;
  std::span<const double> y_;
  MatrixView<const double> values_;
  double level_;
};

using Next = std::unordered_map<std::uint64_t, std::uint64_t>;  // edge -> edge, the inside to the left

// The pieces of contour in the square with lower left corner (i, j).
void add_pieces(const Grid& grid, std::size_t i, std::size_t j, Next& next) {
  const std::uint64_t width = grid.width();
  const std::uint64_t bottom = 2 * (j * width + i);
  const std::uint64_t top = 2 * ((j + 1) * width + i);
  const std::uint64_t left = bottom + 1;
  const std::uint64_t right = bottom + 3;
  // Corners counter-clockwise from the lower left one, and the edges between them.
  const std::array<bool, 4> in{grid.inside(i, j), grid.inside(i + 1, j), grid.inside(i + 1, j + 1),
                               grid.inside(i, j + 1)};
  const std::array<std::uint64_t, 4> edges{bottom, right, top, left};
  std::array<std::uint64_t, 2> leaves{};   // edges on which one walks from the inside to the outside
  std::array<std::uint64_t, 2> returns{};  // and back, each after the one of `leaves` at the same place
  std::size_t n = 0;
  for (std::size_t c = 0; c < 4; ++c) {
    if (!in[c] || in[(c + 1) % 4]) continue;
    std::size_t d = (c + 1) % 4;
    while (in[(d + 1) % 4] == in[d]) d = (d + 1) % 4;
    leaves[n] = edges[c];
    returns[n] = edges[d];
    ++n;
  }
  if (n == 0) return;
  if (n == 1) {
    next[leaves[0]] = returns[0];
    return;
  }
  const double middle = grid.above(i, j) + grid.above(i + 1, j) + grid.above(i + 1, j + 1) + grid.above(i, j + 1);
  const bool joined = middle > 0;  // the two inside corners are one area
  next[leaves[0]] = joined ? returns[0] : returns[1];
  next[leaves[1]] = joined ? returns[1] : returns[0];
}

}  // namespace

std::vector<std::vector<Point>> contour_rings(std::span<const double> x, std::span<const double> y,
                                              MatrixView<const double> values, double level) {
  const Grid grid(x, y, values, level);
  Next next;
  for (std::size_t j = 0; j + 1 < grid.height(); ++j) {
    for (std::size_t i = 0; i + 1 < grid.width(); ++i) add_pieces(grid, i, j, next);
  }
  std::vector<std::uint64_t> starts;
  for (const auto& [from, to] : next) starts.push_back(from);
  std::ranges::sort(starts);  // the same rings in the same order everywhere
  std::vector<std::vector<Point>> rings;
  for (const std::uint64_t start : starts) {
    std::vector<Point> ring;
    for (auto at = next.find(start); at != next.end();) {
      ring.push_back(grid.vertex(at->first));
      const std::uint64_t following = at->second;
      next.erase(at);
      at = next.find(following);
    }
    if (ring.size() > 2) rings.push_back(std::move(ring));
  }
  return rings;
}

}  // namespace mogul
