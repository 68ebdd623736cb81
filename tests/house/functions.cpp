#include "house/functions.hpp"

#include <algorithm>
#include <regex>

#include "house/source_tree.hpp"

namespace mogul::house {

namespace {

enum class Scope { container, function, other };  // container: a namespace or class

Scope scope_after(const std::string& head) {
  static const std::regex container(R"(^(inline |export )?(namespace|extern)\b|\b(class|struct|union|enum)\b[^()=]*$)");
  if (std::regex_search(head, container)) return Scope::container;
  const bool balanced = std::ranges::count(head, '(') == std::ranges::count(head, ')');
  const bool initialiser = std::regex_search(head, std::regex(R"([^=!<>]=\s*$|\breturn\b)"));
  return balanced && head.find(')') != std::string::npos && !initialiser ? Scope::function : Scope::other;
}

std::string one_line(std::string_view text) {
  std::string result = std::regex_replace(std::string(text), std::regex(R"(^\s*#.*)", std::regex::multiline), "");
  result = std::regex_replace(result, std::regex(R"(\s+)"), " ");
  result = std::regex_replace(result, std::regex(R"(^ ?((public|private|protected): )?)"), "");
  return result;
}

std::size_t line_of(std::string_view code, std::size_t position) {
  return 1 +
         static_cast<std::size_t>(std::count(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

}  // namespace

std::vector<Function> functions_of(std::string_view text) {
  const std::string code = code_only(text);
  std::vector<Function> found;
  std::vector<Scope> scopes;
  std::size_t head_begin = 0;
  Function current;
  const auto in_function = [&] { return std::ranges::find(scopes, Scope::function) != scopes.end(); };
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '{') {
      const bool inside = in_function();
      const std::string head = inside ? "" : one_line(std::string_view(code).substr(head_begin, i - head_begin));
      scopes.push_back(inside ? Scope::other : scope_after(head));
      if (scopes.back() == Scope::function) {
        const std::size_t first = code.find_first_not_of(" \n", head_begin);
        current = {head, line_of(code, first), 0};
      }
    } else if (code[i] == '}' && !scopes.empty()) {
      const Scope closed = scopes.back();
      scopes.pop_back();
      if (closed == Scope::function) {
        current.lines = line_of(code, i) - current.first_line + 1;
        found.push_back(current);
      }
    }
    if (code[i] == '{' || code[i] == '}' || code[i] == ';') head_begin = i + 1;
  }
  return found;
}

}  // namespace mogul::house
