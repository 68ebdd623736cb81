// How much of a fit a page holds.
#pragma once

#include <algorithm>
#include <cstddef>

namespace mogul {

/// Numbers of one step: means and whole covariances.
inline std::size_t replay_numbers(std::size_t n_components, std::size_t n_features) {
  return n_components * n_features * (n_features + 1);
}

/// Steps of all restarts together, some 2 MB of JSON.
inline std::size_t most_replay_steps(std::size_t n_components, std::size_t n_features) {
  constexpr std::size_t kMostNumbers = 120000;
  return std::max<std::size_t>(2, kMostNumbers / replay_numbers(n_components, n_features));
}

}  // namespace mogul
