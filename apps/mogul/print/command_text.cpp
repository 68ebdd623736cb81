#include "print/command_text.hpp"

#include <fmt/format.h>

namespace mogul::cli {

namespace {

std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-./,:=+%@") == std::string::npos;
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  text += '\'';
  return text;
}

}  // namespace

std::string command_text(std::string_view verb, const Arguments& arguments) {
  std::string line = fmt::format("mogul {}", verb);
  for (const std::string& word : arguments) line += fmt::format(" {}", quoted(word));
  return line;
}

}  // namespace mogul::cli
