// Finds the functions of a C++ file by its braces; good enough for formatted code, not a parser.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mogul::house {

struct Function {
  std::string head;        // the text before its brace, on one line
  std::size_t first_line;  // 1, 2, ...
  std::size_t lines;       // from the head to the closing brace
};

/// The functions at the scope of a file, namespace or class; lambdas count as part of the function around them.
std::vector<Function> functions_of(std::string_view text);

}  // namespace mogul::house
