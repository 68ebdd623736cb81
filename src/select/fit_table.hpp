// The fits of a selection: every K with every family.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "mogul/select.hpp"

namespace mogul {

/// Tells the caller of fits, from one thread at a time.
class FitsDone {
 public:
  /// @param options  borrowed
  FitsDone(const SelectOptions& options, std::size_t n_fits) : options_(options), n_fits_(n_fits) {}

  void add(const SelectionCell& cell) { tell(cell, 1); }
  void add_bettered(const SelectionCell& cell) { tell(cell, 0); }

 private:
  void tell(const SelectionCell& cell, std::size_t n_more);

  const SelectOptions& options_;
  std::size_t n_fits_;
  std::size_t n_done_ = 0;
  std::mutex telling_;
};

struct FitTable {
  std::vector<SelectionCell> cells;
  bool is_interrupted = false;
};

/// @param options  n_components ascending and different
/// @throws         as select()
FitTable fit_table(const DataView& data, const SelectOptions& options, FitsDone& done);

/// What the fit of a cell is asked for, but for its start.
FitOptions options_of(const SelectionCell& cell, const SelectOptions& options);

/// Whether a pass over so many values has work for one thread only, so that fits are shared out among threads.
bool has_few_values(const DataView& data);

}  // namespace mogul
