// Which rows a model explains worst: where a component without rows is put.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.hpp"

namespace mogul {

/// The `count` rows of positive weight and lowest log-density that differ in value, lowest first and of equal densities
/// those of smaller values: n equal rows are as good as one. Fewer where there are fewer different ones; of equal rows
/// the first.
/// @cost  one pass; memory independent of N
std::vector<std::size_t> worst_rows(Engine& engine, const RowModel& model, std::size_t count);

/// The first `count` of the rows that differ in value, in their order; then, where those are too few, the repeated
/// ones.
std::vector<std::size_t> distinct_first(const Engine& engine, const std::vector<std::size_t>& rows, std::size_t count);

/// The number of different rows of positive weight, or `at_most` if there are as many or more.
/// @cost  as many rows are read as it takes to find `at_most` different ones; memory O(at_most D)
std::size_t count_distinct_rows(const Engine& engine, std::size_t at_most);

}  // namespace mogul
