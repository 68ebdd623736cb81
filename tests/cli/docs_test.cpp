// The commands that README.md, docs/cli.md and docs/errors.md print run, or fail, as printed.
#include <regex>

#include "cli/process.hpp"

namespace mogul::test {
namespace {

struct Example {
  std::string command;
  std::string output;
  int exit_code;  ///< the number that the section's heading begins with
};

// The commands of console blocks and what they print.
std::vector<Example> examples_of_readme() {
  std::vector<Example> examples;
  bool in_block = false;
  for (const std::string& line : lines_of(text_of(MOGUL_DOCS "/../README.md"))) {
    if (line.starts_with("```")) {
      in_block = line == "```console";
    } else if (in_block && line.starts_with("$ ")) {
      examples.push_back({line.substr(2), "", 0});
    } else if (in_block) {
      examples.back().output += line + "\n";
    }
  }
  return examples;
}

// Numbers as '#', as those of times change and the last digits depend on the processor; blanks, by which tables are
// aligned, as one blank; no empty lines.
std::string words_of(const std::string& output) {
  static const std::regex number(R"([-+]?\d+(\.\d+)?(e[-+]?\d+)?)");
  std::string words = std::regex_replace(output, number, "#");
  words = std::regex_replace(words, std::regex(" +"), " ");
  words = std::regex_replace(words, std::regex("\n[\n ]*"), "\n");
  return words;
}

// "    $ command" and the indented lines up to an empty one or the next command.
std::vector<Example> examples_in(const std::string& document) {
  std::vector<Example> examples;
  int section = 0;
  bool in_output = false;
  for (const std::string& line : lines_of(text_of(MOGUL_DOCS "/" + document))) {
    if (line.starts_with("## ")) section = std::atoi(line.c_str() + 3);
    if (line.starts_with("    $ ")) {
      examples.push_back({line.substr(6), "", section});
      in_output = true;
    } else if (in_output && line.starts_with("    ")) {
      examples.back().output += line.substr(4) + "\n";
    } else {
      in_output = false;
    }
  }
  return examples;
}

class Docs : public CommandLine {
 protected:
  // In the test's folder, which has data/ as the project does, with mogul on the path.
  Finished run(const std::string& command) {
    return shell("cd '" + path("") + "' && ln -sfn '" MOGUL_DATA "' data && PATH=\"$(dirname \"$MOGUL\"):$PATH\" && " +
                 command);
  }
};

TEST_F(Docs, EveryCommandOfTheCommandLinesPageRuns) {
  const std::vector<Example> examples = examples_in("cli.md");
  ASSERT_GT(examples.size(), 10u);
  for (const Example& example : examples) {
    const Finished finished = run(example.command);
    EXPECT_EQ(finished.exit_code, 0) << example.command << "\n" << finished.err;
    const std::vector<std::string> printed = lines_of(finished.err + finished.out);
    const std::vector<std::string> documented = lines_of(example.output);
    if (documented.empty() || documented[0].find_first_of("0123456789") != std::string::npos) continue;
    EXPECT_EQ(printed.at(0), documented[0]) << example.command;
  }
}

TEST_F(Docs, TheCommandsOfTheReadmePrintWhatItSays) {
  const std::vector<Example> examples = examples_of_readme();
  ASSERT_GT(examples.size(), 5u);
  for (const Example& example : examples) {
    const Finished finished = run(example.command);
    EXPECT_EQ(finished.exit_code, 0) << example.command << "\n" << finished.err;
    EXPECT_EQ(words_of(finished.err + finished.out), words_of(example.output)) << example.command;
  }
}

TEST_F(Docs, EveryErrorOfTheErrorsPageIsPrintedAsDocumented) {
  const std::vector<Example> examples = examples_in("errors.md");
  ASSERT_GT(examples.size(), 10u);
  for (const Example& example : examples) {
    const Finished finished = run(example.command);
    EXPECT_EQ(finished.exit_code, example.exit_code) << example.command;
    EXPECT_EQ(finished.err, example.output) << example.command;
  }
}

}  // namespace
}  // namespace mogul::test
