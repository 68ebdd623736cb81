// Ctrl-C, or a closed terminal, during a fit: the first one asks it to stop, a second one ends the process at once.
#include "interrupt.hpp"

#include <unistd.h>

#include <cstddef>

#include "print/streams.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

// A signal handler can reach nothing else: it has no argument of ours.
volatile sig_atomic_t g_interrupted = 0;

// Only async-signal-safe calls.
extern "C" void on_interrupt(int) {
  if (g_interrupted != 0) _exit(static_cast<int>(Exit::interrupted));
  g_interrupted = 1;
  write_stderr("\nmogul: interrupted; stopping (again: stop at once)\n");
}

}  // namespace

InterruptGuard::InterruptGuard() {
  g_interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &former_[i]);
    // A job in the background of a script is started deaf to Ctrl-C, and one under nohup to its terminal's end.
    if (former_[i].sa_handler == SIG_IGN) sigaction(kSignals[i], &former_[i], nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &former_[i], nullptr);
}

bool InterruptGuard::interrupted() const { return g_interrupted != 0; }

}  // namespace mogul::cli
