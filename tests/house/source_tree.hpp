// The project's own text files, for the tests of this folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mogul::house {

struct SourceFile {
  std::string path;  // relative to the root, with '/'
  std::string text;

  bool is_cpp() const { return path.ends_with(".cpp") || path.ends_with(".hpp"); }
  bool is_in(std::string_view folder) const { return path.starts_with(folder); }
};

std::filesystem::path root();

/// Every text file that people write: code, build files, scripts and documents, but no data, generated file or
/// hidden folder other than .ci. Sorted by path.
const std::vector<SourceFile>& source_files();

std::vector<std::string> lines(std::string_view text);

/// C++ with the contents of comments, strings and character literals replaced by spaces; line breaks stay.
std::string code_only(std::string_view text);

}  // namespace mogul::house
