// What --help prints: examples first, then the usage and the flags under their headings.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "flags/command_line.hpp"

namespace mogul::cli {

namespace {

constexpr std::size_t kHelpWidth = 100;
constexpr std::size_t kFlagWidth = 28;

// `text` broken at spaces, every line but the first indented by `indent`.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string lines;
  std::size_t column = indent;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ' ');) {
    if (column > indent && column + 1 + word.size() > kHelpWidth) {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

std::string help_of(const Flag& flag) {
  std::string typed = fmt::format("{}", fmt::join(flag.all_names(), ", "));
  if (!flag.value_name.empty()) typed += " " + flag.value_name;
  const std::string gap = typed.size() + 2 < kFlagWidth ? std::string(kFlagWidth - 2 - typed.size(), ' ')
                                                        : "\n" + std::string(kFlagWidth, ' ');
  return "  " + typed + gap + wrapped(flag.help, kFlagWidth) + "\n";
}

// The headings, each once, in the order in which they first come.
std::vector<std::string> groups_of(const std::vector<Flag>& flags) {
  std::vector<std::string> groups;
  for (const Flag& flag : flags) {
    if (!flag.is_argument() && std::ranges::find(groups, flag.group) == groups.end()) groups.push_back(flag.group);
  }
  return groups;
}

}  // namespace

std::string CommandLine::help() const {
  std::string text = summary_ + "\n\nExamples:\n";
  std::istringstream examples(examples_);
  for (std::string example; std::getline(examples, example);) text += "  " + example + "\n";

  text += fmt::format("\nUsage: {} [flags]", name_);
  for (const Flag& flag : flags_) {
    if (flag.is_argument()) text += " " + flag.names + (flag.takes == Flag::Takes::several ? "..." : "");
  }
  text += "\n";
  for (const Flag& flag : flags_) {
    if (flag.is_argument()) text += help_of(flag);
  }
  for (const std::string& group : groups_of(flags_)) {
    text += fmt::format("\n{}:\n", group);
    for (const Flag& flag : flags_) {
      if (!flag.is_argument() && flag.group == group) text += help_of(flag);
    }
  }
  return text;
}

}  // namespace mogul::cli
