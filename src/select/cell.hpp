// One cell of a selection: EM from several starts, which are raced against each other.
#pragma once

#include <variant>
#include <vector>

#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "mogul/select.hpp"

namespace mogul {

/// A model, of any family, or the statistics of a partition.
using CellStart = std::variant<Mixture, Stats>;

/// @param options  with the K and the family of the cell
/// @param effort   grows by what the cell takes
/// @return         a cell with a reason where every run fails, or is flagged (search/guard.hpp)
/// @throws         interrupted_error
SelectionCell fit_cell(Engine& engine, const FitOptions& options, const std::vector<CellStart>& starts, Effort& effort);

}  // namespace mogul
