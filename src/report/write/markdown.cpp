// One table as Markdown.
#include <fmt/format.h>

#include "report/document.hpp"
#include "report/write/formula.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

// Markdown takes HTML, so that what is markup there is escaped first; then what ends a cell.
std::string markdown_cell(const std::string& text) {
  std::string out;
  for (const char c : escaped(text)) {
    if (c == '|' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string markdown_of(const Table& table) {
  std::string names = "|";
  std::string rule = "|";
  for (const Column& column : table.columns) {
    names += fmt::format(" {} |",
                         markdown_cell(column.heading.empty() ? name_shown(column.name) : prose_text(column.heading)));
    rule += column.is_text() && column.to_the_left ? " --- |" : " ---: |";
  }
  std::string out = names + "\n" + rule + "\n";
  for (std::size_t i = 0; i < table.n_rows(); ++i) {
    out += "|";
    for (const Column& column : table.columns) out += fmt::format(" {} |", markdown_cell(column.shown(i)));
    out += "\n";
  }
  return out;
}

}  // namespace mogul
