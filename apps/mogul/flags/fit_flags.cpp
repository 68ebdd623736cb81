// The flags of `mogul fit`, and the FitOptions that they mean.
#include "flags/fit_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "flags/covariance_flag.hpp"
#include "flags/page_flags.hpp"
#include "flags/start_flags.hpp"
#include "print/model_output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul fit data.csv -k 3\n"
    "mogul fit data.csv -k 3 -o model.json\n"
    "mogul fit data.csv -k 3 --covariance diagonal --n-init 10 --seed 7 -o model.json\n"
    "mogul fit iris.csv --exclude class -k 3\n"
    "mogul fit table.csv --columns height,weight --weights count -k 2\n"
    "mogul fit new.csv --from model.json -o model.json\n"
    "mogul fit data.csv -k 3 --standard-errors information\n"
    "zcat rows.csv.gz | mogul fit - -k 5 --format json";

// The words of --init: the starts that draw, and the two that come from a file.
Choices<std::string> start_choices() {
  Choices<std::string> choices;
  for (const auto& [word, method] : init_choices()) choices.emplace_back(word, word);
  choices.emplace_back("labels", "labels");
  choices.emplace_back("model", "model");
  return choices;
}

// K, where someone may have asked for several: 1-9, 1:9, 1,2,3.
std::size_t components_from(const std::string& text) {
  const bool several = text.find_first_not_of("0123456789-:,. ") == std::string::npos && text.front() != '-' &&
                       (text.find_first_of("-:, ") != std::string::npos || text.find("..") != std::string::npos);
  if (several) {
    throw UsageError(fmt::format(
        "-k = {}; must be one whole number, 1 or more: a fit has one K; mogul select compares several", text));
  }
  return whole_number("-k", text, 1);
}

// What the option is, and its default.
template <class T>
std::string with_default(T FitOptions::*option) {
  return fmt::format("{} (default {})", description(option), FitOptions().*option);
}

void add_model_flags(CommandLine& line, FitFlags& flags) {
  FlagGroup mixture = line.group("Mixture");
  mixture.add_text(
      "-k,--n-components", "N", [&flags](const std::string& text) { flags.n_components = components_from(text); },
      description(&FitOptions::n_components) + " (required unless --labels or --from tell it)");
  add_covariance_flag(mixture, flags.covariance,
                      description(&FitOptions::covariance) + " (default full; with --from, that of the model)");
  add_constraint_flags(mixture, flags.constraints);
  add_hold_flag(mixture, flags.constraints);
  mixture.add_choice("--degenerate", degenerate_choices(), flags.options.degenerate,
                     description(&FitOptions::degenerate) + " (default revive)");
}

void add_start_flags(CommandLine& line, FitFlags& flags) {
  FlagGroup start = line.group("Start and stop");
  start.add_choice(
      "--search", search_choices(), flags.search,
      "how hard the start is searched for: short runs from many starts, of which the best are followed, "
      "and moves of components (default: the word default, or none with --init, --labels, --from, --n-init "
      "or --hold)");
  start.add_choice("--init", start_choices(), flags.init,
                   "where EM starts, in place of a search (default kmeans with --search none, or what --labels or "
                   "--from imply)",
                   init_aliases());
  start.add_text("--labels", "FILE", flags.labels,
                 "start from a partition: one integer a row, in a file (default: none)");
  start.add_text("--from", "MODEL", flags.from, "start from a model file (default: none)");
  start.add_number("--n-init", flags.n_init, with_default(&FitOptions::n_init), 1);
  start.add_number("--max-iter", flags.options.max_iter, with_default(&FitOptions::max_iter));
  start.add_number("--max-passes", flags.options.max_passes,
                   description(&FitOptions::max_passes) + " (default: no bound)", 1);
  start.add_number("--gain", flags.gain, with_default(&FitOptions::gain));
  start.add_number("--tol", flags.options.tol, description(&FitOptions::tol) + " (default: --gain decides)");
  start.add_choice("--acceleration", acceleration_choices(), flags.options.acceleration,
                   description(&FitOptions::acceleration) + " (default lbfgs)");
  start.add_switch("--require-converged", flags.require_converged, "exit with 4 if the fit has not converged");
}

// The word of --init that holds, or "search".
std::string start_of(const FitFlags& flags) {
  if (flags.init) return *flags.init;
  if (!flags.labels.empty()) return "labels";
  if (!flags.from.empty()) return "model";
  const bool needs_a_start = flags.n_init.has_value() || !flags.constraints.hold.empty();
  return flags.search.value_or(needs_a_start ? Search::none : Search::standard) == Search::none ? "kmeans" : "search";
}

// A search finds the start by itself.
void check_search(const FitFlags& flags) {
  if (flags.search.value_or(Search::none) == Search::none) return;
  const std::pair<const char*, bool> others[] = {{"--init", flags.init.has_value()},
                                                 {"--labels", !flags.labels.empty()},
                                                 {"--from", !flags.from.empty()},
                                                 {"--n-init", flags.n_init.has_value()},
                                                 {"--hold", !flags.constraints.hold.empty()}};
  for (const auto& [flag, is_given] : others) {
    if (!is_given) continue;
    throw UsageError(fmt::format("--search {} does not go with {}: a search finds the start by itself; leave one out",
                                 to_string(*flags.search), flag));
  }
}

// A flag that names a start's file, and the word of --init that goes with it.
void check_start(const std::string& start, const char* word, const char* flag, const std::string& path) {
  if (start == word && path.empty()) throw UsageError(fmt::format("--init {} needs {} FILE", word, flag));
  if (start != word && !path.empty()) throw UsageError(fmt::format("{} does not go with --init {}", flag, start));
}

// K as the start tells it, which -k may only repeat.
std::size_t components_of(const FitFlags& flags, std::size_t told, const std::string& path) {
  if (flags.n_components && *flags.n_components != told) {
    throw UsageError(
        fmt::format("-k = {}, but {} has {} component{}", *flags.n_components, path, told, told == 1 ? "" : "s"));
  }
  return told;
}

// Every output is a file of its own, and none is an input.
void check_outputs(const FitFlags& flags) {
  const InputFiles data{"DATA", flags.input.paths};
  const InputFiles labels{"--labels", {flags.labels}};
  refuse_overwriting("-o", flags.output.path, {data, labels});  // but over --from: the model goes on from itself
  const bool to_file = flags.output.to_file();
  std::vector<std::pair<std::string, std::string>> outputs{
      {to_file ? "-o" : "standard output", to_file ? flags.output.path : "/dev/stdout"}};
  for (const auto& [flag, path] :
       {std::pair("--trace", flags.trace), std::pair("--report", flags.report), std::pair("--replay", flags.replay)}) {
    if (path.empty()) continue;
    if (path == "-") throw UsageError(fmt::format("{} = -; must be a file: standard output is the model's", flag));
    for (const auto& [other, other_path] : outputs) {
      if (!same_file(path, other_path)) continue;
      throw UsageError(
          fmt::format("{} and {} are the same file, {}; the one would overwrite the other", flag, other, path));
    }
    refuse_overwriting(flag, path, {data, labels, {"--from", {flags.from}}});
    outputs.emplace_back(flag, path);
  }
  if (!flags.report.empty()) check_page_path("--report", flags.report);
  if (!flags.replay.empty()) check_page_path("--replay", flags.replay);
}

}  // namespace

void declare(CommandLine& line, FitFlags& flags) {
  line.describe("mogul fit", "Fit a mixture of K Gaussians to rows by expectation-maximisation.", kExamples);
  add_input_flags(line, flags.input);
  add_model_flags(line, flags);
  add_start_flags(line, flags);
  add_standard_error_flags(line, flags.standard_errors);
  add_output_flags(line, flags.output, "file for the model (default: the report on standard output)",
                   "table: the report (default without -o); json, jsonl: the model file (default with -o); "
                   "markdown, csv, tsv, npy: a row per component");
  add_spread_flag(line, flags.spread);
  FlagGroup output = line.group("Output");
  output.add_text("--trace", "FILE", flags.trace,
                  "file for one JSON line per iteration: L, Q, H in nats, N_k and the parameters (default: none)");
  output.add_text("--report", "FILE.html", flags.report,
                  "page about the fit, as `mogul report` makes it (default: none)");
  output.add_text("--replay", "FILE.html", flags.replay,
                  "page on which the fit can be watched, as `mogul replay` makes it (default: none)");
  add_seed_flag(line, flags.options.seed);
  add_general_flags(line, flags.general);
}

void check(const FitFlags& flags) {
  const std::string start = start_of(flags);
  if (!flags.labels.empty() && !flags.from.empty()) throw UsageError("--labels and --from exclude each other");
  check_search(flags);
  if (flags.options.tol && flags.gain) {
    throw UsageError("--tol and --gain are two rules for when to stop; leave one of them out");
  }
  check_start(start, "labels", "--labels", flags.labels);
  check_start(start, "model", "--from", flags.from);
  check_outputs(flags);
  if (start != "labels" && start != "model" && !flags.n_components) {
    throw UsageError("-k is missing; how many components?");
  }
  if (flags.input.has_standard_input() && (flags.from == "-" || flags.labels == "-")) {
    throw UsageError("standard input cannot be both DATA and the start");
  }
  check(flags.constraints);
  check(flags.standard_errors);
}

FitOptions fit_options(const FitFlags& flags, const std::optional<ModelFile>& start) {
  FitOptions options = flags.options;
  options.n_threads = flags.general.n_threads;
  options.n_init = flags.n_init.value_or(options.n_init);
  options.gain = flags.gain.value_or(options.gain);
  set_constraints(options, flags.constraints);
  if (start) {
    options.n_components = components_of(flags, start->mixture.n_components(), flags.from);
    options.covariance = flags.covariance.value_or(start->mixture.family());
    options.init = start->mixture;
  } else {
    options.n_components = flags.n_components.value_or(1);  // start_from_labels() sets it where labels do
    options.init = flags.search.value_or(Search::standard);
    for (const auto& [word, method] : init_choices()) {
      if (word == start_of(flags)) options.init = method;
    }
  }
  if (!start) options.covariance = flags.covariance.value_or(families::full);
  check(options);
  return options;
}

void start_from_labels(FitOptions& options, const FitFlags& flags, std::size_t n_rows, const ReadReport& read) {
  Labels labels{read_labels(flags.labels, read.dropped)};
  const auto n_components = 1 + static_cast<std::size_t>(std::ranges::max(labels.values));
  options.n_components = components_of(flags, n_components, flags.labels);
  if (labels.values.size() != n_rows) {
    std::size_t n_labels = labels.values.size();  // and those of dropped rows, which were left out
    for (const std::size_t row : read.dropped) n_labels += row < n_labels + 1 ? 1 : 0;
    throw invalid_data(fmt::format("{}: {} labels, but {} has {} rows{}; must have one label per row{}", flags.labels,
                                   n_labels, flags.input.name(), n_rows + read.dropped.size(),
                                   read.dropped.empty() ? "" : fmt::format(", {} of them dropped", read.dropped.size()),
                                   read.dropped.empty() ? "" : ", of dropped rows as well"));
  }
  options.init = std::move(labels);
}

}  // namespace mogul::cli
