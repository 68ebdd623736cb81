// Documents and tables as plain text.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "report/document.hpp"
#include "report/write/formula.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kLine = 100;  // characters of a line of prose

// Names come from files: a terminal must not take what is in them for its commands, and a line must stay one.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

std::string heading_of(const Column& column) {
  return column.heading.empty() ? name_shown(one_line(column.name)) : prose_text(column.heading);
}

std::string padded(const std::string& text, std::size_t width, bool to_the_left) {
  const std::string blanks(width - std::min(width, n_characters(text)), ' ');
  return to_the_left ? text + blanks : blanks + text;
}

std::string wrapped(const std::string& prose) {
  const std::string text = one_line(prose);
  std::string out;
  std::size_t length = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (length > 0 && length + 1 + n_characters(word) > kLine) {
      out += '\n';
      length = 0;
    } else if (length > 0) {
      out += ' ';
      ++length;
    }
    out += word;
    length += n_characters(word);
    at = end + 1;
  }
  return out + "\n";
}

/// One block after the other, with an empty line before what needs one.
struct TextWriter {
  std::size_t most_rows;
  std::string out;

  void operator()(const Heading& heading) {
    const char line = heading.level <= 2 ? '=' : '-';
    out += fmt::format("\n{}\n{}\n", heading.text, std::string(n_characters(heading.text), line));
  }
  void operator()(const Paragraph& paragraph) { out += "\n" + wrapped(paragraph.text); }
  void operator()(const Prose& prose) { out += "\n" + wrapped(prose_text(prose.text)); }
  void operator()(const Formula& formula) { out += "    " + one_line(formula.text) + "\n"; }
  void operator()(const Command& command) { out += "    " + one_line(command.text) + "\n"; }
  void operator()(const Quantity& quantity) {
    out += fmt::format("    {} = {}\n", prose_text(quantity.text), number_text(quantity.value, quantity.digits));
  }
  void operator()(const Table& table) { out += "\n" + text_of(table, most_rows); }
  void operator()(const Figures&) {}
  void operator()(const Widget&) {}
};

}  // namespace

std::string text_of(const Table& table, std::size_t most_rows) {
  const std::vector<std::size_t> rows = rows_to_show(table, most_rows);
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells;
  for (const Column& column : table.columns) {
    std::vector<std::string>& of_column = cells.emplace_back();
    of_column.reserve(rows.size());
    std::size_t width = n_characters(heading_of(column));
    for (const std::size_t i : rows) {
      of_column.push_back(one_line(column.shown(i)));
      width = std::max(width, n_characters(of_column.back()));
    }
    widths.push_back(width);
  }
  std::string out = table.caption.empty() ? "" : one_line(table.caption) + "\n";
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t j = 0; j < widths.size(); ++j) {
      text += "  " + padded(cell(j), widths[j], table.columns[j].is_text() && table.columns[j].to_the_left);
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  };
  line([&](std::size_t j) { return heading_of(table.columns[j]); });
  for (std::size_t n = 0; n < rows.size(); ++n) {
    if (n > 0 && rows[n] != rows[n - 1] + 1) out += fmt::format("  ... {} more rows ...\n", rows[n] - rows[n - 1] - 1);
    line([&](std::size_t j) -> const std::string& { return cells[j][n]; });
  }
  return out;
}

std::string text_of(const Document& document, std::size_t most_rows) {
  TextWriter writer{most_rows, one_line(document.title) + "\n"};
  for (const Block& block : document.blocks) std::visit(writer, block);
  return writer.out;
}

}  // namespace mogul
