// The rows that a search looks at where there are many.
#pragma once

#include <memory>
#include <optional>

#include "engine/engine.hpp"
#include "mogul/dataset.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"

namespace mogul {

struct SampledRows {
  std::unique_ptr<const Dataset> rows;
  std::unique_ptr<Engine> engine;  ///< over them
  RowFacts facts;                  ///< those of all rows, but for how many are different
};

/// A sample, with the outermost rows among it, of at most 16,384 rows or 16 MiB, but 64 rows for each component;
/// nothing where there are no more rows.
/// @throws  invalid_data for weights that the sample sums to more than a double
std::optional<SampledRows> sampled_rows(Engine& engine, const FitOptions& options, const RowFacts& rows);

}  // namespace mogul
