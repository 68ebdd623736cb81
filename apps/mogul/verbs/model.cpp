// mogul model: a model file from known parameters.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "flags/covariance_file.hpp"
#include "flags/input_flags.hpp"
#include "flags/model_flags.hpp"
#include "flags/variances.hpp"
#include "mogul/error.hpp"
#include "print/counted.hpp"
#include "print/messages.hpp"
#include "print/model_output.hpp"

namespace mogul::cli {

namespace {

// Without ';', K means of one feature, unless another flag tells that they are one component's D numbers.
Matrix means_of(const ModelFlags& flags, const std::optional<CovarianceFile>& file) {
  const std::size_t n_numbers = flags.means[0].size();
  if (flags.means.size() == 1) {
    const bool one_component =
        flags.weights.size() == 1 || flags.features.size() == n_numbers || (file && file->rows.cols() == n_numbers);
    return one_component ? Matrix(1, n_numbers, flags.means[0]) : Matrix(n_numbers, 1, flags.means[0]);
  }
  std::vector<double> values;
  for (std::size_t k = 0; k < flags.means.size(); ++k) {
    if (flags.means[k].size() != n_numbers) {
      throw UsageError(fmt::format("--means: component {} has {}, but component 0 has {}; must be one per feature", k,
                                   counted(flags.means[k].size(), "number"), n_numbers));
    }
    std::ranges::copy(flags.means[k], std::back_inserter(values));
  }
  return Matrix(flags.means.size(), n_numbers, std::move(values));
}

std::vector<double> weights_of(const ModelFlags& flags, const MixtureSize& size) {
  const std::vector<double>& weights = flags.weights;
  const std::size_t n = size.n_components;
  if (weights.empty()) return std::vector<double>(n, 1 / static_cast<double>(n));
  if (weights.size() != n) {
    throw UsageError(fmt::format("--weights has {}, but --means has {} of {}", counted(weights.size(), "number"),
                                 counted(n, "component"), counted(size.n_features, "feature")));
  }
  for (const double weight : weights) {
    if (weight < 0) throw UsageError(fmt::format("--weights = {}; must be 0 or more", weight));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (std::abs(sum - 1) > 1e-8 && sum > 0) {
    throw UsageError(
        fmt::format("--weights sum to {:.12g}; must sum to 1: use fractions such as 1/3, or divide each weight by the "
                    "sum ({:.12g}/{:.12g}, ...)",
                    sum, weights[0], sum));
  }
  return weights;
}

KnownCovariances covariances_of(const ModelFlags& flags, const std::optional<CovarianceFile>& file,
                                const MixtureSize& size) {
  if (file) return covariances_from_file(*file, flags.covariance, size);
  if (!flags.variances.empty()) {
    return covariances_from_variances("--variances", flags.variances, flags.covariance, size);
  }
  NumberLists variances = flags.standard_deviations;
  for (std::vector<double>& list : variances) {
    for (double& value : list) {
      if (!(value > 0)) throw UsageError(fmt::format("--standard-deviations = {}; must be above 0", value));
      value *= value;
    }
  }
  return covariances_from_variances("--standard-deviations", variances, flags.covariance, size);
}

// What --features and the first line of --covariances call the features; empty where neither does.
std::vector<std::string> names_of(const ModelFlags& flags, const std::optional<CovarianceFile>& file, std::size_t d) {
  const std::vector<std::string>& names = flags.features;
  const bool file_has_names = file && !file->names.empty();
  if (names.empty()) return file_has_names ? file->names : names;
  if (names.size() != d) {
    throw UsageError(
        fmt::format("--features has {}, but --means has {}", counted(names.size(), "name"), counted(d, "feature")));
  }
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) throw UsageError(fmt::format("--features has '{}' twice; names must differ", name));
  }
  if (file_has_names && names != file->names) {
    throw UsageError(fmt::format("--features = {}, but the first line of {} has the names {}; leave --features out",
                                 fmt::join(names, ","), file->name, fmt::join(file->names, ",")));
  }
  return names;
}

// The flag in front of what the mixture says of a parameter.
UsageError in_words_of_flags(const ModelFlags& flags, const std::string& what) {
  if (what.starts_with("weights") || what.starts_with("means")) return UsageError("--" + what);
  return UsageError(fmt::format("{}: {}", flags.variances.empty() ? "--standard-deviations" : "--variances", what));
}

// Criteria count the parameters of the family, of which other covariances have more.
void check_membership(const Mixture& mixture) {
  if (belongs_to(mixture.covariances(), mixture.family())) return;
  throw UsageError(
      fmt::format("--covariance = {}; the given covariances do not belong to it, as they differ in what is "
                  "equal there; use --covariance {}",
                  to_string(mixture.family()), to_string(mixture.family().layout, false)));
}

ModelFile model_of(const ModelFlags& flags) {
  std::optional<CovarianceFile> file;
  if (!flags.covariances.empty()) file = read_covariance_file(flags.covariances, flags.general.n_threads);
  Matrix means = means_of(flags, file);
  const MixtureSize size{means.rows(), means.cols()};
  std::vector<double> weights = weights_of(flags, size);
  KnownCovariances covariances = covariances_of(flags, file, size);
  std::vector<std::string> names = feature_names(Dataset(means, names_of(flags, file, size.n_features)));
  try {
    Mixture mixture(covariances.family, std::move(weights), std::move(means), std::move(covariances.values));
    check_membership(mixture);
    return {std::move(mixture), std::move(names)};
  } catch (const invalid_argument& error) {
    throw in_words_of_flags(flags, error.what());
  }
}

// What the numbers were taken for, which is seen nowhere else when the model goes to a file.
void print_messages(const ModelFlags& flags, const ModelFile& model, Format format) {
  const bool says = flags.output.to_file() ? !flags.general.quiet : flags.general.verbose;
  if (!says) return;
  const Mixture& mixture = model.mixture;
  print_note(fmt::format("{}, {} ({}), {} covariance", counted(mixture.n_components(), "component"),
                         counted(mixture.n_features(), "feature"), fmt::join(model.feature_names, ", "),
                         to_string(mixture.family())));
  if (!flags.output.to_file()) return;
  const bool is_model = format == Format::json || format == Format::jsonl;
  print_note(fmt::format("wrote {}{}", flags.output.path,
                         is_model                  ? ""
                         : format == Format::table ? ": a table, which is no model file"
                                                   : ": a row per component, which is no model file"));
}

}  // namespace

Exit run_model(const Arguments& arguments) {
  CommandLine line;
  ModelFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  Output output(flags.output, Format::json);
  const ModelFile model = model_of(flags);
  write_model_to(output, model, flags.spread);
  output.commit();
  print_messages(flags, model, output.format());
  return Exit::done;
}

}  // namespace mogul::cli
