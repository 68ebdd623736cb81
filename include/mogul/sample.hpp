// Ancestral sampling: first the component, then the point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul {

struct Sample {
  Matrix x;                     ///< (n, D), in the data's unit
  std::vector<std::int32_t> z;  ///< (n), the component that each row came from
};

/// Draws z_i ~ Categorical(pi), then x_i = mu_z + L_z e with e ~ N(0, I), rows in random component order.
///
/// Row i depends on (seed, i) only: the same bytes for any n_threads, and a longer sample begins with
/// the shorter one.
/// @throws out_of_memory where n rows are more than memory holds
/// @cost   O(n D^2) full and tied, O(n D) otherwise
/// @source Bishop (2006), sections 8.1.2 and 9.2; Philox: Salmon et al. (2011)
Sample sample(const Mixture& model, std::size_t n, std::uint64_t seed = 0, unsigned n_threads = 0);

}  // namespace mogul
