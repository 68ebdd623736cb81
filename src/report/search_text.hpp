// What a search did, in words: for the report and for its page.
#pragma once

#include <string>

#include "mogul/report.hpp"

namespace mogul {

/// "16 starts, 2 of 2 finalists agree, 3 of 14 moves taken"
std::string search_text(const SearchReport& search);

}  // namespace mogul
