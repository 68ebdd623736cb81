// Counter-based random numbers: what a stream yields depends on its name only, never on what other
// streams or threads drew.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mogul {

/// Ten rounds of Philox 4x32.
/// @source Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3"
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// What random numbers are drawn for; part of a stream's name.
enum class Purpose : std::uint32_t {
  sample,
  subsample,
  seeding,
  responsibilities,
  short_runs,
  folds,
  runs,
  replicates
};

/// An endless sequence named by (seed, purpose, restart, index). `index` is a row where each row has its
/// own stream.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::size_t restart = 0, std::uint64_t index = 0);

  std::uint64_t next();
  /// Uniform on [0, 1), a multiple of 2^-53.
  double uniform();
  /// Standard normal, by Box and Muller's transform.
  double normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;  // words of block_ already given out
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

/// The index at which running sums first exceed u times the last of them; an index whose share of the
/// sum is zero is never drawn.
/// @param cumulative  not falling, the last element positive
/// @param u           uniform on [0, 1)
std::size_t draw_index(const std::vector<double>& cumulative, double u);

}  // namespace mogul
