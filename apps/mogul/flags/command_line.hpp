// One way to declare, parse and explain flags for every verb, on top of CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "print/messages.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

/// Flags that every verb has, --help among them.
struct GeneralFlags {
  bool quiet = false;
  bool verbose = false;
  unsigned n_threads = 0;
  std::uint64_t seed = 0;

  Verbosity verbosity() const;
};
void add_general_flags(CLI::App& app, GeneralFlags& flags);

/// Gives the app its name and its help, examples first. `examples` is one command a line.
void describe(CLI::App& app, const std::string& name, const std::string& summary, const std::string& examples);

/// Parses what follows the verb. False if help was asked for, which is then on standard output.
/// @throws UsageError naming the flag, with the closest known one
bool parse(CLI::App& app, const Arguments& arguments);

/// The help text that --help prints.
std::string help_text(const CLI::App& app);

/// A flag with a number. @throws UsageError while parsing if the text is not one, or less than `at_least`.
CLI::Option* add_number(CLI::App& app, const std::string& names, std::size_t& value, const std::string& help,
                        std::size_t at_least = 0);
CLI::Option* add_number(CLI::App& app, const std::string& names, std::optional<std::size_t>& value,
                        const std::string& help, std::size_t at_least = 0);
CLI::Option* add_number(CLI::App& app, const std::string& names, unsigned& value, const std::string& help);
CLI::Option* add_number(CLI::App& app, const std::string& names, double& value, const std::string& help);

/// A flag with names separated by commas; it may be repeated.
CLI::Option* add_names(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                       const std::string& help);

/// The value that goes with a word. @throws UsageError listing the words
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;
std::size_t choose(std::string_view flag, const std::string& word, const std::vector<std::string>& words);

/// A flag whose value is one of a few words.
template <class T, class Value>
CLI::Option* add_choice(CLI::App& app, const std::string& flag, const Choices<T>& choices, Value& value,
                        const std::string& help) {
  std::vector<std::string> words;
  for (const auto& choice : choices) words.push_back(choice.first);
  const auto set = [=, &value](const std::string& word) { value = choices[choose(flag, word, words)].second; };
  return app.add_option_function<std::string>(flag, set, help)->type_name(CLI::detail::join(words, "|"));
}

}  // namespace mogul::cli
