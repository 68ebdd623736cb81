// Engines over rows in memory, as the public functions are given them.

#include <fmt/format.h>

#include "data/memory_rows.hpp"
#include "engine/engine.hpp"

namespace mogul {

std::unique_ptr<Engine> make_engine(const DataView& data, unsigned n_threads) {
  return make_engine(std::make_unique<MemoryRows>(data), {.n_threads = n_threads});
}

std::unique_ptr<Engine> make_engine_for(const Mixture& mixture, const DataView& data, unsigned n_threads) {
  if (data.cols() != mixture.n_features()) {
    throw invalid_argument(
        fmt::format("data have {} columns; the mixture has {} features", data.cols(), mixture.n_features()));
  }
  return make_engine(data, n_threads);
}

}  // namespace mogul
