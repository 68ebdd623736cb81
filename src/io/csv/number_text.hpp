// One number from text by the rules of all readers; the careful path where std::from_chars alone will not do.
#pragma once

#include <string_view>

namespace mogul {

enum class NumberFault { none, empty, not_a_number, not_finite, too_large };

struct NumberText {
  double value = 0;
  NumberFault fault = NumberFault::none;
};

/// The double nearest to decimal text, which may have blanks around it and a leading '+'; what is too
/// small for a double becomes zero. "nan" and "inf" are recognised, as not finite.
NumberText parse_number(std::string_view text);

}  // namespace mogul
