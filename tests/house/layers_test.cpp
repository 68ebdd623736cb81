// The rules of ARCHITECTURE.md about who includes whom: folders point downward, third-party libraries stay in place.
#include <gtest/gtest.h>

#include <regex>

#include "house/layers.hpp"
#include "house/source_tree.hpp"

namespace mogul::house {
namespace {

/// Where the headers of a library may be included: header expression -> path expression.
const std::vector<std::pair<std::regex, std::regex>> kThirdParty = {
    {std::regex("CLI/.*"), std::regex("apps/mogul/flags/command_line\\.cpp")},
    {std::regex("nlohmann/.*"), std::regex(R"(src/io/json/.*|tests/.*)")},
    {std::regex("hwy/.*"), std::regex("src/engine/cpu/.*|tests/engine/.*|bench/kernels.cpp")},
    {std::regex("(benchmark|opencv2|armadillo)(/.*)?"), std::regex("bench/.*")},
    {std::regex("Eigen/.*"), std::regex(R"(src/(base|model|covariance|acceleration|em|uncertainty|report)/.*\.cpp)")},
    {std::regex("fmt/.*"), std::regex(R"(.*\.cpp)")},
    {std::regex("zlib\\.h"), std::regex(R"(src/io/.*\.cpp|tests/io/.*)")},
    {std::regex("nanobind/.*"), std::regex("python/.*")},
    {std::regex("(gtest|gmock|rapidcheck)(/|\\.h).*"), std::regex("tests/.*")},
    {std::regex("sys/.*"), std::regex(R"(.*\.cpp|tests/memory/.*)")},
};

struct Include {
  std::string header;
  bool quoted;
};
std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex include(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> found;
  std::smatch match;
  for (const std::string& line : lines(file.text)) {
    if (std::regex_search(line, match, include)) found.push_back({match[2], match[1] == "\""});
  }
  return found;
}

// engine/cpu/ is for src/engine/ only.
bool is_allowed(const Layer& layer, const std::string& path, const std::string& header) {
  const auto begins = [](const std::string& text, const std::string& start) { return text.starts_with(start); };
  const bool engine_private = begins(header, "engine/cpu/") && !begins(path, "src/engine/");
  for (const std::string& allowed : layer.may_use) {
    if (begins(header, allowed) && !engine_private) return true;
  }
  // The folder's own headers, named from src/ or beside the file.
  const std::string own = layer.folder.starts_with("src/") ? layer.folder.substr(4) : layer.folder;
  return begins(header, own) || std::filesystem::exists(root() / std::filesystem::path(path).parent_path() / header) ||
         std::filesystem::exists(root() / layer.folder / header);
}

TEST(Layers, IncludesPointDownward) {
  for (const SourceFile& file : source_files()) {
    for (const Layer& layer : layers()) {
      if (!file.is_cpp() || !file.is_in(layer.folder)) continue;
      for (const Include& include : includes_of(file)) {
        if (!include.quoted) continue;
        EXPECT_TRUE(is_allowed(layer, file.path, include.header))
            << file.path << " includes \"" << include.header << "\"; files of " << layer.folder
            << " may include only that folder and those below it";
      }
      break;
    }
  }
}

TEST(Layers, ThirdPartyLibrariesStayInTheirPlaces) {
  for (const SourceFile& file : source_files()) {
    if (!file.is_cpp()) continue;
    for (const Include& include : includes_of(file)) {
      bool known = include.quoted || include.header.find('/') == std::string::npos;
      for (const auto& [header, place] : kThirdParty) {
        if (!std::regex_match(include.header, header)) continue;
        known = true;
        EXPECT_TRUE(std::regex_match(file.path, place)) << file.path << " may not include <" << include.header << ">";
      }
      EXPECT_TRUE(known) << file.path << " includes <" << include.header
                         << ">, a library that tests/house does not know; add it to the table with its place";
    }
  }
}

TEST(Layers, TheLibraryNeverPrintsAbortsOrReadsTheEnvironment) {
  static const std::regex forbidden(
      R"(\b(cout|cerr|clog|printf|puts|abort|exit|_Exit|getenv|setenv)\b\s*(\(|<<)|fmt::print\b)");
  for (const SourceFile& file : source_files()) {
    if (!file.is_cpp() || !(file.is_in("src/") || file.is_in("include/"))) continue;
    std::smatch match;
    const std::string code = code_only(file.text);
    EXPECT_FALSE(std::regex_search(code, match, forbidden)) << file.path << " uses " << match.str();
  }
}

// nanobind's own scopes hear no Ctrl-C, and abort where the interpreter ends meanwhile.
TEST(Layers, TheBindingsGiveUpTheInterpreterLockInOneWay) {
  for (const SourceFile& file : source_files()) {
    if (!file.is_cpp() || !file.is_in("python/")) continue;
    const std::string code = code_only(file.text);
    for (const char* scope : {"gil_scoped_release", "gil_scoped_acquire"}) {
      EXPECT_EQ(code.find(scope), std::string::npos) << file.path << " uses " << scope;
    }
  }
}

TEST(Layers, ThePublicHeadersKnowNoThirdParty) {
  for (const SourceFile& file : source_files()) {
    if (!file.is_in("include/")) continue;
    for (const Include& include : includes_of(file)) {
      EXPECT_TRUE(include.quoted || include.header.find_first_of("./") == std::string::npos)
          << file.path << " includes <" << include.header << ">; only the standard library may be there";
    }
  }
}

}  // namespace
}  // namespace mogul::house
