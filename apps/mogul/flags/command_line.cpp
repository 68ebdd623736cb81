// The command line of a verb, parsed by CLI11. Only this file includes it, because it compiles slowly.
#include "flags/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "flags/suggest.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

// The flags as they are typed: "-k", "--n-components", ...
std::vector<std::string> known_flags(const std::vector<Flag>& flags) {
  std::vector<std::string> known;
  for (const Flag& flag : flags) {
    if (flag.is_argument()) continue;
    for (const std::string& name : flag.all_names()) known.push_back(name);
  }
  return known;
}

// What CLI11 could not place: a mistyped flag before anything else, since its value is left over as well.
void refuse_leftovers(std::vector<std::string> leftovers, const std::vector<Flag>& flags) {
  std::erase(leftovers, "--");  // which only ends the flags
  if (leftovers.empty()) return;
  const auto is_flag = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const auto flag = std::ranges::find_if(leftovers, is_flag);
  if (flag == leftovers.end()) throw UsageError(fmt::format("unexpected argument '{}'", leftovers.front()));
  const std::string name = flag->substr(0, flag->find('='));
  throw UsageError(fmt::format("unknown flag '{}'{}", name, did_you_mean(name, known_flags(flags))));
}

// The name of a flag that the user typed, of those it has: -k or --n-components.
std::string as_typed(const std::string& long_name, const std::vector<Flag>& flags, const Arguments& arguments) {
  const auto is_typed = [&](const std::string& name) {
    const auto begins = [&](const std::string& word) { return word == name || word.starts_with(name + "="); };
    return std::ranges::any_of(arguments, begins);
  };
  for (const Flag& flag : flags) {
    if (flag.long_name() != long_name) continue;
    for (const std::string& name : flag.all_names()) {
      if (is_typed(name)) return name;
    }
  }
  return long_name;
}

// CLI11 says "--seed: 1 required N missing" and "--seed: At Most 1 required but received 2".
std::string in_our_words(const CLI::ParseError& error, const std::vector<Flag>& flags, const Arguments& arguments) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return text;
  const bool repeated = text.find("received") != std::string::npos;
  return fmt::format("{} {}", as_typed(text.substr(0, text.find(':')), flags, arguments),
                     repeated ? "is given more than once" : "needs a value");
}

// An empty word, as of a script's variable that is not set, is not the same as no flag.
bool set_values(const Flag& flag, const std::vector<std::string>& values) {
  if (std::ranges::find(values, "") != values.end()) {
    throw UsageError(fmt::format("{} is empty; give it a value or leave it out", flag.long_name()));
  }
  flag.set(values);
  return true;
}

// The names of a list, which may be given in parts. CLI11 would take the next word for a name where there is none
// between the commas.
std::vector<std::string> names_in(const std::vector<std::string>& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    const std::size_t n_before = names.size();
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) names.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
    if (names.size() == n_before) names.emplace_back();
  }
  return names;
}

CLI::Option* add_to(CLI::App& app, const Flag& flag) {
  const auto set = [&flag](const std::vector<std::string>& values) { return set_values(flag, values); };
  switch (flag.takes) {
    case Flag::Takes::nothing: return app.add_flag_callback(flag.names, [&flag] { flag.set({}); });
    case Flag::Takes::value: return app.add_option(flag.names, set)->required(flag.is_argument());
    case Flag::Takes::several:
      return app.add_option(flag.names, set)
          ->required()
          ->expected(1, CLI::detail::expected_max_vector_size)
          ->allow_extra_args();
    case Flag::Takes::list:
      return app.add_option(flag.names, [set](const std::vector<std::string>& lists) { return set(names_in(lists)); })
          ->expected(1, CLI::detail::expected_max_vector_size)
          ->allow_extra_args(false);
    case Flag::Takes::help: return app.set_help_flag(flag.names);
  }
  return nullptr;
}

}  // namespace

void CommandLine::describe(std::string name, std::string summary, std::string examples) {
  name_ = std::move(name);
  summary_ = std::move(summary);
  examples_ = std::move(examples);
}

void CommandLine::add_argument(const std::string& name, std::string& value, const std::string& help) {
  const auto set = [&value](const std::vector<std::string>& values) { value = values.front(); };
  flags_.push_back({.names = name, .help = help, .set = set});
}

void CommandLine::add_arguments(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  const auto set = [&values](const std::vector<std::string>& given) { values = given; };
  flags_.push_back({.names = name, .takes = Flag::Takes::several, .help = help, .set = set});
}

bool CommandLine::parse(const Arguments& arguments) const {
  CLI::App app;
  app.allow_extras();
  // By name CLI11 finds an option with a function that ends the process without memory.
  std::map<std::string, CLI::Option*> options;
  for (const Flag& flag : flags_) options[flag.long_name()] = add_to(app, flag);
  for (const auto& [one, other] : exclusions_) options.at(one)->excludes(options.at(other));
  try {
    // CLI11 takes the arguments last first.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    write_stdout(help());
    return false;
  } catch (const CLI::ParseError& error) {
    refuse_leftovers(app.remaining(), flags_);
    throw UsageError(in_our_words(error, flags_, arguments));
  }
  refuse_leftovers(app.remaining(), flags_);
  return true;
}

}  // namespace mogul::cli
