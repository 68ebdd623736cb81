// The commands that README.md, docs/cli.md and docs/errors.md print run, or fail, as printed.
#include <algorithm>
#include <cmath>
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

const std::regex kNumber(R"([-+]?\d+(\.\d+)?(e[-+]?\d+)?)");

// Blanks, by which tables are aligned, as one blank; no empty lines; numbers as '#', and nothing of times.
std::string words_of(const std::string& line) {
  if (line.starts_with("seconds")) return "seconds";
  return std::regex_replace(std::regex_replace(line, kNumber, "#"), std::regex(" +"), " ");
}

struct PrintedNumber {
  double value;
  double rounding;  ///< of its last digit; 0 for a whole number
};

std::vector<PrintedNumber> numbers_in(const std::string& line) {
  std::vector<PrintedNumber> numbers;
  if (line.starts_with("seconds")) return numbers;
  for (std::sregex_iterator match(line.begin(), line.end(), kNumber), end; match != end; ++match) {
    const std::string fraction = (*match)[1];
    const std::string exponent = (*match)[2];
    const double digits = fraction.empty() ? 0 : static_cast<double>(fraction.size() - 1);
    const double scale = exponent.empty() ? 0 : std::stod(exponent.substr(1));
    const bool is_whole = fraction.empty() && exponent.empty();
    numbers.push_back({std::stod(match->str()), is_whole ? 0 : std::pow(10, scale - digits)});
  }
  return numbers;
}

// The same words and numbers, but for the last digits, which depend on the processor.
void expect_same(const std::string& printed, const std::string& documented, const std::string& command) {
  const std::vector<std::string> lines = lines_of(printed);
  std::vector<std::string> expected = lines_of(documented);
  while (!expected.empty() && expected.back().empty()) expected.pop_back();
  ASSERT_EQ(lines.size(), expected.size()) << command << "\n" << printed;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(words_of(lines[i]), words_of(expected[i])) << command;
    const std::vector<PrintedNumber> numbers = numbers_in(lines[i]);
    const std::vector<PrintedNumber> told = numbers_in(expected[i]);
    ASSERT_EQ(numbers.size(), told.size()) << lines[i];
    for (std::size_t j = 0; j < numbers.size(); ++j) {
      const double tolerance =
          numbers[j].rounding == 0 ? 0 : std::max(1.01 * told[j].rounding, 1e-6 * std::abs(told[j].value));
      EXPECT_NEAR(numbers[j].value, told[j].value, tolerance) << command << "\n" << lines[i];
    }
  }
}

// "    $ command" and the indented lines up to the next command; lines between these may be empty.
std::vector<Example> examples_in(const std::string& document) {
  std::vector<Example> examples;
  int section = 0;
  bool in_output = false;
  std::string empty_lines;
  for (const std::string& line : lines_of(text_of(MOGUL_DOCS "/" + document))) {
    if (line.starts_with("## ")) section = std::atoi(line.c_str() + 3);
    if (line.starts_with("    $ ")) {
      examples.push_back({line.substr(6), "", section});
      in_output = true;
    } else if (in_output && line.empty()) {
      empty_lines += "\n";
      continue;
    } else if (in_output && line.starts_with("    ")) {
      examples.back().output += empty_lines + line.substr(4) + "\n";
    } else {
      in_output = false;
    }
    empty_lines.clear();
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

TEST_F(Docs, TheCommandsOfTheCommandLinesPagePrintWhatItSays) {
  const std::vector<Example> examples = examples_in("cli.md");
  ASSERT_GT(examples.size(), 10u);
  for (const Example& example : examples) {
    const Finished finished = run(example.command);
    EXPECT_EQ(finished.exit_code, 0) << example.command << "\n" << finished.err;
    expect_same(finished.err + finished.out, example.output, example.command);
  }
}

TEST_F(Docs, TheCommandsOfTheReadmePrintWhatItSays) {
  const std::vector<Example> examples = examples_of_readme();
  ASSERT_GT(examples.size(), 5u);
  for (const Example& example : examples) {
    const Finished finished = run(example.command);
    EXPECT_EQ(finished.exit_code, 0) << example.command << "\n" << finished.err;
    expect_same(finished.err + finished.out, example.output, example.command);
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
