#include "report/write/cell_outline.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "report/write/svg_panel.hpp"

namespace mogul {
namespace {

/// On a line x = at or y = at.
struct Edge {
  double at, from, to;

  auto operator<=>(const Edge&) const = default;
};

// Those that are there once, with each piece that begins where the one before it ends joined to it.
std::vector<Edge> single_pieces(std::vector<Edge> edges) {
  std::ranges::sort(edges, [](const Edge& a, const Edge& b) { return a < b; });
  std::vector<Edge> pieces;
  for (std::size_t i = 0; i < edges.size();) {
    const Edge& edge = edges[i];
    const bool is_shared = i + 1 < edges.size() && edges[i + 1] == edge;
    i += is_shared ? 2 : 1;
    if (is_shared) continue;
    if (!pieces.empty() && pieces.back().at == edge.at && pieces.back().to == edge.from) {
      pieces.back().to = edge.to;
    } else {
      pieces.push_back(edge);
    }
  }
  return pieces;
}

}  // namespace

std::string outline_path(const std::vector<PixelBox>& boxes) {
  std::vector<Edge> across;
  std::vector<Edge> down;
  for (const PixelBox& box : boxes) {
    across.push_back({box.top, box.left, box.right});
    across.push_back({box.bottom, box.left, box.right});
    down.push_back({box.left, box.top, box.bottom});
    down.push_back({box.right, box.top, box.bottom});
  }
  std::string path;
  for (const Edge& edge : single_pieces(std::move(across))) {
    fmt::format_to(std::back_inserter(path), "M{} {}H{}", pixels(edge.from), pixels(edge.at), pixels(edge.to));
  }
  for (const Edge& edge : single_pieces(std::move(down))) {
    fmt::format_to(std::back_inserter(path), "M{} {}V{}", pixels(edge.at), pixels(edge.from), pixels(edge.to));
  }
  return path;
}

}  // namespace mogul
