// What documents and build files say about the tree is true: paths exist, every file is built, one version.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <stdexcept>

#include "house/source_tree.hpp"

namespace mogul::house {
namespace {

namespace fs = std::filesystem;

const SourceFile& file_named(const std::string& path) {
  for (const SourceFile& file : source_files()) {
    if (file.path == path) return file;
  }
  throw std::runtime_error("no file " + path);
}

std::vector<std::string> matches(const std::string& text, const std::regex& expression) {
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

/// Whether a path of a document names a file or folder, from the root, include/ or src/, or a file's name alone;
/// '*' stands for any name.
bool names_something(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  if (path.starts_with("./")) path = path.substr(2);
  for (const char* start : {"", "include/", "src/"}) {
    if (fs::exists(root() / (start + path))) return true;
  }
  std::string expression = std::regex_replace(path, std::regex(R"([.+])"), "\\$&");
  expression = std::regex_replace(expression, std::regex(R"(\*)"), "[^/]*");
  const std::regex anywhere("(.*/)?" + expression);
  for (const SourceFile& file : source_files()) {
    if (std::regex_match(file.path, anywhere)) return true;
  }
  return false;
}

TEST(Project, ThePathsInTheArchitectureExist) {
  static const std::regex quoted("`([A-Za-z0-9_.*/-]+)`");
  static const std::regex path(R"(.*/.*|.+\.(cpp|hpp))");
  static const std::regex no_path("build/.*|mogul-[a-z]+/[0-9]+");  // made by building; names of file formats
  std::size_t checked = 0;
  for (const std::string& name : matches(file_named("ARCHITECTURE.md").text, quoted)) {
    if (!std::regex_match(name, path) || std::regex_match(name, no_path)) continue;
    EXPECT_TRUE(names_something(name)) << "ARCHITECTURE.md names " << name << ", which does not exist";
    ++checked;
  }
  EXPECT_GE(checked, 10U);
}

TEST(Project, LinksBetweenDocumentsLeadSomewhere) {
  static const std::regex link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");
  for (const SourceFile& file : source_files()) {
    if (!file.path.ends_with(".md")) continue;
    for (const std::string& target : matches(file.text, link)) {
      EXPECT_TRUE(fs::exists(root() / fs::path(file.path).parent_path() / target))
          << file.path << " links to " << target;
    }
  }
}

TEST(Project, TheVersionStandsInOnePlace) {
  const std::string version = lines(file_named("VERSION").text).at(0);
  ASSERT_TRUE(std::regex_match(version, std::regex(R"(\d+\.\d+\.\d+)"))) << version;
  const std::regex literal("(^|[^0-9.])" + std::regex_replace(version, std::regex(R"(\.)"), "\\.") + "($|[^0-9.])");
  for (const SourceFile& file : source_files()) {
    if (file.path == "VERSION" || file.path.ends_with(".md")) continue;
    EXPECT_FALSE(std::regex_search(file.text, literal)) << file.path << " repeats the version " << version;
  }
}

TEST(Project, EverySourceFileIsBuilt) {
  const std::vector<std::string> listed =
      matches(file_named("src/CMakeLists.txt").text, std::regex(R"(\s([a-z0-9_/]+\.cpp))"));
  const std::set<std::string> built(listed.begin(), listed.end());
  EXPECT_EQ(built.size(), listed.size()) << "src/CMakeLists.txt lists a file twice";
  for (const SourceFile& file : source_files()) {
    if (!file.is_in("src/") || !file.path.ends_with(".cpp")) continue;
    EXPECT_TRUE(built.contains(file.path.substr(4))) << "src/CMakeLists.txt does not list " << file.path.substr(4);
  }
}

TEST(Project, EveryTestFolderIsBuilt) {
  const std::string parent = file_named("tests/CMakeLists.txt").text;
  for (const SourceFile& file : source_files()) {
    if (!file.is_in("tests/") || !file.path.ends_with("_test.cpp")) continue;
    const fs::path inside = fs::path(file.path).lexically_relative("tests");
    const std::string folder = inside.begin()->string();
    const std::string list = file_named("tests/" + folder + "/CMakeLists.txt").text;
    EXPECT_NE(list.find(inside.lexically_relative(folder).generic_string()), std::string::npos)
        << "tests/" << folder << "/CMakeLists.txt does not list " << file.path;
    EXPECT_TRUE(std::regex_search(parent, std::regex("\\b" + folder + "\\b")))
        << "tests/CMakeLists.txt does not list " << folder;
  }
}

TEST(Project, EveryPublicHeaderIsInTheOneThatHasAll) {
  const std::string all = file_named("include/mogul/mogul.hpp").text;
  for (const SourceFile& file : source_files()) {
    if (!file.is_in("include/mogul/") || file.path == "include/mogul/mogul.hpp") continue;
    EXPECT_NE(all.find('"' + file.path.substr(std::string("include/").size()) + '"'), std::string::npos) << file.path;
  }
}

}  // namespace
}  // namespace mogul::house
