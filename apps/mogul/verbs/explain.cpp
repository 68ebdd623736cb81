// mogul explain: EM on given rows from a given start, step by step.
#include "mogul/explain.hpp"

#include <fmt/format.h>

#include "flags/match_features.hpp"
#include "flags/page_flags.hpp"
#include "print/overwrite.hpp"
#include "print/page_output.hpp"
#include "print/read_model.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul model --weights 1/3,1/3,1/3 --means -4,0,8 --variances 1,0.2,3 -o start.json\n"
    "mogul explain data.csv --from start.json -o lesson.html\n"
    "mogul explain data.csv --from start.json --format json > lesson.json\n"
    "mogul fit data.csv -k 2 --max-iter 0 -o start.json && mogul explain data.csv --from start.json | less";

enum class ExplainFormat { text, json };

struct ExplainFlags {
  std::string from;
  PageFlags page;
  ExplainFormat format = ExplainFormat::text;
  ExplainOptions options;
};

void declare(CommandLine& line, ExplainFlags& flags) {
  line.describe("mogul explain",
                "Textbook EM on given rows, step by step: text on standard output, with -o a page with pictures.",
                kExamples);
  FlagGroup lesson = line.group("Lesson");
  lesson.add_text("--from", "MODEL", flags.from, "the start: a model file, as `mogul model` writes it (required)");
  lesson.add_number("--max-iter", flags.options.max_iter,
                    fmt::format("iterations at most (default {})", flags.options.max_iter));
  lesson.add_number(
      "--tol", flags.options.tol,
      fmt::format("stop when the mean log-likelihood changes by less, in nats (default {:g})", flags.options.tol));
  line.group("Output").add_choice(
      "--format", Choices<ExplainFormat>{{"text", ExplainFormat::text}, {"json", ExplainFormat::json}}, flags.format,
      "of standard output: text (default), or json, which has every number in all its digits");
  add_seed_flag(line, flags.options.seed);
  add_page_flags(line, flags.page, {.title = "Expectation-maximisation, step by step", .output = "no page"});
}

void check(const ExplainFlags& flags) {
  if (flags.from.empty()) {
    throw UsageError(
        "--from is missing: explain begins at a model; make one with `mogul model`, or with `mogul fit "
        "--max-iter 0 -o start.json`");
  }
  if (!flags.page.path.empty()) check_page_path("--output", flags.page.path);
  refuse_overwriting("-o", flags.page.path, {{"DATA", flags.page.input.paths}, {"--from", {flags.from}}});
}

}  // namespace

Exit run_explain(const Arguments& arguments) {
  CommandLine line;
  ExplainFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  const ModelFile start = read_model_with_notes(flags.from);
  ReadReport report;
  const GeneralFlags& general = flags.page.general;
  const Dataset rows = read_rows_for(start, flags.page.input, general.n_threads, report);
  print_notes(report, general.verbosity());
  flags.options.n_threads = general.n_threads;
  flags.options.title = flags.page.title;
  flags.options.dropped_rows = report.dropped;
  flags.options.html = !flags.page.path.empty();
  flags.options.json = flags.format == ExplainFormat::json;
  flags.options.text = !flags.options.json;
  const Explanation made = explain(start.mixture, rows, names_for(start, rows), flags.options);
  if (flags.options.html) write_page(flags.page, made.html);
  write_stdout(flags.options.json ? made.json : made.text);
  return Exit::done;
}

}  // namespace mogul::cli
