// The text of a file under a name, so that messages can say where in it something stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mogul {

struct CsvSource {
  std::string_view text;
  std::string name;

  /// The line that a byte of the text is in, from 1.
  std::size_t line(const char* at) const;
  /// @throws invalid_data "name: line 3, column 'b': what", without the column where there is none
  [[noreturn]] void fail(const char* at, std::string_view what) const;
  [[noreturn]] void fail(const char* at, std::string_view column, std::string_view what) const;
};

}  // namespace mogul
