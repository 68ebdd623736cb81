// mogul lrt: rows in, likelihood-ratio tests of K against K + 1 out.
#include <fmt/format.h>

#include <chrono>

#include "flags/lrt_flags.hpp"
#include "flags/match_features.hpp"
#include "interrupt.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

using std::chrono::steady_clock;

// The data sets that are done and how long the others take: on a terminal a line that is redrawn, with -v a line for
// each tenth.
class ReplicateProgress {
 public:
  explicit ReplicateProgress(Verbosity verbosity)
      : every_tenth_(verbosity == Verbosity::verbose), redraw_(verbosity == Verbosity::normal && stderr_can_redraw()) {}
  ReplicateProgress(const ReplicateProgress&) = delete;
  ReplicateProgress& operator=(const ReplicateProgress&) = delete;
  ~ReplicateProgress() {
    if (drawn_) write_stderr("\r\x1b[K");
  }

  void show(std::size_t n_components, std::size_t n_done, std::size_t n_bootstrap) {
    const auto now = steady_clock::now();
    if (n_done == 1) begin_ = now;
    const bool is_tenth = 10 * n_done / n_bootstrap != 10 * (n_done - 1) / n_bootstrap;
    if (every_tenth_ ? !is_tenth : !redraw_ || now < next_) return;
    const double rate = n_done == 1 ? 0 : std::chrono::duration<double>(now - begin_).count() / double(n_done - 1);
    const std::string line = fmt::format("K = {}: {} of {} data sets, {:.0f} s left", n_components, n_done, n_bootstrap,
                                         rate * double(n_bootstrap - n_done));
    if (every_tenth_) return print_note(line);
    write_stderr("\r\x1b[K" + line);
    drawn_ = true;
    next_ = now + std::chrono::milliseconds(100);
  }

 private:
  bool every_tenth_;
  bool redraw_;
  bool drawn_ = false;
  steady_clock::time_point begin_ = steady_clock::now();
  steady_clock::time_point next_ = steady_clock::now() + std::chrono::milliseconds(300);
};

LrtResult tested(const Dataset& rows, LrtOptions options, Verbosity verbosity, const InterruptGuard& guard) {
  ReplicateProgress progress(verbosity);
  options.progress = [&](std::size_t n_components, std::size_t n_done, std::size_t n_bootstrap) {
    progress.show(n_components, n_done, n_bootstrap);
  };
  options.fit.interrupted = [&guard] { return guard.interrupted(); };
  return lrt(rows, options);
}

void write_result(Output& output, const LrtResult& result) {
  switch (output.format()) {
    case Format::table: output.write(summary(result)); break;
    case Format::json: output.write(lrt_json(result)); break;
    default: output.write(lrt_table(result)); break;
  }
  output.commit();
}

}  // namespace

Exit run_lrt(const Arguments& arguments) {
  CommandLine line;
  LrtFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  Output output(flags.output, Format::table);
  output.require_text("mogul lrt");
  ReadReport read;
  const Dataset rows = read_all_columns(flags.input, flags.general.n_threads, read);
  print_notes(read, flags.general.verbosity());
  if (flags.general.verbose) print_note(describe_rows(rows, flags.input));

  const InterruptGuard guard;  // before the file is open, so that Ctrl-C leaves no temporary one behind
  output.open();
  const LrtResult result = tested(rows, lrt_options(flags), flags.general.verbosity(), guard);
  write_result(output, result);
  if (result.is_interrupted) {
    print_warning("interrupted; p is that of the data sets that were done");
    return Exit::interrupted;
  }
  if (result.tests.front().reason.empty()) return Exit::done;
  print_error(result.tests.front().reason);
  return Exit::failure;
}

}  // namespace mogul::cli
