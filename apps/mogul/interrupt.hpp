// Ctrl-C during a fit: the first one asks it to stop, a second one ends the process at once.
#pragma once

#include <signal.h>

namespace mogul::cli {

/// While it lives, SIGINT and SIGTERM set a flag. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  /// Puts the former handlers back.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool interrupted() const;

 private:
  struct sigaction former_int_;
  struct sigaction former_term_;
};

}  // namespace mogul::cli
