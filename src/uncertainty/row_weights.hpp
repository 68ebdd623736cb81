// The row weights of replicates: a bootstrap and the jackknife change nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {

class ReplicateWeights {
 public:
  /// @throws invalid_data where the method cannot take these row weights
  ReplicateWeights(const DataView& data, StandardErrorMethod method, std::size_t n_bootstrap, std::uint64_t seed);

  std::size_t size() const;
  /// (N)
  std::vector<double> weights(std::size_t replicate) const;
  /// How many equal replicates this one stands for: of the jackknife, as a row of weight 2 is left out twice.
  double count(std::size_t replicate) const;

 private:
  std::vector<double> drawn(std::size_t replicate) const;
  std::vector<double> random(std::size_t replicate) const;

  StandardErrorMethod method_;
  std::size_t n_bootstrap_;
  std::uint64_t seed_;
  std::vector<double> weights_;             // (N)
  std::vector<double> cumulative_;          // (N), for the bootstrap
  std::vector<std::size_t> left_out_ = {};  // the jackknife's rows
};

}  // namespace mogul
