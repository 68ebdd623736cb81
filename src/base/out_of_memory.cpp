// Sizes of arrays that no memory holds, and the error that says so.

#include <cstdint>
#include <cstdio>

#include "mogul/error.hpp"

namespace mogul {

out_of_memory::out_of_memory(double bytes) noexcept : bytes_(bytes) {
  constexpr std::array<const char*, 7> kUnits{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
  std::snprintf(message_.data(), message_.size(), "out of memory: %.3g %s wanted", bytes, kUnits[unit]);
}

std::size_t array_size(std::span<const std::size_t> sizes, std::size_t bytes_per_element) {
  std::size_t n = 1;
  double bytes = static_cast<double>(bytes_per_element);
  for (const std::size_t size : sizes) {
    n *= size;
    bytes *= static_cast<double>(size);
  }
  if (bytes >= static_cast<double>(PTRDIFF_MAX)) throw out_of_memory(bytes);
  return n;
}

}  // namespace mogul
