// Enumerations are words in Python, the same as on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul::python {

/// All: @throws invalid_argument for an unknown word, listing those that are known.
Moments moments_from(std::string_view name);
InitMethod init_method_from(std::string_view name);
DegeneratePolicy degenerate_policy_from(std::string_view name);
Update update_from(const std::vector<std::string>& words);

/// Some of "weights", "means" and "covariances".
std::vector<std::string> words_of(const Update& update);

}  // namespace mogul::python
