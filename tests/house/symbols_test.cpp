// What the objects of the library call of each other points downward, as their includes do: a function that a public
// header declares may be defined in any folder, which the includes do not tell.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "house/layers.hpp"

namespace mogul::house {
namespace {

namespace fs = std::filesystem;

const fs::path kObjects = MOGUL_BUILD "/src/CMakeFiles/mogul.dir";

struct Symbols {
  std::map<std::string, std::string> defined_in;         // symbol -> source of the object that defines it
  std::map<std::string, std::set<std::string>> used_by;  // source -> symbols that it does not define
};

// What a command prints.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> piece{};
  for (std::size_t n; pipe && (n = fread(piece.data(), 1, piece.size(), pipe.get())) > 0;) text.append(piece.data(), n);
  return text;
}

// "em/loop.cpp" of ".../em/loop.cpp.o"; what the build has made of src/report/page/ is that folder's.
std::string source_of(const fs::path& object) {
  const std::string source = fs::relative(object, kObjects).replace_extension().string();
  return source.find('/') == std::string::npos && source.starts_with("page_files") ? "report/page/" + source : source;
}

// Of nm's portable format: name, type, value, size. Capital letters are global; a weak definition may stand anywhere.
Symbols symbols_of_the_library() {
  Symbols symbols;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kObjects)) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".o" || path.find("cmake_pch") != std::string::npos) continue;
    std::istringstream lines(output_of(MOGUL_NM " -P '" + path + "'"));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name;
      char type = ' ';
      if (!(words >> name >> type)) continue;
      if (std::string("TDBRS").find(type) != std::string::npos) symbols.defined_in[name] = source_of(entry.path());
      if (type == 'U') symbols.used_by[source_of(entry.path())].insert(name);
    }
  }
  return symbols;
}

std::string folder_of(const std::string& source) { return source.substr(0, source.find('/') + 1); }

bool may_use(const std::string& source, const std::string& other) {
  if (folder_of(source) == folder_of(other)) return true;
  for (const Layer& layer : layers()) {
    if (!("src/" + source).starts_with(layer.folder)) continue;
    for (const std::string& allowed : layer.may_use) {
      if (folder_of(other) == allowed) return true;
    }
    return false;
  }
  return false;
}

TEST(Layers, TheRuleForSymbolsKnowsUpFromDown) {
  EXPECT_TRUE(may_use("em/loop.cpp", "base/cholesky.cpp"));
  EXPECT_TRUE(may_use("fit.cpp", "em/loop.cpp"));
  EXPECT_FALSE(may_use("base/cholesky.cpp", "em/loop.cpp"));
  EXPECT_FALSE(may_use("em/loop.cpp", "fit.cpp"));
  EXPECT_FALSE(may_use("report/table.cpp", "search/restarts.cpp"));
}

TEST(Layers, SymbolsPointDownward) {
  const Symbols symbols = symbols_of_the_library();
  EXPECT_GT(symbols.defined_in.size(), 300U) << "looked in " << kObjects;
  std::size_t n_calls = 0;
  for (const auto& [source, used] : symbols.used_by) {
    for (const std::string& name : used) {
      const auto found = symbols.defined_in.find(name);
      if (found == symbols.defined_in.end()) continue;
      ++n_calls;
      EXPECT_TRUE(may_use(source, found->second)) << source << " uses " << name << " of " << found->second;
    }
  }
  EXPECT_GT(n_calls, 300U);
}

}  // namespace
}  // namespace mogul::house
