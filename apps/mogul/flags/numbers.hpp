// Numbers as they are typed behind a flag: "0.5" or "1/3", and lists of them such as "-4,0,8" and "0,0;3,3".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mogul::cli {

/// The lists between the ';' of a text, each with the numbers between its ','.
using NumberLists = std::vector<std::vector<double>>;

/// Numbers or fractions, separated by ',' within a list and by ';' between lists; blanks around them do not matter.
/// @throws UsageError naming the flag, the number and what is wrong with it
NumberLists number_lists(const std::string& flag, std::string_view text);

/// One such list. @throws UsageError likewise, and for a ';'
std::vector<double> number_list(const std::string& flag, std::string_view text);

}  // namespace mogul::cli
