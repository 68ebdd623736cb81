// Outputs must not replace what the same command reads, or each other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mogul::cli {

/// Two paths that name one file, whether it exists or would be made: written in another way, or by a symbolic or hard
/// link. What is not a regular file, such as /dev/null, can be read and written at once and is never the same.
bool same_file(const std::string& a, const std::string& b);

/// Files that are read, and what the command line calls them: {"DATA", {"rows.csv"}}. "-" is the file that standard
/// input comes from, if it does; an empty path is none.
struct InputFiles {
  std::string_view name;
  std::vector<std::string> paths;
};
/// @param flag    what names the output: "-o"
/// @param output  its path; empty or "-" is standard output
/// @throws        UsageError if it is one of the inputs
void refuse_overwriting(std::string_view flag, const std::string& output, const std::vector<InputFiles>& inputs);

}  // namespace mogul::cli
