// The flags of `mogul select`, and the SelectOptions that they mean.
#include "flags/select_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "flags/component_numbers.hpp"
#include "flags/covariance_flag.hpp"
#include "flags/page_flags.hpp"
#include "flags/start_flags.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul select data.csv\n"
    "mogul select data.csv -k 1-9 --covariance all -o best.json\n"
    "mogul select data.csv -k 2-6 --covariance VVV,EEE,VEV --criterion icl --format csv > table.csv\n"
    "mogul select data.csv --criterion cv --folds 5 --one-standard-error\n"
    "mogul select data.csv -k 2-12 --criterion stability --report select.html\n"
    "mogul select large.csv -k 1-20 --resume fits.jsonl -o best.json";

void add_family(std::vector<CovarianceFamily>& families, const CovarianceFamily& family) {
  if (std::ranges::find(families, family) == families.end()) families.push_back(family);
}

std::vector<CovarianceFamily> families_from(const std::vector<std::string>& words) {
  std::vector<CovarianceFamily> families;
  for (const std::string& word : words) {
    if (word == "all") {
      for (const CovarianceFamily* family : covariance_families()) add_family(families, *family);
    } else if (word == "six") {
      for (const CovarianceFamily& family : SelectOptions().covariances) add_family(families, family);
    } else {
      add_family(families, family_of_word(word));
    }
  }
  return families;
}

Choices<Criterion> criterion_choices() {
  Choices<Criterion> choices;
  for (std::size_t i = 0; i < criterion_words().size(); ++i) {
    choices.emplace_back(criterion_words()[i], static_cast<Criterion>(i));
  }
  return choices;
}

}  // namespace

void declare(CommandLine& line, SelectFlags& flags) {
  line.describe("mogul select", "Fit mixtures of several K and covariance families, and compare them by a criterion.",
                kExamples);
  add_input_flags(line, flags.input);
  FlagGroup table = line.group("Table");
  table.add_text(
      "-k,--n-components", "RANGE", [&flags](const std::string& text) { flags.n_components = component_numbers(text); },
      "numbers of components: 1-9, or 2,4,6-8 (default 1-9)");
  table.add_names("--covariance", flags.covariances,
                  "covariance families, as of fit; six for those with plain words, all for the fourteen (default six)");
  table.add_choice("--criterion", criterion_choices(), flags.criterion,
                   "what decides: the Bayesian information criterion, the same of clusters, Akaike's, the same for few "
                   "rows, the log-likelihood of rows that are held out, or how stable labels are (default bic)");
  table.add_switch("--mclust-sign", flags.mclust_sign, "show criteria as mclust does, where higher is better");
  table.add_number("--folds", flags.n_folds,
                   "of --criterion cv: parts of the rows, each of which is held out once (default 10)", 2);
  table.add_switch("--one-standard-error", flags.one_standard_error,
                   "of --criterion cv: choose the fewest parameters that are within one standard error of the best");
  table.add_number("--runs", flags.n_runs, "of --criterion stability: fits of each, from different starts (default 10)",
                   2);
  FlagGroup fits = line.group("Fits");
  add_constraint_flags(fits, flags.constraints);
  fits.add_choice("--search", search_choices(), flags.search,
                  "one more start of each fit: the end of such a search, as of fit (default none)");
  fits.add_choice(
      "--init", init_choices(), flags.init,
      "where fits start, beside their neighbours in the table (default hierarchical; of the runs of --criterion "
      "stability random_from_data)",
      init_aliases());
  fits.add_number("--n-init", flags.n_init, "starts of each fit by --init (default 1)", 1);
  fits.add_choice("--degenerate", degenerate_choices(), flags.fit.degenerate,
                  description(&FitOptions::degenerate) + " (default revive)");
  fits.add_choice("--acceleration", acceleration_choices(), flags.fit.acceleration,
                  description(&FitOptions::acceleration) + " (default lbfgs)");
  fits.add_number("--max-iter", flags.fit.max_iter, description(&FitOptions::max_iter) + " (default 1000)");
  fits.add_number("--gain", flags.gain, description(&FitOptions::gain) + " (default 0.01)");
  fits.add_number("--tol", flags.fit.tol, description(&FitOptions::tol) + " (default: --gain decides)");
  add_output_flags(line, flags.output, "file for the best model (default: none)",
                   "of the table on standard output: table (default), markdown; csv, tsv, json, jsonl: a line for each "
                   "fit, with all criteria");
  FlagGroup output = line.group("Output");
  output.add_text("--report", "FILE.html", flags.report,
                  "page about the choice: criterion against K, a heat map, every fit (default: none)");
  output.add_text("--resume", "FILE", flags.resume,
                  "file of the fits that are done, a model a line: those in it are not made again, and it is written "
                  "while the others are (default: none)");
  add_seed_flag(line, flags.fit.seed);
  add_general_flags(line, flags.general);
}

namespace {

// Flags of one criterion say nothing with another.
void check_criterion(const SelectFlags& flags) {
  struct Belongs {
    const char* flag;
    bool is_given;
    Criterion criterion;
  };
  const Belongs belongs[] = {{"--folds", flags.n_folds.has_value(), Criterion::cv},
                             {"--one-standard-error", flags.one_standard_error, Criterion::cv},
                             {"--runs", flags.n_runs.has_value(), Criterion::stability}};
  for (const auto& [flag, is_given, criterion] : belongs) {
    if (!is_given || flags.criterion == criterion) continue;
    throw UsageError(fmt::format("{} goes with --criterion {} only", flag, to_string(criterion)));
  }
  if (flags.mclust_sign && higher_is_better(flags.criterion)) {
    throw UsageError(fmt::format("--mclust-sign does not go with --criterion {}: its sign is the same in both",
                                 to_string(flags.criterion)));
  }
}

void check_outputs(const SelectFlags& flags) {
  const InputFiles data{"DATA", flags.input.paths};
  refuse_overwriting("-o", flags.output.path, {data, {"--resume", {flags.resume}}});
  refuse_overwriting("--resume", flags.resume, {data});
  if (flags.resume == "-") throw UsageError("--resume = -; must be a file: standard output is the table's");
  if (flags.report.empty()) return;
  check_page_path("--report", flags.report);
  refuse_overwriting("--report", flags.report, {data, {"--resume", {flags.resume}}, {"-o", {flags.output.path}}});
}

}  // namespace

void check(const SelectFlags& flags) {
  if (flags.fit.tol && flags.gain) {
    throw UsageError("--tol and --gain are two rules for when to stop; leave one of them out");
  }
  if (flags.n_init && !flags.init) throw UsageError("--n-init goes with --init only: what should be repeated?");
  if (flags.output.format == Format::npy) throw UsageError("--format npy holds numbers only; choose csv or json");
  check_criterion(flags);
  check_outputs(flags);
  check(flags.constraints);
}

SelectOptions select_options(const SelectFlags& flags) {
  SelectOptions options;
  options.fit = flags.fit;
  options.fit.n_threads = flags.general.n_threads;
  options.fit.gain = flags.gain.value_or(options.fit.gain);
  set_constraints(options.fit, flags.constraints);
  if (!flags.n_components.empty()) options.n_components = flags.n_components;
  if (!flags.covariances.empty()) options.covariances = families_from(flags.covariances);
  options.criterion = flags.criterion;
  options.n_folds = flags.n_folds.value_or(options.n_folds);
  options.one_standard_error = flags.one_standard_error;
  options.n_runs = flags.n_runs.value_or(options.n_runs);
  options.init = flags.init;
  options.fit.n_init = flags.n_init.value_or(options.fit.n_init);
  options.search = flags.search;
  return options;
}

}  // namespace mogul::cli
