// -k of verbs that compare fits: several K.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mogul::cli {

/// "1-9" and "2,4,6-8": each number once, in order. @throws UsageError
std::vector<std::size_t> component_numbers(const std::string& text);

}  // namespace mogul::cli
