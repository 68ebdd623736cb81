#include "report/formula.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "report/markup.hpp"

namespace mogul {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSymbols{{{"mu", "&mu;"},
                                                                                 {"Sigma", "&Sigma;"},
                                                                                 {"sigma", "&sigma;"},
                                                                                 {"pi", "&pi;"},
                                                                                 {"lambda", "&lambda;"},
                                                                                 {"theta", "&theta;"},
                                                                                 {"sum", "&sum;"}}};

constexpr std::string_view kWordsAndSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_^-";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string_view word_at(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  return text.substr(0, n);
}

// A single letter is a variable; longer words are names of functions or plain words.
std::string word_html(std::string_view word) {
  for (const auto& [name, symbol] : kSymbols) {
    if (name == word) return std::string(symbol);
  }
  return word.size() == 1 ? fmt::format("<i>{}</i>", word) : std::string(word);
}

// What stands below or above: a run of letters and digits, a sign before it, or anything in parentheses.
std::string_view attached(std::string_view text) {
  if (text.starts_with('(')) {
    const std::size_t end = text.find(')');
    return text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  }
  std::size_t n = text.starts_with('-') ? 1 : 0;
  while (n < text.size() && is_word(text[n])) ++n;
  return text.substr(0, n);
}

}  // namespace

std::string formula_html(std::string_view formula) {
  std::string out;
  while (!formula.empty()) {
    const std::string_view word = word_at(formula);
    if (!word.empty()) {
      out += word_html(word);
      formula.remove_prefix(word.size());
    } else if ((formula[0] == '_' || formula[0] == '^') && !attached(formula.substr(1)).empty()) {
      const std::string_view part = attached(formula.substr(1));
      const bool in_parentheses = part.starts_with('(') && part.ends_with(')');
      const char* tag = formula[0] == '_' ? "sub" : "sup";
      out += fmt::format("<{0}>{1}</{0}>", tag, formula_html(in_parentheses ? part.substr(1, part.size() - 2) : part));
      formula.remove_prefix(1 + part.size());
    } else if (formula[0] == '-' && formula.size() > 1 && !is_letter(formula[1])) {
      out += "&minus;";
      formula.remove_prefix(1);
    } else {
      const std::size_t next = formula.find_first_of(kWordsAndSigns, 1);
      out += escaped(formula.substr(0, next));
      formula.remove_prefix(std::min(next, formula.size()));
    }
  }
  return out;
}

}  // namespace mogul
