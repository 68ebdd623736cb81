// Sets formulas for pages, alone and within prose.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

/// HTML of a formula in the symbols of docs/notation.md: Greek letters by their names, `_` and `^` for what stands
/// below and above, sum as the sign, ' * ' as a middle dot. Names of features stand in square brackets, once in a
/// formula, and are left as they are.
std::string formula_html(std::string_view formula);

/// HTML of prose with formulas between dollar signs, `$$` being a dollar sign.
std::string prose_html(std::string_view prose);
/// The same for narrow places: lines may end within long words.
std::string breakable_prose_html(std::string_view prose);
/// The same as plain text: formulas as they are typed.
std::string prose_text(std::string_view prose);
/// A name as prose that shows it unchanged.
std::string as_prose(std::string_view name);

}  // namespace mogul
