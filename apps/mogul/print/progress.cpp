// What is seen of a running fit, on standard error.
#include "print/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "print/streams.hpp"

namespace mogul::cli {

namespace {

constexpr std::chrono::milliseconds kPause{100};

std::string line_of(const Iteration& iteration) {
  std::string line;
  if (iteration.n_init == 0) line = fmt::format("{}, run {}  ", iteration.phase, iteration.restart + 1);
  if (iteration.n_init > 1) line = fmt::format("restart {} of {}  ", iteration.restart + 1, iteration.n_init);
  line += fmt::format("iteration {}  mean log-likelihood {:.6g}", iteration.iteration, iteration.mean_log_likelihood);
  if (std::isfinite(iteration.change)) line += fmt::format("  change {:.2g}", iteration.change);
  return line;
}

}  // namespace

Progress::Progress(Verbosity verbosity)
    : every_iteration_(verbosity == Verbosity::verbose),
      redraw_(verbosity == Verbosity::normal && stderr_can_redraw()),
      next_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (drawn_) write_stderr("\r\x1b[K");
}

void Progress::show(const Iteration& iteration) {
  if (every_iteration_) {
    print_note(line_of(iteration));
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (!redraw_ || now < next_) return;
  write_stderr("\r\x1b[K" + line_of(iteration));
  drawn_ = true;
  next_ = now + kPause;
}

}  // namespace mogul::cli
