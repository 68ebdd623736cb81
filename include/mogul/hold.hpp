// Which parameters of a mixture EM leaves as they are.
#pragma once

#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "mogul/field.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// What the M-step does not estimate.
struct Hold {
  bool weights = false;
  bool means = false;
  bool covariances = false;
  std::vector<std::size_t> means_of = {};
  bool equal_weights = false;

  bool estimates_weights() const { return !weights && !equal_weights; }
  bool estimates_mean(std::size_t component) const;
  /// Whether a parameter stays as it starts, so that it matters where EM starts.
  bool needs_a_start() const { return weights || means || covariances || !means_of.empty(); }

  bool operator==(const Hold&) const = default;
};
template <>
inline constexpr std::tuple kFields<Hold>{
    Field{"weights", &Hold::weights, "whether the mixing weights stay as they start"},
    Field{"means", &Hold::means, "whether all means stay as they start"},
    Field{"covariances", &Hold::covariances, "whether the covariances stay as they start"},
    Field{"means_of", &Hold::means_of, "components whose means stay as they start, while the others move"},
    Field{"equal_weights", &Hold::equal_weights, "whether all mixing weights are 1 / K"}};

/// "weights,means:0,2", as --hold takes it; without equal_weights. Empty where nothing is held.
std::string to_string(const Hold& hold);

/// @throws invalid_argument if means_of names a component twice, or one that does not exist, or if weights are held
///         and equal as well
void check_hold(const Hold& hold, std::size_t n_components);

/// Number of a mixture's free parameters that are estimated: p of AIC, BIC and ICL. Those that are held do not count.
std::size_t n_estimated_parameters(const Mixture& mixture, const Hold& hold);

}  // namespace mogul
