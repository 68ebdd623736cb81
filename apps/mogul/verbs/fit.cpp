// mogul fit: rows in, a fitted mixture and its report out.
#include "mogul/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "flags/fit_flags.hpp"
#include "flags/match_features.hpp"
#include "interrupt.hpp"
#include "mogul/error.hpp"
#include "mogul/page.hpp"
#include "print/command_text.hpp"
#include "print/fit_record.hpp"
#include "print/model_output.hpp"
#include "print/progress.hpp"
#include "print/read_model.hpp"
#include "print/standard_errors.hpp"

namespace mogul::cli {

namespace {

/// What running the fit came to.
struct Outcome {
  FitResult result;
  bool interrupted;
};

Outcome fit_watched(const Dataset& rows, FitOptions options, Verbosity verbosity, FitRecord& record,
                    const InterruptGuard& guard) {
  Progress progress(verbosity);
  options.callback = [&](const Iteration& iteration) {
    progress.show(iteration);
    record.add(iteration);
    return !guard.interrupted();
  };
  options.interrupted = [&guard] { return guard.interrupted(); };
  try {
    FitResult result = fit(rows, options);
    return {std::move(result), guard.interrupted()};
  } catch (const fit_error&) {
    record.commit_trace();  // how it came to this
    throw;
  }
}

// On standard error: what was written where, and what a reader of the data alone would miss. A full report on the
// terminal has the warnings and the end in it, which are not repeated.
void print_messages(const FitFlags& flags, const ModelFile& model, const FitRecord& record, Format format,
                    bool interrupted) {
  const FitReport& report = *model.report;
  const Verbosity verbosity = flags.general.verbosity();
  const bool says_all =
      flags.output.to_file() ? verbosity == Verbosity::verbose : format == Format::table && stdout_is_terminal();
  const bool warns = verbosity != Verbosity::quiet && !says_all;
  if (verbosity != Verbosity::quiet && flags.output.to_file()) {
    print_report(verbosity == Verbosity::verbose
                     ? summary(report, model.mixture, short_names(model.feature_names), flags.spread)
                     : brief(report, model.mixture));
    const bool is_model = format == Format::json || format == Format::jsonl;
    print_note(
        fmt::format("wrote {}{}", flags.output.path, is_model ? "" : ": a row per component, which is no model file"));
  }
  for (const std::string& path : record.paths()) {
    if (verbosity != Verbosity::quiet) print_note(fmt::format("wrote {}", path));
  }
  for (const std::string& warning : report.warnings) {
    if (warns) print_warning(warning);
  }
  const bool warned_of_coinciding = report.termination.reason == TerminationReason::coincident;
  if (interrupted) {
    print_warning(fmt::format("interrupted; {} the best model so far", flags.output.to_file() ? "saved" : "printed"));
  } else if (!report.termination.converged() && flags.require_converged) {
    print_error(fmt::format("not converged: {}", report.termination.message));
  } else if (!report.termination.converged() && warns && flags.options.max_iter > 0 && !warned_of_coinciding) {
    print_warning(fmt::format("not converged: {}", report.termination.message));
  }
}

// A model to start from. Its clusters are those of components that will move.
ModelFile read_start(const FitFlags& flags) {
  ModelFile start = read_model_with_notes(flags.from);
  if (!start.clusters.empty() && flags.general.verbosity() != Verbosity::quiet) {
    print_note(fmt::format("{}: its clusters are left out, as the fit moves the components; use `mogul merge` again",
                           flags.from));
  }
  return start;
}

}  // namespace

Exit run_fit(const Arguments& arguments) {
  CommandLine line;
  FitFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  const unsigned n_threads = flags.general.n_threads;
  std::optional<ModelFile> start;
  if (!flags.from.empty()) start = read_start(flags);
  FitOptions options = fit_options(flags, start);
  Output output(flags.output, flags.output.to_file() ? Format::json : Format::table);
  ReadReport read;
  const Dataset rows =
      start ? read_rows_for(*start, flags.input, n_threads, read) : read_all_columns(flags.input, n_threads, read);
  print_notes(read, flags.general.verbosity());
  if (flags.general.verbose) print_note(describe_rows(rows, flags.input));
  if (!flags.labels.empty()) start_from_labels(options, flags, rows.rows(), read);

  if (!flags.replay.empty()) check_replay_size(options.n_components, rows.cols());

  const InterruptGuard guard;  // before the files are open, so that Ctrl-C leaves no temporary one behind
  output.open();
  FitRecord record(flags, command_text("fit", arguments));
  Outcome outcome = fit_watched(rows, options, flags.general.verbosity(), record, guard);
  ModelFile model{std::move(outcome.result.mixture), start ? names_for(*start, rows) : feature_names(rows),
                  settings_of(options), std::move(outcome.result.report)};
  FoundErrors found;
  if (flags.standard_errors.method && !outcome.interrupted) {
    found = find_standard_errors(model, rows, flags.standard_errors, options, flags.general.verbosity(), guard);
    model.standard_errors = std::move(found.errors);
  }
  write_model_to(output, model, flags.spread);
  output.commit();
  record.write(model, rows, read.dropped);
  print_messages(flags, model, record, output.format(), outcome.interrupted);
  if (found.interrupted) print_warning("interrupted; the model has no standard errors");
  if (model.standard_errors && flags.general.verbosity() != Verbosity::quiet) warn_of_failures(*model.standard_errors);

  if (found.failure) std::rethrow_exception(found.failure);
  if (outcome.interrupted || found.interrupted) return Exit::interrupted;
  return flags.require_converged && !model.report->termination.converged() ? Exit::not_converged : Exit::done;
}

}  // namespace mogul::cli
