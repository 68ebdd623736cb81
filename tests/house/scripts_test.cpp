// Scripts and documented commands: no pipeline depends on who closes first, and the packages that README.md names are
// those that ./dev installs.
#include <gtest/gtest.h>

#include <regex>

#include "house/source_tree.hpp"

namespace mogul::house {
namespace {

/// Readers that may stop before the end of what is written to them. Under pipefail the writer's SIGPIPE, if it comes in
/// time, then fails the whole pipeline.
bool stops_early(const std::string& line) {
  static const std::regex reader(
      R"((^|[^|])\|&?\s*(\w+=\S*\s+)*)"
      R"((head\b|grep\s+(-\w+\s+)*(-\w*[qm]|--quiet|--max-count)|sed\s[^|]*(\b|\d)q\b|read\b|awk\s[^|]*\bexit\b))");
  return std::regex_search(line, reader);
}

bool is_script(const SourceFile& file) {
  return file.path == "dev" || file.is_in(".ci/") || file.path.ends_with(".sh");
}

/// The lines of a script, those of a document's blocks of code, and the examples of the command line's help.
std::vector<std::string> commands_of(const SourceFile& file) {
  std::vector<std::string> commands;
  bool in_block = is_script(file);
  for (const std::string& line : lines(file.text)) {
    if (file.path.ends_with(".md") && line.starts_with("```")) {
      in_block = line.size() > 3;
    } else if (in_block || (file.path.ends_with(".md") && line.starts_with("    ")) ||
               (file.is_in("apps/") && line.find("\"mogul ") != std::string::npos)) {
      commands.push_back(line);
    }
  }
  return commands;
}

TEST(Scripts, AReaderThatStopsEarlyIsFound) {
  for (const char* line :
       {"a | head -n 3", "a |head", "a | grep -q b", "a 2>&1 | LC_ALL=C grep -i -q b", "a | grep -m 1 b", "a | sed 3q",
        "a | sed -n '/b/ { p; q }'", "a | read -r b", "a | awk '{ print; exit }'"}) {
    EXPECT_TRUE(stops_early(line)) << line;
  }
  for (const char* line : {"head -n 3 a", "grep -q b a", "a | tail -n 3", "a | grep b", "a | sed -n 1,3p",
                           "a || head -n 1 b", "a | awk '{ print }'", "a | sort"}) {
    EXPECT_FALSE(stops_early(line)) << line;
  }
}

TEST(Scripts, NoPipelineDependsOnWhoClosesFirst) {
  std::size_t n_scripts = 0;
  for (const SourceFile& file : source_files()) {
    n_scripts += is_script(file) ? 1 : 0;
    for (const std::string& command : commands_of(file))
      EXPECT_FALSE(stops_early(command)) << file.path << ": " << command;
  }
  EXPECT_GE(n_scripts, 2U);
}

std::string text_of(const std::string& path) {
  for (const SourceFile& file : source_files()) {
    if (file.path == path) return file.text;
  }
  return "";
}

/// The line of README.md that begins so.
std::string readme_line(const std::string& begin) {
  for (const std::string& line : lines(text_of("README.md"))) {
    if (line.starts_with(begin)) return line;
  }
  return "";
}

TEST(Readme, NamesThePackagesThatTheScriptsInstall) {
  std::string wanted = "apt-get install -y";
  for (const char* list : {"build_packages", "python_packages"}) {
    std::smatch packages;
    const std::string scripts = text_of("scripts/install.sh");
    ASSERT_TRUE(std::regex_search(scripts, packages, std::regex(std::string(list) + R"(=\(([^)]*)\))"))) << list;
    wanted += " " + packages.str(1);
  }
  EXPECT_EQ(readme_line("apt-get install"), wanted);
}

// But for the first lines, which name the files.
TEST(Readme, PrintsTheFirstExample) {
  const std::string example = text_of("examples/01_fit.cpp");
  const std::size_t begin = example.find("#include");
  ASSERT_NE(begin, std::string::npos);
  EXPECT_NE(text_of("README.md").find("```cpp\n// program/main.cpp\n" + example.substr(begin) + "```\n"),
            std::string::npos)
      << "README.md prints another program than examples/01_fit.cpp";
}

}  // namespace
}  // namespace mogul::house
