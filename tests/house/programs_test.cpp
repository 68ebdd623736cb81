// What is built does not let the current directory decide which libraries it loads, and is hardened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "house/elf_file.hpp"

namespace mogul::house {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::map<std::string, ElfFile> built_files() {
  std::map<std::string, ElfFile> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(MOGUL_BUILD)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".o") continue;
    if (const std::optional<ElfFile> file = read_elf_file(entry.path())) files.emplace(entry.path().string(), *file);
  }
  return files;
}

TEST(Programs, AnEmptyOrRelativeEntryOfARunPathIsFound) {
  EXPECT_THAT(unsafe_entries("/usr/lib"), IsEmpty());
  EXPECT_THAT(unsafe_entries("$ORIGIN/../lib:/usr/lib:$ORIGIN"), IsEmpty());
  EXPECT_THAT(unsafe_entries(""), ElementsAre(""));
  EXPECT_THAT(unsafe_entries("::"), ElementsAre("", "", ""));
  EXPECT_THAT(unsafe_entries("/usr/lib:"), ElementsAre(""));
  EXPECT_THAT(unsafe_entries("lib:/usr/lib:./lib"), ElementsAre("lib", "./lib"));
  EXPECT_THAT(unsafe_entries("$ORIGINAL/lib"), ElementsAre("$ORIGINAL/lib"));
}

// The build links this program with a run path of its own.
TEST(Programs, TheRunPathOfThisProgramIsRead) {
  const std::optional<ElfFile> file = read_elf_file("/proc/self/exe");
  ASSERT_TRUE(file.has_value());
  ASSERT_FALSE(file->run_paths.empty());
  EXPECT_NE((":" + file->run_paths[0] + ":").find(":$ORIGIN/known:"), std::string::npos) << file->run_paths[0];
}

TEST(Programs, NothingBuiltLoadsLibrariesFromTheCurrentDirectory) {
  const std::map<std::string, ElfFile> files = built_files();
  EXPECT_GE(files.size(), 2U) << "looked in " MOGUL_BUILD;
  for (const auto& [path, file] : files) {
    for (const std::string& run_path : file.run_paths) {
      EXPECT_THAT(unsafe_entries(run_path), IsEmpty()) << path << " has the run path " << run_path;
    }
  }
}

// Sanitizers leave this out (cmake/hardening.cmake); ./dev check does not run this folder under them.
TEST(Programs, TheCommandLineIsPositionIndependentAndItsTablesAreReadOnly) {
  const std::optional<ElfFile> program = read_elf_file(MOGUL_BUILD "/apps/mogul/mogul");
  ASSERT_TRUE(program.has_value());
  EXPECT_TRUE(program->is_position_independent);
  EXPECT_TRUE(program->has_relro);
  EXPECT_TRUE(program->binds_now);
}

}  // namespace
}  // namespace mogul::house
