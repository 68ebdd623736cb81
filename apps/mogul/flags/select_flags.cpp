// The flags of `mogul select`, and the SelectOptions that they mean.
#include "flags/select_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "flags/covariance_flag.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul select data.csv\n"
    "mogul select data.csv -k 1-9 --covariance all -o best.json\n"
    "mogul select data.csv -k 2-6 --covariance VVV,EEE,VEV --criterion icl --format csv > table.csv";

constexpr std::size_t kMostNumbers = 1000;

std::vector<std::string> split_at(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "3" or "1-9".
void add_range(std::vector<std::size_t>& numbers, const std::string& part, const std::string& text) {
  const std::vector<std::string> ends = split_at(part, '-');
  if (ends.size() > 2) {
    throw UsageError(fmt::format("-k = {}; must be numbers and ranges such as 1-9 or 2,4,6-8", text));
  }
  const std::size_t first = whole_number("-k", ends.front(), 1);
  const std::size_t last = whole_number("-k", ends.back(), 1);
  if (last < first) {
    throw UsageError(fmt::format("-k = {}: the range {} goes down; write {}-{}", text, part, last, first));
  }
  if (last - first >= kMostNumbers) throw UsageError(fmt::format("-k = {}: the range {} is too long", text, part));
  for (std::size_t k = first; k <= last; ++k) {
    if (std::ranges::find(numbers, k) == numbers.end()) numbers.push_back(k);
  }
}

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

// "1-9" and "2,4,6-8": several K.
std::vector<std::size_t> component_numbers(const std::string& text) {
  std::vector<std::size_t> numbers;
  for (const std::string& part : split_at(text, ',')) add_range(numbers, part, text);
  if (numbers.size() > kMostNumbers) throw UsageError(fmt::format("-k = {}: more than {} numbers", text, kMostNumbers));
  std::ranges::sort(numbers);
  return numbers;
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
                   "what decides: the Bayesian information criterion, the same of clusters, or Akaike's, also for few "
                   "rows (default bic)");
  table.add_switch("--mclust-sign", flags.mclust_sign, "show criteria as mclust does, where higher is better");
  FlagGroup fits = line.group("Fits");
  add_constraint_flags(fits, flags.constraints);
  fits.add_number("--max-iter", flags.fit.max_iter, description(&FitOptions::max_iter) + " (default 1000)");
  fits.add_number("--gain", flags.gain, description(&FitOptions::gain) + " (default 0.01)");
  fits.add_number("--tol", flags.fit.tol, description(&FitOptions::tol) + " (default: --gain decides)");
  add_output_flags(line, flags.output, "file for the best model (default: none)",
                   "of the table on standard output: table (default), markdown; csv, tsv, json, jsonl: a line for each "
                   "fit, with all criteria");
  add_seed_flag(line, flags.fit.seed);
  add_general_flags(line, flags.general);
}

void check(const SelectFlags& flags) {
  if (flags.fit.tol && flags.gain) {
    throw UsageError("--tol and --gain are two rules for when to stop; leave one of them out");
  }
  if (flags.output.format == Format::npy) throw UsageError("--format npy holds numbers only; choose csv or json");
  refuse_overwriting("-o", flags.output.path, {{"DATA", flags.input.paths}});
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
  return options;
}

}  // namespace mogul::cli
