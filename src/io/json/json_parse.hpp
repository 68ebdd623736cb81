// Text of a JSON file -> JsonValue; the first step of reading one. Its twin json_text.hpp writes.
#pragma once

#include <string_view>

#include "io/json/json_value.hpp"

namespace mogul {

/// Parses the text of a file.
/// @throws invalid_data for an empty file, a syntax error (with line and column), a number beyond double,
///         two members of one name, or more than 8 levels
JsonValue parse_json(std::string_view text, std::string_view file);

/// The same for one line of a file of JSON lines: a syntax error says the column only.
/// @param place  stands for the file and the line in messages
JsonValue parse_json_line(std::string_view line, std::string_view place);

}  // namespace mogul
