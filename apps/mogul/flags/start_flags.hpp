// The words of the flags that say how a fit starts, and what it does on its way.
#pragma once

#include <string>

#include "flags/flag_group.hpp"
#include "mogul/options.hpp"

namespace mogul::cli {

Choices<Search> search_choices();
/// Of the methods that find K clusters by themselves.
Choices<InitMethod> init_choices();
/// Other programs' spellings of them.
const Aliases& init_aliases();

Choices<DegeneratePolicy> degenerate_choices();
Choices<AccelerationMethod> acceleration_choices();

}  // namespace mogul::cli
