#include "flags/constraint_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "flags/numbers.hpp"
#include "mogul/error.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

constexpr std::string_view kMeansOf = "means:";

// A rule of the library that names an option, as a rule of the flag.
template <class Read>
auto from_text(const char* option, const char* flag, const Read& read) {
  try {
    return read();
  } catch (const invalid_argument& error) {
    std::string what = error.what();
    if (what.starts_with(option)) what.replace(0, std::string_view(option).size(), flag);
    throw UsageError(what);
  }
}

double one_number(const std::string& flag, const std::string& text) {
  const std::vector<double> numbers = number_list(flag, text);
  if (numbers.size() != 1) throw UsageError(fmt::format("{} = {}; must be one number", flag, text));
  return numbers.front();
}

bool is_whole(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

// "means:0,2" is cut at its commas before.
Hold hold_from(const std::vector<std::string>& words) {
  Hold hold;
  bool in_means = false;
  for (const std::string& word : words) {
    const bool some_means = word.starts_with(kMeansOf);
    const std::string component = some_means ? word.substr(kMeansOf.size()) : word;
    if (component.empty()) {
      throw UsageError("--hold means: lacks the number of a component, as in means:0,2; means alone holds all of them");
    }
    if (some_means || (in_means && is_whole(word))) {
      hold.means_of.push_back(whole_number("--hold means", component, 0));
      in_means = true;
      continue;
    }
    in_means = false;
    const std::size_t chosen = choose("--hold", word, {"weights", "means", "covariances"});
    (chosen == 0 ? hold.weights : chosen == 1 ? hold.means : hold.covariances) = true;
  }
  if (hold.means) hold.means_of.clear();
  return hold;
}

}  // namespace

void add_reg_covar_flag(FlagGroup& group, ConstraintFlags& flags, const std::string& zero_with) {
  group.add_text(
      "--reg-covar", "N",
      [&flags](const std::string& text) {
        flags.reg_covar = from_text("reg_covar", "--reg-covar", [&] { return reg_covar_from(text); });
      },
      fmt::format("{} (default {}; 0 with {})", description(&FitOptions::reg_covar), to_string(FitOptions().reg_covar),
                  zero_with));
}

void add_eigenvalue_ratio_flag(FlagGroup& group, ConstraintFlags& flags) {
  group.add_text(
      "--max-eigenvalue-ratio", "N",
      [&flags](const std::string& text) { flags.max_eigenvalue_ratio = one_number("--max-eigenvalue-ratio", text); },
      description(&FitOptions::max_eigenvalue_ratio) + " (default: none)");
}

void add_constraint_flags(FlagGroup& group, ConstraintFlags& flags) {
  add_reg_covar_flag(group, flags, "--prior or --max-eigenvalue-ratio");
  group.add_text(
      "--prior", "PRIOR",
      [&flags](const std::string& text) {
        flags.prior = from_text("prior", "--prior", [&] { return prior_from(text); });
      },
      description(&FitOptions::prior) +
          ": default, or some of 'mean-shrinkage=N,mean=[N;N;...],dof=N,scale=N'; "
          "scale=[N;N;...] is a matrix, row by row (default: none)");
  group.add_text(
      "--weight-concentration", "N",
      [&flags](const std::string& text) { flags.weight_concentration = one_number("--weight-concentration", text); },
      description(&FitOptions::weight_concentration) + " (default: none)");
  add_eigenvalue_ratio_flag(group, flags);
  group.add_switch("--equal-weights", flags.equal_weights, "all mixing weights are 1 / K");
}

void add_hold_flag(FlagGroup& group, ConstraintFlags& flags) {
  group.add_names(
      "--hold", flags.hold,
      description(&FitOptions::hold) + "; means:0,2 holds the means of these components only (default: none)");
}

void check(const ConstraintFlags& flags) { hold_from(flags.hold); }

void set_constraints(FitOptions& options, const ConstraintFlags& flags) {
  options.hold = hold_from(flags.hold);
  options.hold.equal_weights = flags.equal_weights;
  options.prior = flags.prior;
  options.weight_concentration = flags.weight_concentration;
  options.max_eigenvalue_ratio = flags.max_eigenvalue_ratio;
  const bool is_bounded = flags.prior || flags.max_eigenvalue_ratio;
  options.reg_covar = flags.reg_covar.value_or(is_bounded ? RegCovar(0) : options.reg_covar);
}

}  // namespace mogul::cli
