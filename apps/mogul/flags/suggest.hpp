// "did you mean": the known word that a mistyped one is closest to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mogul::cli {

/// Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known word within about a third of its length of `word`, the first of equals; else empty.
std::string closest(std::string_view word, const std::vector<std::string>& known);

/// "; did you mean 'fit'?", or empty where no known word is close.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace mogul::cli
