// A document: headings, sentences, formulas, tables and figures in the order in which they are read. Made once, written
// as text, JSON, Markdown or a page.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "mogul/table.hpp"
#include "report/figure/figure.hpp"

namespace mogul {

/// The beginning of a section.
struct Heading {
  std::string text;
  std::string name;  ///< its key in JSON and its anchor in a page: "step_1_means"
  int level = 2;     ///< 2 or 3
};

/// As it stands: what may hold names and messages.
struct Paragraph {
  std::string text;
};

/// A paragraph with formulas between dollar signs, which pages set as mathematics: "the means $mu_k$"; `$$` is a
/// dollar sign.
struct Prose {
  std::string text;
};

/// A line of mathematics in the symbols of docs/notation.md: "mu_k = sum_n r_nk x_n / N_k". formula.cpp sets it.
/// Names of features stand in square brackets.
struct Formula {
  std::string text;
};

/// A command, as it is typed.
struct Command {
  std::string text;
};

/// A number with a name, for programs, that stands in a sentence for people.
struct Quantity {
  std::string name;  ///< its key in JSON
  std::string text;  ///< "log-likelihood $L$", as in Prose
  double value;
  int digits = 10;
};

/// Figures beside each other.
struct Figures {
  std::vector<Figure> figures;
};

/// A part of a page that a script fills; text and JSON leave it out.
struct Widget {
  std::string id;
  std::string without_script;  ///< what a reader without scripts is told
};

using Block = std::variant<Heading, Paragraph, Prose, Formula, Command, Quantity, Table, Figures, Widget>;

struct Document {
  std::string title;
  std::vector<Block> blocks;
};

/// For terminals: no figures; tables of more than `most_rows` rows are cut, which is said.
std::string text_of(const Document& document, std::size_t most_rows = 20);
/// Every number in all its digits: {"title": ..., "sections": [{"name", "title", quantities and tables by their names,
/// "text", "formulas"}]}. A number that is not finite is null.
std::string json_of(const Document& document);

}  // namespace mogul
