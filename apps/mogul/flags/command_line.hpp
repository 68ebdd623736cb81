// The command line of a verb: what may be typed, declared once, from which it is parsed and explained.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flags/flag.hpp"
#include "flags/flag_group.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

class CommandLine {
 public:
  /// What --help begins with. `examples` is one command a line.
  void describe(std::string name, std::string summary, std::string examples);

  /// An argument that must be given, such as DATA. Arguments come in the order in which they are declared.
  void add_argument(const std::string& name, std::string& value, const std::string& help);

  /// An argument that may be given several times, at least once; the last one of a verb.
  void add_arguments(const std::string& name, std::vector<std::string>& values, const std::string& help);

  /// The flags that are added through it have this heading in --help.
  FlagGroup group(std::string title) { return {flags_, std::move(title)}; }

  /// Two flags, by their long names, that may not both be given.
  void exclude(std::string one, std::string other) { exclusions_.emplace_back(std::move(one), std::move(other)); }

  /// Sets what follows the verb. False if help was asked for, which is then on standard output.
  /// @throws UsageError naming the flag, with the closest known one
  bool parse(const Arguments& arguments) const;

  /// What --help prints.
  std::string help() const;

 private:
  std::string name_;
  std::string summary_;
  std::string examples_;
  std::vector<Flag> flags_;
  std::vector<std::pair<std::string, std::string>> exclusions_;
};

}  // namespace mogul::cli
