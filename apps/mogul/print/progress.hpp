// What is seen of a running fit, on standard error: one line that is redrawn on a terminal, or with -v a
// line per iteration.
#pragma once

#include <chrono>

#include "mogul/options.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

class Progress {
 public:
  explicit Progress(Verbosity verbosity);
  /// Erases the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Iteration& iteration);

 private:
  bool every_iteration_;
  bool redraw_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace mogul::cli
