// The rules of the house style that a program can check: sizes of files and functions, ASCII, no unfinished work.
#include <gtest/gtest.h>

#include <regex>

#include "house/functions.hpp"
#include "house/source_tree.hpp"

namespace mogul::house {
namespace {

constexpr std::size_t kMaxFileLines = 400;
constexpr std::size_t kMaxFunctionLines = 60;

TEST(Style, TheSourceFilesAreFound) {
  std::size_t cpp = 0;
  for (const SourceFile& file : source_files()) cpp += file.is_cpp() ? 1 : 0;
  EXPECT_GE(cpp, 50U) << "looked in " << root();
}

TEST(Style, FilesAreShort) {
  for (const SourceFile& file : source_files()) {
    if (file.path.ends_with(".md")) continue;
    EXPECT_LE(lines(file.text).size(), kMaxFileLines) << file.path;
  }
}

TEST(Style, FunctionsAreShort) {
  for (const SourceFile& file : source_files()) {
    if (!file.is_cpp()) continue;
    for (const Function& function : functions_of(file.text)) {
      EXPECT_LE(function.lines, kMaxFunctionLines) << file.path << ":" << function.first_line << ": " << function.head;
    }
  }
}

TEST(Style, TheFunctionFinderSeesFunctionsMethodsAndTests) {
  const std::vector<Function> found = functions_of(R"(namespace a {
struct B {
  int x = 0;
  int get() const { return x; }  // one }
};
const char* text() {
  const auto f = [] { return "}"; };
  if (true) {
    return f();
  }
}
constexpr int kTable[] = {1, 2};
TEST(A, B) {
}
}  // namespace a
)");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].lines, 1U);
  EXPECT_EQ(found[1].first_line, 6U);
  EXPECT_EQ(found[1].lines, 6U);
  EXPECT_EQ(found[2].lines, 2U);
}

TEST(Style, EveryFileIsAscii) {
  for (const SourceFile& file : source_files()) {
    const std::vector<std::string> text = lines(file.text);
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (const char c : text[i]) {
        ASSERT_TRUE((c >= ' ' && c <= '~') || c == '\t') << file.path << ":" << i + 1 << ": byte " << (c & 0xff);
      }
    }
  }
}

TEST(Style, EveryFileEndsWithOneLineBreak) {
  for (const SourceFile& file : source_files()) {
    EXPECT_TRUE(file.text.ends_with('\n') && !file.text.ends_with("\n\n")) << file.path;
  }
}

TEST(Style, HeadersAreIncludedOnceAndSayWhatTheyAreFor) {
  for (const SourceFile& file : source_files()) {
    if (!file.path.ends_with(".hpp")) continue;
    EXPECT_TRUE(file.text.starts_with("//")) << file.path << " does not begin with what it is for";
    // Highway's way for what is compiled once per instruction set.
    const char* guard = file.path.ends_with("-inl.hpp") ? "defined(HWY_TARGET_TOGGLE)\n" : "\n#pragma once\n";
    EXPECT_NE(file.text.find(guard), std::string::npos) << file.path;
  }
}

TEST(Style, NothingIsLeftUnfinished) {
  // Written apart so that this file does not contain them.
  static const std::regex unfinished(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X|HA"
      "CK)\\b|GTEST_SK"
      "IP\\(\\)\\s*;|\\bDISAB"
      "LED_");
  for (const SourceFile& file : source_files()) {
    std::smatch match;
    EXPECT_FALSE(std::regex_search(file.text, match, unfinished)) << file.path << ": " << match.str();
  }
}

}  // namespace
}  // namespace mogul::house
