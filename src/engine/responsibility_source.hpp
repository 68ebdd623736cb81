// Responsibilities that the caller gives, checked, as a source for the engine.
#pragma once

#include <cstddef>

#include "engine/engine.hpp"

namespace mogul {

/// Hands out rows of r (N, K), which is borrowed.
/// @throws invalid_argument on a wrong shape; invalid_data naming the first row that has a negative
///         element or does not sum to 1 within 1e-6
ResponsibilitySource from_responsibilities(MatrixView<const double> r, const Engine& engine, std::size_t n_components);

}  // namespace mogul
