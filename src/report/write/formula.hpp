// Sets formulas for pages.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

/// HTML of a formula in the symbols of docs/notation.md: Greek letters by their names, `_` and `^` for what stands
/// below and above, sum as the sign, ' * ' as a middle dot. Names of features stand in square brackets, once in a
/// formula, and are left as they are.
std::string formula_html(std::string_view formula);

}  // namespace mogul
