#include "report/write/formula.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSymbols{{{"mu", "&mu;"},
                                                                                 {"Sigma", "&Sigma;"},
                                                                                 {"sigma", "&sigma;"},
                                                                                 {"pi", "&pi;"},
                                                                                 {"lambda", "&lambda;"},
                                                                                 {"theta", "&theta;"},
                                                                                 {"sum", "&sum;"}}};

// Where something begins that is not set as it stands.
constexpr std::string_view kBeginnings = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_^-[ ";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string_view word_at(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  return text.substr(0, n);
}

// A single letter is a variable, and so are letters in an index; longer words are names of functions or plain words.
std::string word_html(std::string_view word, bool in_index) {
  for (const auto& [name, symbol] : kSymbols) {
    if (name == word) return std::string(symbol);
    if (word.starts_with('d') && name == word.substr(1)) return fmt::format("d{}", symbol);  // of a derivative
  }
  if (word == "dL") return "d<i>L</i>";
  return word.size() == 1 || (in_index && word.size() == 2) ? fmt::format("<i>{}</i>", word) : std::string(word);
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

// Digits, with a point and an exponent.
std::string_view number_at(std::string_view text) {
  const auto digits = [text](std::size_t from) {
    std::size_t n = from;
    while (n < text.size() && (is_digit(text[n]) || text[n] == '.')) ++n;
    return n;
  };
  std::size_t n = digits(0);
  const bool exponent = n > 0 && n + 2 < text.size() && text[n] == 'e' && (text[n + 1] == '-' || text[n + 1] == '+');
  if (exponent && is_digit(text[n + 2])) n = digits(n + 2);
  return text.substr(0, n);
}

// From the first bracket to the last one: a name may hold brackets itself.
std::string_view name_at(std::string_view text) {
  if (!text.starts_with('[')) return {};
  const std::size_t end = text.rfind(']');
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

// 2.6e-09 is 2.6 times a power of ten.
std::string number_html(std::string_view number) {
  const std::size_t e = number.find('e');
  if (e == std::string_view::npos) return std::string(number);
  std::string_view exponent = number.substr(e + 2);
  while (exponent.size() > 1 && exponent[0] == '0') exponent.remove_prefix(1);
  return fmt::format("{}&times;10<sup>{}{}</sup>", number.substr(0, e), number[e + 1] == '-' ? "&minus;" : "",
                     exponent);
}

std::string html_of(std::string_view formula, bool in_index) {
  std::string out;
  while (!formula.empty()) {
    const std::string_view word = word_at(formula);
    const std::string_view number = number_at(formula);
    const std::string_view name = name_at(formula);
    if (!name.empty()) {
      out += escaped(name);
      formula.remove_prefix(name.size());
    } else if (formula.starts_with(" * ")) {
      out += " &middot; ";
      formula.remove_prefix(3);
    } else if (!number.empty()) {
      out += number_html(number);
      formula.remove_prefix(number.size());
    } else if (!word.empty()) {
      out += word_html(word, in_index);
      formula.remove_prefix(word.size());
    } else if ((formula[0] == '_' || formula[0] == '^') && !attached(formula.substr(1)).empty()) {
      const std::string_view part = attached(formula.substr(1));
      const bool in_parentheses = part.starts_with('(') && part.ends_with(')');
      const char* tag = formula[0] == '_' ? "sub" : "sup";
      out += fmt::format("<{0}>{1}</{0}>", tag, html_of(in_parentheses ? part.substr(1, part.size() - 2) : part, true));
      formula.remove_prefix(1 + part.size());
    } else if (formula[0] == '-' && formula.size() > 1 && !is_letter(formula[1])) {
      out += "&minus;";
      formula.remove_prefix(1);
    } else {
      const std::size_t next = formula.find_first_of(kBeginnings, 1);
      out += escaped(formula.substr(0, next));
      formula.remove_prefix(std::min(next, formula.size()));
    }
  }
  return out;
}

struct Piece {
  std::string_view text;
  bool is_formula;
};

std::vector<Piece> pieces_of(std::string_view prose) {
  std::vector<Piece> pieces;
  bool in_formula = false;
  while (!prose.empty()) {
    const std::size_t end = std::min(prose.find('$'), prose.size());
    if (end > 0) pieces.push_back({prose.substr(0, end), in_formula});
    const bool is_dollar = !in_formula && prose.substr(end).starts_with("$$");
    if (is_dollar) pieces.push_back({prose.substr(end, 1), false});
    if (!is_dollar && end < prose.size()) in_formula = !in_formula;
    prose.remove_prefix(std::min(prose.size(), end + (is_dollar ? 2 : 1)));
  }
  return pieces;
}

}  // namespace

std::string formula_html(std::string_view formula) { return html_of(formula, false); }

std::string prose_html(std::string_view prose) {
  std::string out;
  for (const Piece& piece : pieces_of(prose)) out += piece.is_formula ? formula_html(piece.text) : escaped(piece.text);
  return out;
}

std::string breakable_prose_html(std::string_view prose) {
  std::string out;
  for (const Piece& piece : pieces_of(prose)) {
    out += piece.is_formula ? formula_html(piece.text) : breakable(piece.text);
  }
  return out;
}

std::string prose_text(std::string_view prose) {
  std::string out;
  for (const Piece& piece : pieces_of(prose)) out += piece.text;
  return out;
}

std::string as_prose(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '$' ? std::string("$$") : std::string(1, c);
  return out;
}

}  // namespace mogul
