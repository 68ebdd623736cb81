#include "io/csv/layout/column_names.hpp"

#include <string_view>
#include <unordered_set>

#include "io/csv/number_text.hpp"
#include "mogul/dataset.hpp"

namespace mogul {

std::string unquote(const CsvField& field) {
  if (!field.quoted) return std::string(field.text);
  std::string text;
  for (std::size_t i = 0; i < field.text.size(); ++i) {
    text += field.text[i];
    if (field.text[i] == '"' && i + 1 < field.text.size() && field.text[i + 1] == '"') ++i;
  }
  return text;
}

bool is_unnamed(std::string_view name) {
  name = without_blanks(name);
  constexpr std::string_view kUnnamed = "Unnamed: ";
  if (!name.starts_with(kUnnamed)) return name.empty();
  return name.find_first_not_of("0123456789._level", kUnnamed.size()) == std::string_view::npos;
}

ColumnNames name_columns(std::span<const CsvField> header) {
  ColumnNames result;
  std::unordered_set<std::string> taken;
  for (const CsvField& field : header) {
    std::string name = unquote(field);
    const bool given = !is_unnamed(name);
    if (given) taken.insert(name);
    result.given.push_back(given);
    result.names.push_back(given ? std::move(name) : std::string());
  }
  for (std::size_t i = 0; i < result.names.size(); ++i) {
    if (result.given[i]) continue;
    result.names[i] = default_column_name(i);
    while (!taken.insert(result.names[i]).second) result.names[i] += '_';
  }
  return result;
}

ColumnNames make_up_names(std::size_t n_columns) {
  ColumnNames result{{}, std::vector<bool>(n_columns, false)};
  for (std::size_t i = 0; i < n_columns; ++i) result.names.push_back(default_column_name(i));
  return result;
}

}  // namespace mogul
