// One table as Markdown.
#include <fmt/format.h>

#include "report/document.hpp"

namespace mogul {
namespace {

std::string markdown_cell(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string markdown_of(const Table& table) {
  std::string names = "|";
  std::string rule = "|";
  for (const Column& column : table.columns) {
    names += fmt::format(" {} |", markdown_cell(column.name));
    rule += column.is_text() ? " --- |" : " ---: |";
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
