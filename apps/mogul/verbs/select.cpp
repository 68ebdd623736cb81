// mogul select: rows in, a table of fits and the best model out.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flags/match_features.hpp"
#include "flags/select_flags.hpp"
#include "interrupt.hpp"
#include "print/command_text.hpp"
#include "print/model_output.hpp"
#include "print/page_output.hpp"
#include "print/select_record.hpp"
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

Selection select_watched(const Dataset& rows, SelectOptions options, Verbosity verbosity, SelectRecord& record,
                         const InterruptGuard& guard) {
  CellProgress progress(verbosity);
  const std::size_t n_cells = options.n_components.size() * options.covariances.size();
  options.progress = [&](const SelectionCell& cell, std::size_t n_done, std::size_t n_fits) {
    progress.show(cell, n_done, n_fits);
    if (n_done <= n_cells) record.add(cell);  // those of folds and runs come after
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

void write_report(const SelectFlags& flags, const Selection& selection, std::string command, OutputFile& page) {
  SelectionPageOptions options;
  options.title = fmt::format("{}: which K, which family", base_name(flags.input.name()));
  options.command = std::move(command);
  options.sign = flags.mclust_sign ? CriterionSign::as_mclust : CriterionSign::as_here;
  page.stream() << selection_page(selection, options);
  page.commit();
}

Exit end_of(const Selection& selection, const SelectFlags& flags) {
  if (selection.is_interrupted) {
    print_warning(flags.resume.empty() ? "interrupted; fits that were done are shown"
                                       : "interrupted; the same command goes on with the fits that were done");
    return Exit::interrupted;
  }
  if (selection.best) return Exit::done;
  print_error("no fit of the table has a value; the reasons are above");
  return Exit::failure;
}

}  // namespace

Exit run_select(const Arguments& arguments) {
  CommandLine line;
  SelectFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  SelectOptions options = select_options(flags);
  ReadReport read;
  const Dataset rows = read_all_columns(flags.input, flags.general.n_threads, read);
  print_notes(read, flags.general.verbosity());
  if (flags.general.verbose) print_note(describe_rows(rows, flags.input));

  const InterruptGuard guard;  // before the files are open, so that Ctrl-C leaves no temporary one behind
  Output model({flags.output.path, {}}, Format::json);  // --format is that of the table
  if (flags.output.to_file()) model.open();
  std::optional<OutputFile> page;
  if (!flags.report.empty()) page.emplace(flags.report);
  SelectRecord record(flags.resume, options, feature_names(rows));
  options.known = record.known();

  const Selection selection = select_watched(rows, options, flags.general.verbosity(), record, guard);
  record.write();
  write_selection(flags, selection);
  std::vector<std::string> written;
  if (!flags.resume.empty()) written.push_back(flags.resume);
  if (flags.output.to_file() && selection.best) {
    write_model_to(model, record.model_of(selection.cells[*selection.best]), Spread::standard_deviation);
    model.commit();
    written.push_back(flags.output.path);
  }
  if (page) {
    write_report(flags, selection, command_text("select", arguments), *page);
    written.push_back(flags.report);
  }
  for (const std::string& path : written) {
    if (flags.general.verbosity() != Verbosity::quiet) print_note(fmt::format("wrote {}", path));
  }
  return end_of(selection, flags);
}

}  // namespace mogul::cli
