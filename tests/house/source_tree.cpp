#include "house/source_tree.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace mogul::house {

namespace fs = std::filesystem;

namespace {

const std::set<std::string> kEndings = {".cpp", ".hpp",  ".in", ".txt", ".cmake", ".json", ".py",
                                        ".md",  ".toml", ".sh", ".js",  ".css",   ""};
const std::set<std::string> kHiddenButOurs = {".ci", ".clang-format", ".clang-tidy", ".gitignore"};
const std::set<std::string> kGenerated = {"build", "venv", "__pycache__"};
const std::set<std::string> kData = {"data", "tests/fixtures", "tests/fuzz/corpus"};

bool is_left_out(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string relative = fs::relative(path, root()).generic_string();
  if (name.starts_with('.') && !kHiddenButOurs.contains(name)) return true;
  if (!fs::is_directory(path)) return false;
  const bool is_users = fs::exists(path / "pyvenv.cfg") || fs::exists(path / "CMakeCache.txt");
  return is_users || kGenerated.contains(name) || kData.contains(relative);
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Blanks text[begin, end) except for line breaks.
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// The position after a quoted literal that opens at `open`.
std::size_t end_of_literal(std::string_view text, std::size_t open) {
  std::size_t i = open + 1;
  while (i < text.size() && text[i] != text[open] && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

/// The position after the raw string whose quote is at `open`.
std::size_t end_of_raw_string(std::string_view text, std::size_t open) {
  const std::size_t parenthesis = text.find('(', open);
  const std::string closing = ")" + std::string(text.substr(open + 1, parenthesis - open - 1)) + "\"";
  const std::size_t end = text.find(closing, parenthesis);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

}  // namespace

fs::path root() { return fs::path(MOGUL_DATA).parent_path(); }

const std::vector<SourceFile>& source_files() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    for (auto entry = fs::recursive_directory_iterator(root()); entry != fs::recursive_directory_iterator(); ++entry) {
      if (is_left_out(entry->path())) {
        entry.disable_recursion_pending();
      } else if (entry->is_regular_file() && kEndings.contains(entry->path().extension().string())) {
        found.push_back({fs::relative(entry->path(), root()).generic_string(), read(entry->path())});
      }
    }
    std::ranges::sort(found, {}, &SourceFile::path);
    return found;
  }();
  return files;
}

std::vector<std::string> lines(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

std::string code_only(std::string_view text) {
  std::string code(text);
  for (std::size_t i = 0; i < text.size();) {
    const bool after_digit = i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0;
    std::size_t end = i + 1;
    if (text.substr(i, 2) == "//") {
      end = std::min(text.find('\n', i), text.size());
      blank(code, i, end);
    } else if (text.substr(i, 2) == "/*") {
      end = std::min(text.find("*/", i), text.size() - 2) + 2;
      blank(code, i, end);
    } else if (text.substr(i, 2) == "R\"" && !after_digit) {
      end = end_of_raw_string(text, i + 1);
      blank(code, i + 2, end - 1);
    } else if (text[i] == '"' || (text[i] == '\'' && !after_digit)) {  // 1'000 is no character
      end = end_of_literal(text, i);
      blank(code, i + 1, end - 1);
    }
    i = end;
  }
  return code;
}

}  // namespace mogul::house
