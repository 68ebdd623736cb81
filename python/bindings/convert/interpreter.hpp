// The interpreter lock: given up while the library works, taken back for Python; and what a thread does at the end of
// the interpreter, which may come while daemon threads are at work.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>

#include "mogul/interrupt.hpp"

namespace mogul::python {

namespace nb = nanobind;

/// While it lives, this thread does not hold the lock, and the library's functions that it calls end with what Python
/// raises meanwhile: KeyboardInterrupt in the main thread, SystemExit where the interpreter ends.
///
/// A thread that asks for the lock after the interpreter has gone is ended by Python before 3.14, which unwinds its
/// stack and aborts the process. So it never asks: it waits until the process ends.
class WithoutLock {
 public:
  /// @throws  SystemExit (nb::python_error) once the interpreter is ending, unless in the thread that ends it
  WithoutLock();
  ~WithoutLock();
  WithoutLock(const WithoutLock&) = delete;
  WithoutLock& operator=(const WithoutLock&) = delete;

 private:
  PyThreadState* state_;
  std::optional<InterruptScope> scope_;
};

/// What a function returns that is called without the lock.
template <class Work>
auto without_lock(const Work& work) {
  const WithoutLock unlocked;
  return work();
}

/// Within the life of a WithoutLock: this thread holds the lock again, to call Python.
class WithLock {
 public:
  WithLock();
  ~WithLock();
  WithLock(const WithLock&) = delete;
  WithLock& operator=(const WithLock&) = delete;

 private:
  PyGILState_STATE state_;
};

/// Raises what Python has for this thread: of a signal handler, or of the end of the interpreter. The lock is held.
void raise_pending();
/// Raises what ended the library's work within the last WithoutLock of this thread, if anything did. The lock is held.
void raise_interrupt();

/// Registers, at exit: fits of other threads stop, and those that do not leave the library soon never come back.
void bind_interpreter(nb::module_& m);

}  // namespace mogul::python
