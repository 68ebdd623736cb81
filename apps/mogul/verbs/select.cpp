// mogul select: rows in, a table of fits and the best model out.
#include <fmt/format.h>

#include <utility>

#include "flags/match_features.hpp"
#include "flags/select_flags.hpp"
#include "interrupt.hpp"
#include "print/model_output.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

// On a terminal, the cells that are done.
class CellProgress {
 public:
  explicit CellProgress(Verbosity verbosity)
      : every_(verbosity == Verbosity::verbose), redraw_(verbosity == Verbosity::normal && stderr_can_redraw()) {}
  CellProgress(const CellProgress&) = delete;
  CellProgress& operator=(const CellProgress&) = delete;
  ~CellProgress() {
    if (drawn_) write_stderr("\r\x1b[K");
  }

  void show(const SelectionCell& cell, std::size_t n_done, std::size_t n_cells) {
    const std::string how =
        cell.fit ? fmt::format("log-likelihood {:.6g}", cell.fit->report.log_likelihood) : cell.reason;
    const std::string line =
        fmt::format("fit {} of {}: {} {}, {}", n_done, n_cells, cell.covariance.name, cell.n_components, how);
    if (every_) print_note(line);
    if (!redraw_) return;
    write_stderr("\r\x1b[K" + line);
    drawn_ = true;
  }

 private:
  bool every_;
  bool redraw_;
  bool drawn_ = false;
};

Selection select_watched(const Dataset& rows, SelectOptions options, Verbosity verbosity, const InterruptGuard& guard) {
  CellProgress progress(verbosity);
  options.progress = [&](const SelectionCell& cell, std::size_t n_done, std::size_t n_cells) {
    progress.show(cell, n_done, n_cells);
  };
  options.fit.interrupted = [&guard] { return guard.interrupted(); };
  return select(rows, options);
}

void write_selection(const SelectFlags& flags, const Selection& selection) {
  const CriterionSign sign = flags.mclust_sign ? CriterionSign::as_mclust : CriterionSign::as_here;
  Output output({"", flags.output.format}, Format::table);
  switch (output.format()) {
    case Format::table: output.write(summary(selection, sign)); break;
    case Format::markdown: output.write(markdown_of(criterion_table(selection, sign))); break;
    case Format::json: output.write(selection_json(selection, sign)); break;
    default: output.write(cell_table(selection, sign)); break;
  }
  output.commit();
}

ModelFile best_model(const Selection& selection, const SelectOptions& options, const Dataset& rows) {
  const SelectionCell& best = selection.cells[*selection.best];
  FitOptions of_best = options.fit;
  of_best.n_components = best.n_components;
  of_best.covariance = best.covariance;
  return {best.fit->mixture, feature_names(rows), settings_of(of_best), best.fit->report};
}

}  // namespace

Exit run_select(const Arguments& arguments) {
  CommandLine line;
  SelectFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  const SelectOptions options = select_options(flags);
  ReadReport read;
  const Dataset rows = read_all_columns(flags.input, flags.general.n_threads, read);
  print_notes(read, flags.general.verbosity());
  if (flags.general.verbose) print_note(describe_rows(rows, flags.input));

  const InterruptGuard guard;  // before the file is open, so that Ctrl-C leaves no temporary one behind
  Output model({flags.output.path, {}}, Format::json);  // --format is that of the table
  if (flags.output.to_file()) model.open();
  const Selection selection = select_watched(rows, options, flags.general.verbosity(), guard);
  write_selection(flags, selection);
  if (flags.output.to_file() && selection.best) {
    write_model_to(model, best_model(selection, options, rows), Spread::standard_deviation);
    model.commit();
    if (flags.general.verbosity() != Verbosity::quiet) print_note(fmt::format("wrote {}", flags.output.path));
  }
  if (selection.is_interrupted) {
    print_warning("interrupted; fits that were done are shown");
    return Exit::interrupted;
  }
  if (selection.best) return Exit::done;
  print_error("no fit of the table could be made; the reasons are above");
  return Exit::failure;
}

}  // namespace mogul::cli
