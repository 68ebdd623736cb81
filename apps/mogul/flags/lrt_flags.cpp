// The flags of `mogul lrt`, and the LrtOptions that they mean.
#include "flags/lrt_flags.hpp"

#include <string>

#include "flags/component_numbers.hpp"
#include "flags/covariance_flag.hpp"
#include "flags/start_flags.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul lrt data.csv\n"
    "mogul lrt data.csv -k 2 --covariance VVV --bootstrap 999\n"
    "mogul lrt data.csv -k 1-4 --covariance diagonal --format json -o tests.json";

}  // namespace

void declare(CommandLine& line, LrtFlags& flags) {
  line.describe("mogul lrt", "Test K components against K + 1 by their likelihood ratio, for one K after another.",
                kExamples);
  add_input_flags(line, flags.input);
  FlagGroup tests = line.group("Tests");
  tests.add_text(
      "-k,--n-components", "RANGE", [&flags](const std::string& text) { flags.n_components = component_numbers(text); },
      "each K to test against K + 1: a range, or one number (default 1-9)");
  tests.add_number("--bootstrap", flags.n_bootstrap,
                   "data sets drawn from the fit of K, to which both models are fitted as to the rows (default 999)",
                   1);
  tests.add_number("--level", flags.level, "K is rejected where p is this or less (default 0.05)");
  FlagGroup fits = line.group("Fits");
  add_covariance_flag(fits, flags.covariance, "family of the covariances (default full)");
  add_reg_covar_flag(fits, flags.constraints, "--max-eigenvalue-ratio");
  add_eigenvalue_ratio_flag(fits, flags.constraints);
  fits.add_choice(
      "--init", init_choices(), flags.init,
      "the one start of the fits of the rows, from which those of the data sets start (default: all from seeds, "
      "splits of the fit of K, and merges of that of K + 1)",
      init_aliases());
  fits.add_number("--max-iter", flags.fit.max_iter, description(&FitOptions::max_iter) + " (default 1000)");
  fits.add_number("--gain", flags.gain, description(&FitOptions::gain) + " (default 0.01)");
  fits.add_number("--tol", flags.fit.tol, description(&FitOptions::tol) + " (default: --gain decides)");
  add_output_flags(line, flags.output, "file for the tests (default: standard output)",
                   "default table; markdown: the same; csv, tsv, jsonl: a line for each test; json: with the "
                   "statistics of all data sets");
  add_seed_flag(line, flags.fit.seed);
  add_general_flags(line, flags.general);
}

void check(const LrtFlags& flags) {
  if (flags.fit.tol && flags.gain) {
    throw UsageError("--tol and --gain are two rules for when to stop; leave one of them out");
  }
  refuse_overwriting("-o", flags.output.path, {{"DATA", flags.input.paths}});
}

LrtOptions lrt_options(const LrtFlags& flags) {
  LrtOptions options;
  options.fit = flags.fit;
  options.fit.covariance = flags.covariance.value_or(options.fit.covariance);
  options.fit.n_threads = flags.general.n_threads;
  options.fit.gain = flags.gain.value_or(options.fit.gain);
  set_constraints(options.fit, flags.constraints);
  if (!flags.n_components.empty()) options.n_components = flags.n_components;
  options.n_bootstrap = flags.n_bootstrap;
  options.level = flags.level;
  options.init = flags.init;
  return options;
}

}  // namespace mogul::cli
