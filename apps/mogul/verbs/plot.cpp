// mogul plot: rows, a model, or rows under a model, as a picture.
#include "mogul/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "flags/numbers.hpp"
#include "mogul/trace.hpp"
#include "print/counted.hpp"
#include "print/messages.hpp"
#include "print/overwrite.hpp"
#include "print/page_output.hpp"
#include "print/picture.hpp"
#include "print/read_model.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul plot data.csv -o rows.svg\n"
    "mogul plot model.json -o density.svg\n"
    "mogul plot model.json data.csv -o fit.svg\n"
    "mogul plot model.json data.csv --kind pairs --features height,weight,age -o pairs.png\n"
    "mogul plot model.json --kind log-likelihood -o log_likelihood.svg\n"
    "mogul model --weights 0.5,0.2,0.3 --means -2,1,4 --variances 0.5,2,1 | mogul plot - -o density.svg";

/// What --kind chooses: a kind of plot_svg(), or the log-likelihood of a fit.
struct Kind {
  std::optional<PlotKind> of_plot;  ///< nothing: the log-likelihood
};

struct PlotFlags {
  InputFlags input;  ///< its paths: MODEL, DATA or both
  std::optional<Kind> kind;
  std::vector<std::string> features;
  std::optional<bool> principal_axes;
  std::string masses;
  std::string title;
  bool negative = false;
  PictureFlags picture;
  GeneralFlags general;

  bool of_log_likelihood() const { return kind && !kind->of_plot; }
};

Choices<Kind> kinds() {
  Choices<Kind> choices;
  for (const auto& [kind, name] : plot_kinds()) choices.emplace_back(name, Kind{kind});
  choices.emplace_back("log-likelihood", Kind{});
  return choices;
}

void declare(CommandLine& line, PlotFlags& flags) {
  line.describe(
      "mogul plot",
      "A picture of rows, of a model, or of rows under a model: 1 feature, 2 features, or a matrix of panels.",
      kExamples);
  line.add_arguments(
      "MODEL|DATA", flags.input.paths,
      "a model file, a file of rows, both in this order, or a trace; - reads any of these from standard input");
  FlagGroup picture = line.group("Picture");
  picture.add_choice("--kind", kinds(), flags.kind,
                     "what is drawn (default pairs for three or more features, else density with a model and rows "
                     "without one)",
                     {{"log_likelihood", "log-likelihood"},
                      {"loglik", "log-likelihood"},
                      {"scatter", "rows"},
                      {"hist", "rows"},
                      {"histogram", "rows"},
                      {"contours", "contour"},
                      {"pairplot", "pairs"}});
  picture.add_names("--features", flags.features,
                    "features to show, by name or position 1, 2, ... (default: all, of more than five the first five)");
  picture.add_choice("--projection", Choices<bool>{{"features", false}, {"pca", true}}, flags.principal_axes,
                     "pca: the two principal axes of the model in place of features (default features; pca for kinds "
                     "drawn in the plane of three or more)");
  picture.add_text("--mass", "P,...", flags.masses,
                   fmt::format("what ellipses and shaded regions hold, above 0 and at most {} (default "
                               "0.393,0.865,0.989: the ellipses of 1, 2 and 3 standard deviations)",
                               kHighestMass));
  picture.add_text("--title", "TEXT", flags.title, "title (default: \"DATA: K = 2, full\", by the file and the model)");
  picture.add_switch("--negative", flags.negative, "of --kind log-likelihood: the negative log-likelihood");
  add_picture_flags(line, flags.picture);
  add_reading_flags(line, flags.input);
  add_general_flags(line, flags.general);
}

/// What the arguments turned out to be.
struct Subject {
  std::optional<ModelFile> model;
  std::optional<Dataset> rows;
  std::vector<LikelihoodCurve> runs;  ///< of a trace, or of the model's fit
  std::string name;                   ///< of the rows, if there are some, else of the model or trace
  std::string source;                 ///< of the model or trace

  bool is_trace() const { return !model && !runs.empty(); }
};

// One curve per restart; people count them from 1.
class RestartCurves {
 public:
  void add(const TraceStep& step) {
    LikelihoodCurve& run = runs_[step.restart];
    run.name = fmt::format("restart {}", step.restart + 1);
    run.log_likelihood.push_back(step.log_likelihood);
  }
  std::vector<LikelihoodCurve> take() {
    std::vector<LikelihoodCurve> curves;
    curves.reserve(runs_.size());
    for (auto& [restart, run] : runs_) curves.push_back(std::move(run));
    return curves;
  }

 private:
  std::map<std::size_t, LikelihoodCurve> runs_;
};

// Both are JSON that begins with a brace; a trace names the restart in its first line, which may be cut.
bool is_trace_line(std::string_view line) {
  return line.find("\"restart\"") != std::string_view::npos && line.find("\"mogul-model/") == std::string_view::npos;
}

std::string first_line(std::istream& in) {
  std::string line;
  std::getline(in >> std::ws, line);
  return line;
}

void take_model(Subject& subject, ModelFile model) {
  subject.model = std::move(model);
  if (subject.model->report) subject.runs = {{"", subject.model->report->history}};
}

void read_model_or_trace(Subject& subject, const std::string& path) {
  subject.name = subject.source = path;
  std::ifstream file(path, std::ios::binary);
  if (!is_trace_line(first_line(file))) return take_model(subject, read_model_with_notes(path));
  RestartCurves curves;
  visit_trace(path, [&curves](const TraceStep& step) { curves.add(step); });
  subject.runs = curves.take();
}

std::string read_all_of_standard_input() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

void parse_model_or_trace(Subject& subject, const std::string& bytes) {
  subject.name = subject.source = "standard input";
  std::istringstream text(bytes);
  if (!is_trace_line(first_line(text))) return take_model(subject, parse_model(bytes, subject.name));
  RestartCurves curves;
  for (const TraceStep& step : parse_trace(bytes, subject.name)) curves.add(step);
  subject.runs = curves.take();
}

// Without rows what says how to read them would be ignored.
void refuse_flags_of_rows(const InputFlags& flags, const std::string& name) {
  const auto refuse = [&name](const char* flag) {
    throw UsageError(fmt::format("{} is about rows, and {} has none; leave it out, or add DATA", flag, name));
  };
  if (!flags.columns.empty()) refuse("--columns");
  if (!flags.exclude.empty()) refuse("--exclude");
  if (!flags.weights.empty()) refuse("--weights");
  const InputFlags usual;
  if (flags.delimiter != usual.delimiter) refuse("--delimiter");
  if (flags.decimal != usual.decimal) refuse("--decimal");
  if (flags.missing != usual.missing) refuse("--missing");
  if (flags.comment != usual.comment) refuse("--comment");
  if (flags.skip_lines != usual.skip_lines) refuse("--skip-lines");
  if (flags.header) refuse("--header");
  if (flags.no_header) refuse("--no-header");
}

// Standard input alone may be a model, a trace or rows: its first byte tells, as rows never begin with a brace.
Subject read_standard_input(const PlotFlags& flags, ReadReport& report) {
  const std::string bytes = read_all_of_standard_input();
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && bytes[first] == '{') {
    refuse_flags_of_rows(flags.input, "standard input");
    Subject subject;
    parse_model_or_trace(subject, bytes);
    return subject;
  }
  const ReadOptions options = read_options(flags.input, flags.general.n_threads);
  return {{}, parse_dataset(bytes, "standard input", options, &report), {}, "standard input", {}};
}

Subject read_subject(PlotFlags& flags, ReadReport& report) {
  std::vector<std::string>& paths = flags.input.paths;
  if (paths.size() == 1 && paths[0] == "-") return read_standard_input(flags, report);
  if (std::ranges::count(paths, "-") > 1) throw UsageError("- is there twice; standard input can be read once");
  Subject subject;
  if (paths[0] == "-" || begins_like_a_model(paths[0])) {
    if (paths[0] == "-") {
      parse_model_or_trace(subject, read_all_of_standard_input());
    } else {
      read_model_or_trace(subject, paths[0]);
    }
    paths.erase(paths.begin());
  } else if (paths.size() == 2 && begins_like_a_model(paths[1])) {
    throw UsageError(fmt::format("{} is a model and {} is not: MODEL comes before DATA", paths[1], paths[0]));
  }
  if (paths.empty()) {
    refuse_flags_of_rows(flags.input, subject.name);
    return subject;
  }
  if (begins_like_a_model(paths[0])) {
    throw UsageError(
        fmt::format("{} and {} are both models or traces, and a picture shows one: draw each with a command of its own",
                    subject.name, paths[0]));
  }
  if (subject.is_trace()) {
    throw UsageError(
        fmt::format("{} is a trace, which is drawn alone: leave out {}, or make a page of both with `mogul replay {} "
                    "--trace {} -o replay.html`",
                    subject.name, flags.input.name(), flags.input.name(), subject.name));
  }
  subject.name = flags.input.name();
  subject.rows = subject.model ? read_rows_for(*subject.model, flags.input, flags.general.n_threads, report)
                               : read_all_columns(flags.input, flags.general.n_threads, report);
  return subject;
}

std::string title_of(const Subject& subject, bool history) {
  const std::string name = base_name(history && subject.model ? subject.source : subject.name);
  if (subject.is_trace()) return fmt::format("{}: log-likelihood", name);
  if (!subject.model) return fmt::format("{}: {}", name, counted(subject.rows->rows(), "row"));
  const Mixture& mixture = subject.model->mixture;
  return fmt::format("{}: K = {}, {}", name, mixture.n_components(), to_string(mixture.family()));
}

void refuse_flags_of_mixtures(const PlotFlags& flags) {
  const auto refuse = [](const char* what) {
    throw UsageError(fmt::format("--kind log-likelihood shows the history of a fit; {} does not go with it", what));
  };
  if (!flags.features.empty()) refuse("--features");
  if (flags.principal_axes) refuse("--projection");
  if (!flags.masses.empty()) refuse("--mass");
}

std::string history_svg(const Subject& subject, const PlotFlags& flags, const std::string& title) {
  refuse_flags_of_mixtures(flags);
  if (subject.runs.empty()) {
    const std::string& name = subject.model ? subject.source : subject.name;
    throw invalid_data(
        fmt::format("{}: holds no history of a fit; --kind log-likelihood needs a model that `mogul fit "
                    "-o` wrote, or a trace of `mogul fit --trace`",
                    name));
  }
  if (subject.rows && flags.general.verbosity() != Verbosity::quiet) {
    print_remark(fmt::format("{} is not drawn: the log-likelihood is that of the fit, which {} holds", subject.name,
                             subject.source));
  }
  return plot_log_likelihood_svg(subject.runs, flags.negative, title);
}

std::vector<std::string> names_of(const Subject& subject) {
  if (!subject.model) return feature_names(*subject.rows);
  return subject.rows ? names_for(*subject.model, *subject.rows) : subject.model->feature_names;
}

std::string mixture_svg(const Subject& subject, const PlotFlags& flags, const std::string& title) {
  PlotOptions options;
  if (flags.kind) options.kind = flags.kind->of_plot;
  options.features = flags.features;
  options.principal_axes = flags.principal_axes.value_or(false);
  if (!flags.masses.empty()) options.masses = number_list("--mass", flags.masses);
  options.title = title;
  options.n_threads = flags.general.n_threads;
  const std::optional<DataView> data = subject.rows ? std::optional(subject.rows->view()) : std::nullopt;
  return plot_svg(subject.model ? &subject.model->mixture : nullptr, data ? &*data : nullptr, names_of(subject),
                  options);
}

}  // namespace

Exit run_plot(const Arguments& arguments) {
  CommandLine line;
  PlotFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  picture_format(flags.picture);  // before anything is read
  refuse_overwriting("-o", flags.picture.path, {{"MODEL|DATA", flags.input.paths}});
  ReadReport report;
  const Subject subject = read_subject(flags, report);
  print_notes(report, flags.general.verbosity());
  if (subject.is_trace() && flags.kind && !flags.of_log_likelihood()) {
    throw UsageError(fmt::format(
        "{} is a trace, of which only the log-likelihood is drawn; `mogul replay` shows all of it", subject.name));
  }
  const bool history = flags.of_log_likelihood() || subject.is_trace();
  if (flags.negative && !history) throw UsageError("--negative goes with --kind log-likelihood");
  const std::string title = flags.title.empty() ? title_of(subject, history) : flags.title;
  write_picture(flags.picture, history ? history_svg(subject, flags, title) : mixture_svg(subject, flags, title),
                title);
  return Exit::done;
}

}  // namespace mogul::cli
