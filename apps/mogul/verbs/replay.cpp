// mogul replay: a page on which a fit can be watched, iteration by iteration.
#include <fmt/format.h>

#include <utility>

#include "flags/match_features.hpp"
#include "flags/page_flags.hpp"
#include "mogul/error.hpp"
#include "mogul/page.hpp"
#include "print/overwrite.hpp"
#include "print/page_output.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul fit data.csv -k 3 --trace trace.jsonl -o model.json\n"
    "mogul replay data.csv --trace trace.jsonl -o replay.html\n"
    "mogul fit data.csv -k 3 --replay replay.html";

struct ReplayFlags {
  std::string trace;
  PageFlags page;
};

void declare(CommandLine& line, ReplayFlags& flags) {
  line.describe("mogul replay",
                "A page on which a fit can be watched: rows, components and log-likelihood, iteration by iteration.",
                kExamples);
  line.group("Page").add_text("--trace", "FILE", flags.trace, "trace that `mogul fit --trace` wrote (required)");
  add_page_flags(line, flags.page, {.title = "\"DATA: EM, iteration by iteration\", by the name of the file"});
}

// The rows of the fit: as many columns as the trace has features.
Dataset read_rows(const ReplayFlags& flags, const Mixture& mixture) {
  ReadReport report;
  const PageFlags& page = flags.page;
  Dataset rows = read_all_columns(page.input, page.general.n_threads, report);
  print_notes(report, page.general.verbosity());
  if (rows.cols() == mixture.n_features()) return rows;
  throw invalid_data(fmt::format("{}: {} columns, but {} is of {} features; choose those of the fit with --columns",
                                 page.input.name(), rows.cols(), flags.trace, mixture.n_features()));
}

}  // namespace

Exit run_replay(const Arguments& arguments) {
  CommandLine line;
  ReplayFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  if (flags.trace.empty()) {
    throw UsageError(
        "--trace is missing: replay shows what `mogul fit --trace FILE` wrote, or `mogul fit --replay "
        "FILE.html` makes the page at once");
  }
  check(flags.page);
  refuse_overwriting("-o", flags.page.path, {{"DATA", flags.page.input.paths}, {"--trace", {flags.trace}}});
  ReplaySteps kept;
  visit_trace(flags.trace, [&kept](TraceStep step) { kept.add(std::move(step)); });
  const std::vector<TraceStep> steps = kept.take();
  const Dataset rows = read_rows(flags, steps.front().mixture);
  ReplayPageOptions options;
  options.title = flags.page.title.empty()
                      ? fmt::format("{}: EM, iteration by iteration", base_name(flags.page.input.name()))
                      : flags.page.title;
  options.data_name = flags.page.input.name();
  options.trace_name = flags.trace;
  write_page(flags.page, replay_page(steps, rows, feature_names(rows), options));
  return Exit::done;
}

}  // namespace mogul::cli
