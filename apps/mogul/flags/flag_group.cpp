// How a verb declares its flags: each with its names, the variable that its value goes to, and its line of --help.
#include "flags/flag_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <system_error>

#include "flags/suggest.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

// "Tied-Diagonal" and "tied_diagonal" are one word.
std::string plain_spelling(std::string word) {
  for (char& c : word) c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

template <class T>
T number_from(const std::string& flag, const std::string& text, std::string_view rule) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = end == text.data() + text.size();
  if (is_number && error == std::errc::result_out_of_range && text.find("e-") == std::string::npos) {
    throw UsageError(fmt::format("{} = {} is too large; must be {}", flag, text, rule));
  }
  if (error != std::errc() || !is_number) throw UsageError(fmt::format("{} = {}; must be {}", flag, text, rule));
  return value;
}

template <class T>
T number_of_at_least(const std::string& flag, const std::string& text, std::size_t at_least) {
  const std::string rule = fmt::format("a whole number, {} or more", at_least);
  const T number = number_from<T>(flag, text, rule);
  if (number < at_least) throw UsageError(fmt::format("{} = {}; must be {}", flag, text, rule));
  return number;
}

template <class Value>
Flag number(const std::string& names, Value& value, const std::string& help) {
  Flag flag{.names = names, .value_name = "N", .help = help};
  flag.set = [name = flag.first_name(), &value](const std::vector<std::string>& values) {
    value = number_from<double>(name, values.front(), "a number");
  };
  return flag;
}

// A flag with a whole number of type T.
template <class T, class Value>
Flag whole_number(const std::string& names, Value& value, const std::string& help, std::size_t at_least) {
  Flag flag{.names = names, .value_name = "N", .help = help};
  flag.set = [name = flag.first_name(), at_least, &value](const std::vector<std::string>& values) {
    value = number_of_at_least<T>(name, values.front(), at_least);
  };
  return flag;
}

}  // namespace

std::vector<std::string> Flag::all_names() const {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    all.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

std::string Flag::first_name() const { return all_names().front(); }

std::string Flag::long_name() const {
  for (const std::string& name : all_names()) {
    if (name.starts_with("--")) return name;
  }
  return first_name();
}

std::size_t choose(std::string_view flag, const std::string& word, const std::vector<std::string>& words,
                   const Aliases& aliases) {
  const std::string plain = plain_spelling(word);
  const auto alias = std::ranges::find_if(aliases, [&](const auto& a) { return plain_spelling(a.first) == plain; });
  const std::string meant = alias == aliases.end() ? plain : plain_spelling(alias->second);
  const auto found = std::ranges::find(words, meant, plain_spelling);
  if (found != words.end()) return static_cast<std::size_t>(std::distance(words.begin(), found));
  throw UsageError(
      fmt::format("{} = {}; must be one of {}{}", flag, word, fmt::join(words, ", "), did_you_mean(word, words)));
}

std::size_t whole_number(const std::string& flag, const std::string& text, std::size_t at_least) {
  return number_of_at_least<std::size_t>(flag, text, at_least);
}

void FlagGroup::add(Flag flag) {
  flag.group = title_;
  flags_.push_back(std::move(flag));
}

void FlagGroup::add_switch(const std::string& names, bool& value, const std::string& help) {
  const auto set = [&value](const std::vector<std::string>&) { value = true; };
  add({.names = names, .takes = Flag::Takes::nothing, .help = help, .set = set});
}

void FlagGroup::add_text(const std::string& names, const std::string& value_name, std::string& value,
                         const std::string& help) {
  add_text(
      names, value_name, [&value](const std::string& text) { value = text; }, help);
}

void FlagGroup::add_text(const std::string& names, const std::string& value_name,
                         const std::function<void(const std::string& text)>& set, const std::string& help) {
  const auto set_one = [set](const std::vector<std::string>& values) { set(values.front()); };
  add({.names = names, .value_name = value_name, .help = help, .set = set_one});
}

void FlagGroup::add_names(const std::string& names, std::vector<std::string>& values, const std::string& help) {
  const auto set = [&values](const std::vector<std::string>& given) { values = given; };
  add({.names = names, .takes = Flag::Takes::list, .value_name = "NAME,...", .help = help, .set = set});
}

void FlagGroup::add_number(const std::string& names, double& value, const std::string& help) {
  add(number(names, value, help));
}

void FlagGroup::add_number(const std::string& names, std::optional<double>& value, const std::string& help) {
  add(number(names, value, help));
}

void FlagGroup::add_number(const std::string& names, unsigned& value, const std::string& help) {
  add(whole_number<unsigned>(names, value, help, 0));
}

void FlagGroup::add_number(const std::string& names, std::uint64_t& value, const std::string& help,
                           std::size_t at_least) {
  add(whole_number<std::uint64_t>(names, value, help, at_least));
}

void FlagGroup::add_number(const std::string& names, std::optional<std::size_t>& value, const std::string& help,
                           std::size_t at_least) {
  add(whole_number<std::size_t>(names, value, help, at_least));
}

void FlagGroup::add_word(const std::string& names, const std::vector<std::string>& words, const Aliases& aliases,
                         const std::function<void(std::size_t chosen)>& set, const std::string& help) {
  const std::string flag = Flag{.names = names}.first_name();
  add_text(
      names, fmt::format("{}", fmt::join(words, "|")),
      [flag, words, aliases, set](const std::string& word) { set(choose(flag, word, words, aliases)); }, help);
}

void FlagGroup::add_help() { add({.names = "-h,--help", .takes = Flag::Takes::help, .help = "print this help"}); }

}  // namespace mogul::cli
