// The commands that README.md and the pages of docs/ print run, or fail, as printed, and make the pictures.
#include <algorithm>
#include <cmath>
#include <filesystem>
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
  for (const char* that_vary : {"seconds", "passes", "ended"}) {  // with the machine, or with the last digits of sums
    if (line.starts_with(that_vary)) return numbers;
  }
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

// The numbers of a picture and the words between them; a colour is three numbers.
struct DrawnNumbers {
  std::string words;
  std::vector<double> numbers;
  std::vector<double> roundings;  ///< a step of the last digit that is written
};

DrawnNumbers numbers_of_picture(const std::string& svg) {
  static const std::regex kPart(R"(#[0-9a-f]{6}\b|-?\d+(\.\d+)?(e[-+]?\d+)?)");
  DrawnNumbers found;
  auto end = svg.cbegin();
  for (std::sregex_iterator match(svg.begin(), svg.end(), kPart), none; match != none; ++match) {
    found.words.append(end, (*match)[0].first).append("#");
    end = (*match)[0].second;
    const std::string part = match->str();
    if (part[0] != '#') {
      found.numbers.push_back(std::stod(part));
      found.roundings.push_back(0.01);
      continue;
    }
    for (const std::size_t channel : {1, 3, 5}) {
      found.numbers.push_back(std::stoi(part.substr(channel, 2), nullptr, 16));
      found.roundings.push_back(1);
    }
  }
  found.words.append(end, svg.cend());
  return found;
}

// The same but for the rounding of a pixel's hundredth or a colour's step, which depend on the processor.
void expect_same_picture(const std::string& made, const std::string& committed, const std::string& name) {
  const DrawnNumbers a = numbers_of_picture(made);
  const DrawnNumbers b = numbers_of_picture(committed);
  ASSERT_EQ(a.words, b.words) << name << ": scripts/pictures.sh makes the pictures anew";
  ASSERT_EQ(a.numbers.size(), b.numbers.size()) << name;
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    const double tolerance = std::max(1.01 * a.roundings[i], 1e-6 * std::abs(b.numbers[i]));
    ASSERT_NEAR(a.numbers[i], b.numbers[i], tolerance) << name << ": scripts/pictures.sh makes the pictures anew";
  }
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

TEST_F(Docs, ThePicturesAreThoseThatTheirCommandsMake) {
  std::string pages;
  for (const std::string page : {"pictures.md", "gallery.md", "models.md"}) {
    pages += text_of(MOGUL_DOCS "/" + page);
    const std::vector<Example> examples = examples_in(page);
    ASSERT_GT(examples.size(), 8u);
    for (const Example& example : examples) {
      const Finished finished = run(example.command);
      EXPECT_EQ(finished.exit_code, 0) << example.command << "\n" << finished.err;
      expect_same(finished.err + finished.out, example.output, example.command);
    }
  }
  std::vector<std::string> made;
  for (const std::string& name : files()) {
    if (name.ends_with(".svg")) made.push_back(name);
  }
  std::vector<std::string> committed;
  for (const auto& entry : std::filesystem::directory_iterator(MOGUL_DOCS "/pictures")) {
    committed.push_back(entry.path().filename().string());
  }
  std::ranges::sort(committed);
  ASSERT_EQ(made, committed);
  for (const std::string& name : made) {
    const std::string picture = text_of(MOGUL_DOCS "/pictures/" + name);
    EXPECT_LT(picture.size(), 60000u) << name;
    EXPECT_NE(pages.find("](pictures/" + name + ")"), std::string::npos) << name << " is on no page";
    expect_same_picture(read(name), picture, name);
  }
}

}  // namespace
}  // namespace mogul::test
