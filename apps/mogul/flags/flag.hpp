// A flag or an argument of a verb, as it is declared: what is typed, what --help says of it, and what its value does.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace mogul::cli {

struct Flag {
  enum class Takes { nothing, value, list, several, help };

  std::string names;  ///< "-k,--n-components", or of an argument "DATA"
  Takes takes = Takes::value;
  std::string value_name = {};  ///< what --help calls the value: "N"
  std::string help = {};
  std::string group = {};  ///< its heading in --help
  /// Receives the values: one, or for a list and for several one or more. @throws UsageError
  std::function<void(const std::vector<std::string>& values)> set = {};

  bool is_argument() const { return !names.starts_with('-'); }
  std::vector<std::string> all_names() const;  ///< "-k", "--n-components"
  std::string first_name() const;              ///< "-k"
  std::string long_name() const;               ///< "--n-components", or the only name
};

}  // namespace mogul::cli
