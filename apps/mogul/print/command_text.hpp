// A command as it was typed, for pages that say how they were made.
#pragma once

#include <string>
#include <string_view>

#include "verbs/verbs.hpp"

namespace mogul::cli {

/// "mogul fit 'my rows.csv' -k 3": a shell reads the words back as they were.
std::string command_text(std::string_view verb, const Arguments& arguments);

}  // namespace mogul::cli
