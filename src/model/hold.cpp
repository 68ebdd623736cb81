// What is held: its rules and its text.
#include "mogul/hold.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "mogul/error.hpp"

namespace mogul {

std::size_t n_estimated_parameters(const Mixture& mixture, const Hold& hold) {
  const std::size_t n_weights = mixture.n_components() - 1;
  const std::size_t n_means = mixture.n_components() * mixture.n_features();
  const std::size_t n_moving_means = n_means - hold.means_of.size() * mixture.n_features();
  const std::size_t n_covariances = mixture.n_parameters() - n_weights - n_means;
  return (hold.estimates_weights() ? n_weights : 0) + (hold.means ? 0 : n_moving_means) +
         (hold.covariances ? 0 : n_covariances);
}

bool Hold::estimates_mean(std::size_t component) const {
  return !means && std::ranges::find(means_of, component) == means_of.end();
}

void check_hold(const Hold& hold, std::size_t n_components) {
  if (hold.equal_weights && hold.weights) {
    throw invalid_argument("hold: mixing weights cannot be both equal and held; leave one of the two out");
  }
  std::vector<bool> seen(n_components, false);
  for (const std::size_t k : hold.means_of) {
    if (k >= n_components) {
      throw invalid_argument(
          fmt::format("hold: the mean of component {}; must be < n_components = {}", k, n_components));
    }
    if (seen[k]) throw invalid_argument(fmt::format("hold: the mean of component {} is given twice", k));
    seen[k] = true;
  }
}

std::string to_string(const Hold& hold) {
  std::vector<std::string> words;
  if (hold.weights) words.emplace_back("weights");
  if (hold.means) words.emplace_back("means");
  if (!hold.means && !hold.means_of.empty()) {
    words.push_back(fmt::format("means:{}", fmt::join(hold.means_of, ",")));
  }
  if (hold.covariances) words.emplace_back("covariances");
  return fmt::format("{}", fmt::join(words, ","));
}

}  // namespace mogul
