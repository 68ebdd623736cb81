// mogul report: a page about a fit.
#include <fmt/format.h>

#include "flags/match_features.hpp"
#include "flags/page_flags.hpp"
#include "mogul/page.hpp"
#include "print/command_text.hpp"
#include "print/overwrite.hpp"
#include "print/page_output.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul report model.json data.csv -o report.html\n"
    "mogul report model.json data.csv --trace trace.jsonl -o report.html\n"
    "mogul fit data.csv -k 3 -o model.json --report report.html";

struct ReportFlags {
  std::string model;
  std::string trace;
  PageFlags page;
};

void declare(CommandLine& line, ReportFlags& flags) {
  line.describe("mogul report",
                "A page about a fit: how it ended, parameters, pictures, convergence, overlap, worst rows, criteria.",
                kExamples);
  add_model_argument(line, flags.model);
  line.group("Page").add_text("--trace", "FILE", flags.trace,
                              "trace that `mogul fit --trace` wrote, for Q and H of each iteration");
  add_page_flags(line, flags.page, {.title = "\"MODEL on DATA\", by the names of the files"});
}

std::vector<LikelihoodParts> read_iterations(const std::string& trace) {
  std::vector<LikelihoodParts> iterations;
  visit_trace(trace, [&iterations](const TraceStep& step) { iterations.push_back(likelihood_parts(step)); });
  return iterations;
}

}  // namespace

Exit run_report(const Arguments& arguments) {
  CommandLine line;
  ReportFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  const InputFlags& input = flags.page.input;
  check(flags.page);
  refuse_overwriting("-o", flags.page.path,
                     {{"MODEL", {flags.model}}, {"DATA", input.paths}, {"--trace", {flags.trace}}});
  ModelRows read = read_model_and_rows(flags.model, input, flags.page.general);
  ReportPageOptions options;
  options.title = flags.page.title.empty() ? fmt::format("{} on {}", base_name(flags.model), base_name(input.name()))
                                           : flags.page.title;
  options.command = command_text("report", arguments);
  if (!flags.trace.empty()) {
    options.iterations = read_iterations(flags.trace);
    options.trace_name = flags.trace;
  }
  options.dropped_rows = read.report.dropped;
  options.n_threads = flags.page.general.n_threads;
  read.model.feature_names = names_for(read.model, read.rows);
  write_page(flags.page, report_page(read.model, read.rows, options));
  return Exit::done;
}

}  // namespace mogul::cli
