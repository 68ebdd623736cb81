// Standard errors as values: the words of their methods, and what must hold of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mogul/error.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {
namespace {

constexpr std::array<std::string_view, 4> kWords{"information", "bootstrap", "weighted_bootstrap", "jackknife"};

void check_values(std::span<const double> values, std::size_t size, std::string_view name, double least) {
  if (values.size() != size) {
    throw invalid_argument(fmt::format("{} has {} values; must have {}", name, values.size(), size));
  }
  for (const double value : values) {
    if (std::isfinite(value) && value >= least) continue;
    throw invalid_argument(fmt::format("{} has {}; must be finite{}", name, value, least == 0 ? " and >= 0" : ""));
  }
}

}  // namespace

std::string_view to_string(StandardErrorMethod method) { return kWords[static_cast<std::size_t>(method)]; }

std::span<const std::string_view> standard_error_words() { return kWords; }

StandardErrorMethod standard_error_method_from(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) {
    throw invalid_argument(fmt::format("method = '{}'; must be one of {}", word, fmt::join(kWords, ", ")));
  }
  return static_cast<StandardErrorMethod>(found - kWords.begin());
}

ParameterValues parameter_values(const Mixture& mixture) {
  return {mixture.weights(), mixture.means(), mixture.covariances().values()};
}

void check(const StandardErrors& errors, const Mixture& mixture) {
  if (!(errors.level > 0 && errors.level < 1)) {
    throw invalid_argument(fmt::format("standard_errors.level = {}; must lie between 0 and 1", errors.level));
  }
  if (errors.n_failed > errors.n_replicates) {
    throw invalid_argument(fmt::format("standard_errors.n_failed = {}; must be at most n_replicates = {}",
                                       errors.n_failed, errors.n_replicates));
  }
  if (errors.family != mixture.family() || errors.estimate != parameter_values(mixture)) {
    throw invalid_argument("standard_errors are not those of the mixture");
  }
  const double none = -std::numeric_limits<double>::infinity();
  const auto check_part = [&](const ParameterValues& part, const std::string& name, double least) {
    check_values(part.weights, mixture.n_components(), name + ".weights", least);
    check_values(part.means.values(), mixture.means().values().size(), name + ".means", least);
    check_values(part.covariances, mixture.covariances().values().size(), name + ".covariances", least);
  };
  check_part(errors.standard_error, "standard_errors.standard_error", 0);
  check_part(errors.lower, "standard_errors.lower", none);
  check_part(errors.upper, "standard_errors.upper", none);
}

}  // namespace mogul
