// Which rows a model explains worst: where a component without rows is put.
#pragma once

#include <cstddef>
#include <vector>

#include "kernel/engine.hpp"

namespace mogul {

/// The `count` rows of positive weight and lowest log-density, lowest first and the earlier of equals;
/// rows of equal values are listed once as long as there are others among the lowest 8 * count + 8.
/// @cost  one pass; memory independent of N
std::vector<std::size_t> worst_rows(Engine& engine, const Mixture& model, std::size_t count);

/// The first `count` of the rows that differ in value, in their order; then, where those are too few, the repeated
/// ones.
std::vector<std::size_t> distinct_first(const Engine& engine, const std::vector<std::size_t>& rows, std::size_t count);

}  // namespace mogul
