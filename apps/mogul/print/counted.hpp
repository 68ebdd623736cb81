// "1 row", "2 rows": a number with its noun.
#pragma once

#include <cstddef>
#include <string>

namespace mogul::cli {

inline std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

}  // namespace mogul::cli
