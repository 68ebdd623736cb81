// Ctrl-C during a fit: the first one asks it to stop, a second one ends the process at once.
#include "interrupt.hpp"

#include <unistd.h>

#include "verbs.hpp"

namespace mogul::cli {

namespace {

// A signal handler can reach nothing else: it has no argument of ours.
volatile sig_atomic_t g_interrupted = 0;

// Only async-signal-safe calls.
extern "C" void on_interrupt(int) {
  if (g_interrupted != 0) _exit(static_cast<int>(Exit::interrupted));
  g_interrupted = 1;
  constexpr char kMessage[] = "\nmogul: interrupted; stopping after this iteration (again: stop at once)\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  g_interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &former_int_);
  sigaction(SIGTERM, &action, &former_term_);
  // A job in the background of a script is started deaf to Ctrl-C, and stays so.
  if (former_int_.sa_handler == SIG_IGN) sigaction(SIGINT, &former_int_, nullptr);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &former_int_, nullptr);
  sigaction(SIGTERM, &former_term_, nullptr);
}

bool InterruptGuard::interrupted() const { return g_interrupted != 0; }

}  // namespace mogul::cli
