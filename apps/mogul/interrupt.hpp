// Ctrl-C, or a closed terminal, during a fit: the first one asks it to stop, a second one ends the process at once.
#pragma once

#include <signal.h>

#include <array>

namespace mogul::cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP set a flag. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  /// Puts the former handlers back.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool interrupted() const;

 private:
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, kSignals.size()> former_;
};

}  // namespace mogul::cli
