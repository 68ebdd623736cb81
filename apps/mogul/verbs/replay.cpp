// mogul replay: a page on which a fit can be watched, iteration by iteration.
#include <fmt/format.h>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
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
  InputFlags input;
  std::string trace;
  std::string title;
  PageFlags page;
  GeneralFlags general;
};

void declare(CommandLine& line, ReplayFlags& flags) {
  line.describe("mogul replay",
                "A page on which a fit can be watched: rows, components and log-likelihood, iteration by iteration.",
                kExamples);
  add_input_flags(line, flags.input);
  FlagGroup page = line.group("Page");
  page.add_text("--trace", "FILE", flags.trace, "trace that `mogul fit --trace` wrote (required)");
  page.add_text("--title", "TEXT", flags.title, "title (default: the name of the file)");
  add_page_flags(line, flags.page);
  add_general_flags(line, flags.general);
}

// The rows of the fit: as many columns as the trace has features.
Dataset read_rows(const ReplayFlags& flags, const Mixture& mixture) {
  ReadReport report;
  Dataset rows = read_all_columns(flags.input, flags.general.n_threads, report);
  print_notes(report, flags.general.verbosity());
  if (rows.cols() == mixture.n_features()) return rows;
  throw invalid_data(fmt::format("{}: {} columns, but {} is of {} features; choose those of the fit with --columns",
                                 flags.input.name(), rows.cols(), flags.trace, mixture.n_features()));
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
  refuse_overwriting("-o", flags.page.path, {{"DATA", flags.input.paths}, {"--trace", {flags.trace}}});
  const std::vector<TraceStep> steps = read_trace(flags.trace);
  const Dataset rows = read_rows(flags, steps.front().mixture);
  ReplayPageOptions options;
  options.title =
      flags.title.empty() ? fmt::format("{}: EM, iteration by iteration", base_name(flags.input.name())) : flags.title;
  write_page(flags.page, flags.general, replay_page(steps, rows, feature_names(rows), options));
  return Exit::done;
}

}  // namespace mogul::cli
