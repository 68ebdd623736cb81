// Loops of EM run to their ends over the rows of one engine, side by side: passes over the rows cost less when they are
// shared.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <span>

#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/error.hpp"

namespace mogul {

/// A run of EM, or why there is none.
struct Run {
  std::optional<EmLoop> loop;
  std::exception_ptr failure = {};

  /// What is done to the loop; a fit_error is kept as the failure.
  template <class Act>
  void attempt(const Act& act) {
    try {
      act();
    } catch (const fit_error&) {
      failure = std::current_exception();
      loop.reset();
    }
  }
};

/// Answers all that the loop asks for but an E-step.
/// @throws  as EmLoop::feed(); interrupted_error
void answer(Engine& engine, EmLoop& loop, Effort& effort);

/// Whether a loop is to pause between two steps.
using Pause = std::function<bool(const EmLoop&)>;

/// Runs all loops to their ends, or until they are to pause. Who cancels one cancels all, as does an effort that is
/// spent; who interrupts may leave some without a result.
/// @param effort  grows by what E- and M-steps take
void run_em(Engine& engine, std::span<Run* const> runs, Effort& effort, const Pause& pauses = {});

}  // namespace mogul
