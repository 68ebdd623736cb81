// One way to declare, parse and explain flags for every verb, on top of CLI11.
#include "flags/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>

#include "flags/suggest.hpp"

namespace mogul::cli {

namespace {

constexpr std::size_t kHelpWidth = 100;
constexpr std::size_t kFlagWidth = 28;

// `text` broken at spaces, every line but the first indented by `indent`.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string lines;
  std::size_t column = indent;
  for (const std::string& word : CLI::detail::split(text, ' ')) {
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

std::string help_of(const CLI::Option& option) {
  std::string flag = option.get_positional() ? option.get_name(true) : option.get_name(false, true);
  flag = CLI::detail::find_and_replace(flag, ",", ", ");
  if (!option.get_positional() && option.get_expected_max() > 0) flag += " " + option.get_type_name();
  const std::string gap = flag.size() + 2 < kFlagWidth ? std::string(kFlagWidth - 2 - flag.size(), ' ')
                                                       : "\n" + std::string(kFlagWidth, ' ');
  return "  " + flag + gap + wrapped(option.get_description(), kFlagWidth) + "\n";
}

// The flags as they are typed: "-k", "--n-components", ...
std::vector<std::string> known_flags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

// What CLI11 could not place: a mistyped flag before anything else, since its value is left over as well.
void refuse_leftovers(const CLI::App& app) {
  std::vector<std::string> leftovers = app.remaining();
  std::erase(leftovers, "--");  // which only ends the flags
  if (leftovers.empty()) return;
  const auto is_flag = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const auto flag = std::find_if(leftovers.begin(), leftovers.end(), is_flag);
  if (flag == leftovers.end()) throw UsageError(fmt::format("unexpected argument '{}'", leftovers.front()));
  const std::string name = flag->substr(0, flag->find('='));
  throw UsageError(fmt::format("unknown flag '{}'{}", name, did_you_mean(name, known_flags(app))));
}

// The name of a flag that the user typed, of those it has: -k or --n-components.
std::string as_typed(const CLI::App& app, const std::string& flag, const Arguments& arguments) {
  const auto is_typed = [&](const std::string& name) {
    const auto begins = [&](const std::string& word) { return word == name || word.starts_with(name + "="); };
    return std::ranges::any_of(arguments, begins);
  };
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_name() != flag) continue;
    for (const std::string& name : option->get_snames()) {
      if (is_typed("-" + name)) return "-" + name;
    }
  }
  return flag;
}

// CLI11 says "--seed: 1 required N missing" and "--seed: At Most 1 required but received 2".
std::string in_our_words(const CLI::App& app, const CLI::ParseError& error, const Arguments& arguments) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return text;
  const bool repeated = text.find("received") != std::string::npos;
  return fmt::format("{} {}", as_typed(app, text.substr(0, text.find(':')), arguments),
                     repeated ? "is given more than once" : "needs a value");
}

// An empty word, as of a script's variable that is not set, is not the same as no flag.
void refuse_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (value.empty())
        throw UsageError(fmt::format("{} is empty; give it a value or leave it out", option->get_name()));
    }
  }
}

std::string rule_of(std::size_t at_least) { return fmt::format("a whole number, {} or more", at_least); }
constexpr std::string_view kNumber = "a number";

template <class T>
T number_from(const std::string& flag, const std::string& text, std::string_view rule) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = end == text.data() + text.size();
  if (is_number && error == std::errc::result_out_of_range && text.find("e-") == std::string::npos) {
    throw UsageError(fmt::format("{} = {}; is too large; must be {}", flag, text, rule));
  }
  if (error != std::errc() || !is_number) throw UsageError(fmt::format("{} = {}; must be {}", flag, text, rule));
  return value;
}

template <class T, class Value>
CLI::Option* add_whole_number(CLI::App& app, const std::string& names, Value& value, const std::string& help,
                              std::size_t at_least) {
  const std::string flag = names.substr(0, names.find(','));
  const auto set = [=, &value](const std::string& text) {
    const T number = number_from<T>(flag, text, rule_of(at_least));
    if (number < at_least) throw UsageError(fmt::format("{} = {}; must be {}", flag, text, rule_of(at_least)));
    value = number;
  };
  return app.add_option_function<std::string>(names, set, help)->type_name("N");
}

}  // namespace

Verbosity GeneralFlags::verbosity() const {
  return quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
}

void add_general_flags(CLI::App& app, GeneralFlags& flags) {
  add_whole_number<std::uint64_t>(app, "--seed", flags.seed, "seed of the random generator (default 0)", 0)
      ->group("General");
  add_number(app, "--threads", flags.n_threads,
             "threads to use; the result does not depend on it (default 0: every processor)")
      ->group("General");
  CLI::Option* quiet = app.add_flag("-q,--quiet", flags.quiet, "say nothing but errors on standard error");
  CLI::Option* verbose = app.add_flag("-v,--verbose", flags.verbose, "say more on standard error");
  quiet->group("General")->excludes(verbose);
  verbose->group("General");
  app.set_help_flag("-h,--help", "print this help")->group("General");
}

void describe(CLI::App& app, const std::string& name, const std::string& summary, const std::string& examples) {
  app.name(name);
  app.description(summary);
  app.footer(examples);
  app.allow_extras();
}

bool parse(CLI::App& app, const Arguments& arguments) {
  try {
    // CLI11 takes the arguments last first.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", help_text(app));
    return false;
  } catch (const CLI::ParseError& error) {
    refuse_leftovers(app);
    throw UsageError(in_our_words(app, error, arguments));
  }
  refuse_leftovers(app);
  refuse_empty_values(app);
  return true;
}

std::string help_text(const CLI::App& app) {
  std::string text = app.get_description() + "\n\nExamples:\n";
  for (const std::string& example : CLI::detail::split(app.get_footer(), '\n')) text += "  " + example + "\n";

  const auto positional = [](const CLI::Option* option) { return option->get_positional(); };
  text += fmt::format("\nUsage: {} [flags]", app.get_name());
  for (const CLI::Option* option : app.get_options(positional)) text += " " + option->get_name(true);
  text += "\n";
  for (const CLI::Option* option : app.get_options(positional)) text += help_of(*option);

  for (const std::string& group : app.get_groups()) {
    const auto in_group = [&](const CLI::Option* option) {
      return option->get_group() == group && !option->get_positional();
    };
    const auto options = app.get_options(in_group);
    if (options.empty()) continue;
    text += fmt::format("\n{}:\n", group);
    for (const CLI::Option* option : options) text += help_of(*option);
  }
  return text;
}

CLI::Option* add_number(CLI::App& app, const std::string& names, std::size_t& value, const std::string& help,
                        std::size_t at_least) {
  return add_whole_number<std::size_t>(app, names, value, help, at_least);
}

CLI::Option* add_number(CLI::App& app, const std::string& names, std::optional<std::size_t>& value,
                        const std::string& help, std::size_t at_least) {
  return add_whole_number<std::size_t>(app, names, value, help, at_least);
}

CLI::Option* add_number(CLI::App& app, const std::string& names, unsigned& value, const std::string& help) {
  return add_whole_number<unsigned>(app, names, value, help, 0);
}

CLI::Option* add_number(CLI::App& app, const std::string& names, double& value, const std::string& help) {
  const std::string flag = names.substr(0, names.find(','));
  const auto set = [flag, &value](const std::string& text) { value = number_from<double>(flag, text, kNumber); };
  return app.add_option_function<std::string>(names, set, help)->type_name("N");
}

CLI::Option* add_names(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                       const std::string& help) {
  return app.add_option(names, values, help)->delimiter(',')->allow_extra_args(false)->type_name("NAME,...");
}

std::size_t choose(std::string_view flag, const std::string& word, const std::vector<std::string>& words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found != words.end()) return static_cast<std::size_t>(std::distance(words.begin(), found));
  throw UsageError(
      fmt::format("{} = {}; must be one of {}{}", flag, word, fmt::join(words, ", "), did_you_mean(word, words)));
}

}  // namespace mogul::cli
