// Reads text in memory as a file called t.csv, for the tests of the CSV reader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul::test {

inline Dataset read_text(std::string_view text, const ReadOptions& options = {}) {
  return parse_dataset(text, "t.csv", options);
}

inline Matrix matrix_of(std::string_view text, const ReadOptions& options = {}) {
  return std::get<Matrix>(read_text(text, options).values());
}

inline std::vector<std::string> names_of(std::string_view text, const ReadOptions& options = {}) {
  return read_text(text, options).column_names();
}

/// The message after "t.csv: " of the Error that reading must throw.
template <class Error = invalid_data>
std::string text_error(std::string_view text, const ReadOptions& options = {}) {
  const std::string message = message_of<Error>([&] { read_text(text, options); });
  constexpr std::string_view kFile = "t.csv: ";
  EXPECT_TRUE(message.starts_with(kFile)) << message;
  return message.substr(std::min(message.size(), kFile.size()));
}

}  // namespace mogul::test
