// What a fit has cost so far, and what it may cost.
#pragma once

#include <limits>

#include "mogul/report.hpp"

namespace mogul {

struct Effort {
  PhaseSeconds seconds = {};
  PhasePasses passes = {};
  double PhasePasses::*phase = &PhasePasses::starts;  ///< that passes count for now
  double share = 1;                                   ///< of all rows that are passed over: less in a sample
  double max_passes = std::numeric_limits<double>::infinity();

  void add_passes(double count) { passes.*phase += share * count; }
  bool is_spent() const { return passes.total() >= max_passes; }
};

}  // namespace mogul
