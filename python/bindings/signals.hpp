// Work without the interpreter lock that hears signals: Ctrl-C ends it within a tenth of a second.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <optional>

#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul::python {

namespace nb = nanobind;

/// Runs the handlers of signals that have come, as the main thread has to. Made while the interpreter lock is held.
class Signals {
 public:
  Signals();

  /// Whether a handler raised an exception, which is kept. Called without the lock; on other threads than the main one
  /// it does not ask for it.
  bool raised();
  /// Throws what was raised, if anything was. Called while the lock is held.
  void rethrow();

 private:
  bool on_main_thread_;
  std::optional<nb::python_error> error_;
};

/// What work() returns, which is called without the interpreter lock.
/// @throws  what the handler of a signal raised meanwhile: KeyboardInterrupt, as a rule
template <class Work>
auto without_lock(const Work& work) {
  Signals signals;
  try {
    const nb::gil_scoped_release released;
    const InterruptScope scope([&signals] { return signals.raised(); });
    return work();
  } catch (const interrupted_error&) {
    signals.rethrow();
    throw;
  }
}

}  // namespace mogul::python
