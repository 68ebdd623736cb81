// The bits of what the library computes, for laws of "the same bytes", which know no tolerance.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "mogul/fit.hpp"
#include "mogul/stats.hpp"

namespace laws {

using Bytes = std::vector<std::uint64_t>;

inline void append(Bytes& bytes, std::span<const double> values) {
  for (const double value : values) bytes.push_back(std::bit_cast<std::uint64_t>(value));
}

inline Bytes bytes_of(std::span<const double> values) {
  Bytes bytes;
  append(bytes, values);
  return bytes;
}

inline Bytes bytes_of(const mogul::Matrix& matrix) { return bytes_of(matrix.values()); }

inline Bytes bytes_of(const mogul::Stats& stats) {
  Bytes bytes = bytes_of(stats.n);
  append(bytes, stats.first.values());
  append(bytes, stats.second.values());
  const double sums[] = {stats.sum_weights, stats.log_likelihood, stats.entropy, stats.map_log_likelihood};
  append(bytes, sums);
  return bytes;
}

inline Bytes bytes_of(const mogul::FitResult& result) {
  Bytes bytes = bytes_of(result.mixture.weights());
  append(bytes, result.mixture.means().values());
  append(bytes, result.mixture.covariances().values());
  append(bytes, result.report.history);
  append(bytes, result.report.component_sizes);
  const double numbers[] = {result.report.log_likelihood, result.report.entropy, result.report.icl};
  append(bytes, numbers);
  for (const mogul::Restart& restart : result.report.restarts) {
    append(bytes, {&restart.log_likelihood, 1});
    bytes.push_back(restart.iterations);
  }
  return bytes;
}

}  // namespace laws
