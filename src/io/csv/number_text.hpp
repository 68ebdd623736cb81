// One number from text by the rules of all readers; the careful path where std::from_chars alone will not do.
#pragma once

#include <string_view>

namespace mogul {

enum class NumberFault { none, missing, not_a_number, not_finite, too_large };

struct NumberText {
  double value = 0;
  NumberFault fault = NumberFault::none;
};

/// The double nearest to decimal text, which may have blanks around it and a leading '+'; what is too
/// small for a double becomes zero. Infinities are recognised, as not finite.
/// @param decimal  the decimal point, '.' or ','
NumberText parse_number(std::string_view text, char decimal = '.');

/// Whether text is a number with a decimal comma, "1,5".
bool has_decimal_comma(std::string_view text);

/// Whether text without blanks around it says that a value is missing, as programs write it: nothing, "NA", "nan",
/// "null", "?", "-", "#N/A", ...
bool is_missing(std::string_view text);

/// Text without spaces and tabs at its ends.
std::string_view without_blanks(std::string_view text);

}  // namespace mogul
