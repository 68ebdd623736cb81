#include "flags/standard_error_flags.hpp"

#include <fmt/format.h>

#include <string>

namespace mogul::cli {

namespace {

Choices<StandardErrorMethod> method_choices() {
  Choices<StandardErrorMethod> choices;
  for (const std::string_view word : standard_error_words()) {
    choices.emplace_back(word, standard_error_method_from(word));
  }
  return choices;
}

StandardErrorOptions options_of(const StandardErrorFlags& flags) {
  StandardErrorOptions options;
  options.method = flags.method.value_or(options.method);
  options.n_bootstrap = flags.n_bootstrap.value_or(options.n_bootstrap);
  options.level = flags.level.value_or(options.level);
  return options;
}

}  // namespace

void add_standard_error_flags(CommandLine& line, StandardErrorFlags& flags) {
  FlagGroup group = line.group("Standard errors");
  group.add_choice("--standard-errors", method_choices(), flags.method,
                   "standard errors and intervals of the parameters: from the curvature of the log-likelihood, which "
                   "takes one pass, or from a fit for each replicate of the rows (default: none)");
  group.add_number("--bootstrap", flags.n_bootstrap, "replicates of a bootstrap (default 999)", 1);
  group.add_number("--level", flags.level, "coverage of the intervals (default 0.95)");
}

void check(const StandardErrorFlags& flags) {
  if (!flags.method && (flags.n_bootstrap || flags.level)) {
    throw UsageError(fmt::format("{} needs --standard-errors METHOD", flags.n_bootstrap ? "--bootstrap" : "--level"));
  }
  if (!flags.method) return;
  const bool is_bootstrap =
      *flags.method == StandardErrorMethod::bootstrap || *flags.method == StandardErrorMethod::weighted_bootstrap;
  if (flags.n_bootstrap && !is_bootstrap) {
    throw UsageError(
        fmt::format("--bootstrap does not go with --standard-errors {}; leave it out", to_string(*flags.method)));
  }
  check(options_of(flags));
}

StandardErrorOptions standard_error_options(const StandardErrorFlags& flags, const FitOptions& fit,
                                            const FitReport& report) {
  StandardErrorOptions options = options_of(flags);
  options.fit = fit;
  options.fit.prior = report.prior;
  return options;
}

}  // namespace mogul::cli
