// A relative reg_covar is no help to a column without variance, which is therefore an error of its own.
#pragma once

#include <span>
#include <string>

#include "engine/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// Checks the columns before a fit that estimates covariances with a relative reg_covar.
/// @param names  of the columns (D)
/// @throws  invalid_data that names every column whose values are all equal; for spherical families, which share one
///          variance among the features, only if all columns are
/// @cost    as many rows are read as it takes to see each column change: a few, unless there is something to say
void check_columns_vary(const Engine& engine, std::span<const std::string> names, const FitOptions& options);

}  // namespace mogul
