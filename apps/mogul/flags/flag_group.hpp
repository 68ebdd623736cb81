// How a verb declares its flags: each with its names, the variable that its value goes to, and its line of --help.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flags/flag.hpp"

namespace mogul::cli {

/// The words that a flag's value is chosen from, and what they mean.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

/// Other programs' spellings of a word: {"diag", "diagonal"}.
using Aliases = std::vector<std::pair<std::string, std::string>>;

/// The position of a word among those allowed: capitals, and '-' for '_', make no difference.
/// @throws UsageError that lists the words, with the closest one
std::size_t choose(std::string_view flag, const std::string& word, const std::vector<std::string>& words,
                   const Aliases& aliases = {});

/// A whole number from a flag's text. @throws UsageError if it is none, or is less than `at_least`
std::size_t whole_number(const std::string& flag, const std::string& text, std::size_t at_least);

/// Declares the flags under one heading of --help. `names` are written "-k,--n-components"; the variables must live
/// until the command line is parsed, and keep what they have where the flag is not given.
class FlagGroup {
 public:
  FlagGroup(std::vector<Flag>& flags, std::string title) : flags_(flags), title_(std::move(title)) {}

  /// A flag without a value.
  void add_switch(const std::string& names, bool& value, const std::string& help);

  /// A flag with a text, such as a path. @param value_name  what --help calls it: "FILE"
  void add_text(const std::string& names, const std::string& value_name, std::string& value, const std::string& help);
  void add_text(const std::string& names, const std::string& value_name,
                const std::function<void(const std::string& text)>& set, const std::string& help);

  /// A flag with names separated by commas; it may be repeated.
  void add_names(const std::string& names, std::vector<std::string>& values, const std::string& help);

  /// A flag with a number. While parsing, UsageError if the text is not one, or is less than `at_least`.
  void add_number(const std::string& names, double& value, const std::string& help);
  void add_number(const std::string& names, std::optional<double>& value, const std::string& help);
  void add_number(const std::string& names, unsigned& value, const std::string& help);
  void add_number(const std::string& names, std::uint64_t& value, const std::string& help, std::size_t at_least = 0);
  void add_number(const std::string& names, std::optional<std::size_t>& value, const std::string& help,
                  std::size_t at_least = 0);

  /// A flag whose value is one of a few words. `Value` is T or std::optional<T>.
  template <class T, class Value>
  void add_choice(const std::string& names, const Choices<T>& choices, Value& value, const std::string& help,
                  const Aliases& aliases = {}) {
    std::vector<std::string> words;
    for (const auto& [word, meaning] : choices) words.push_back(word);
    const auto set = [choices, &value](std::size_t chosen) { value = choices[chosen].second; };
    add_word(names, words, aliases, set, help);
  }

  /// --help, which parsing acts on.
  void add_help();

 private:
  void add_word(const std::string& names, const std::vector<std::string>& words, const Aliases& aliases,
                const std::function<void(std::size_t chosen)>& set, const std::string& help);
  void add(Flag flag);

  std::vector<Flag>& flags_;
  std::string title_;
};

}  // namespace mogul::cli
