#include "print/standard_errors.hpp"

#include <fmt/format.h>

#include <chrono>

#include "mogul/error.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

// On a terminal, the replicates that are done.
class ReplicateProgress {
 public:
  explicit ReplicateProgress(Verbosity verbosity) : redraw_(verbosity != Verbosity::quiet && stderr_can_redraw()) {}
  ReplicateProgress(const ReplicateProgress&) = delete;
  ReplicateProgress& operator=(const ReplicateProgress&) = delete;
  ~ReplicateProgress() {
    if (drawn_) write_stderr("\r\x1b[K");
  }

  void show(std::size_t n_done, std::size_t n_replicates) {
    const auto now = std::chrono::steady_clock::now();
    if (!redraw_ || now < next_) return;
    write_stderr(fmt::format("\r\x1b[Kstandard errors: fit {} of {}", n_done, n_replicates));
    drawn_ = true;
    next_ = now + std::chrono::milliseconds(100);
  }

 private:
  bool redraw_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();
};

}  // namespace

FoundErrors find_standard_errors(const ModelFile& model, const Dataset& rows, const StandardErrorFlags& flags,
                                 const FitOptions& fit, Verbosity verbosity, const InterruptGuard& guard) {
  StandardErrorOptions options = standard_error_options(flags, fit, *model.report);
  if (verbosity == Verbosity::verbose) print_note(fmt::format("standard errors: {}", to_string(options.method)));
  ReplicateProgress progress(verbosity);
  options.progress = [&](std::size_t n_done, std::size_t n_replicates) { progress.show(n_done, n_replicates); };
  options.fit.interrupted = [&guard] { return guard.interrupted(); };
  try {
    return {standard_errors(model.mixture, rows, options)};
  } catch (const interrupted_error&) {
    return {.interrupted = true};
  } catch (const std::bad_alloc&) {
    return {.failure = std::current_exception()};
  } catch (const std::exception&) {
    return {.failure = std::current_exception()};
  }
}

void warn_of_failures(const StandardErrors& errors) {
  if (errors.n_failed == 0) return;
  print_warning(fmt::format("{} of {} fits of the {} failed and are left out; the standard errors may be too small",
                            errors.n_failed, errors.n_replicates, to_string(errors.method)));
}

}  // namespace mogul::cli
