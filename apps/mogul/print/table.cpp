// Rows of numbers under named columns, and how each format writes them.
#include "print/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>
#include <utility>

#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "mogul/table.hpp"

namespace mogul::cli {

namespace {

// Collects text and hands it on in large pieces.
class Pieces {
 public:
  explicit Pieces(std::ostream& stream) : stream_(stream) {}
  ~Pieces() { flush(); }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Args>(args)...);
    if (buffer_.size() > kPiece) flush();
  }

 private:
  static constexpr std::size_t kPiece = 1 << 16;
  void flush() {
    stream_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }
  std::ostream& stream_;
  fmt::memory_buffer buffer_;
};

std::string number_text(double value, char decimal) {
  if (std::isnan(value)) return "NA";
  std::string text = fmt::format("{}", value);
  std::ranges::replace(text, '.', decimal);
  return decimal == '.' ? text : csv_field(text);
}

void write_delimited(std::ostream& stream, const Table& table, char delimiter) {
  Pieces out(stream);
  const std::size_t n_kept = table.kept_names.size();
  std::vector<std::string> names = table.kept_names;
  names.insert(names.end(), table.names.begin(), table.names.end());
  out.add("{}\n", csv_header(names, delimiter));
  for (std::size_t i = 0; i < table.values.rows(); ++i) {
    for (std::size_t c = 0; c < n_kept; ++c) {
      if (c != 0) out.add("{}", delimiter);
      out.add("{}", csv_field(table.kept[i * n_kept + c]));
    }
    for (std::size_t d = 0; d < table.names.size(); ++d) {
      if (n_kept + d != 0) out.add("{}", delimiter);
      out.add("{}", number_text(table.values(i, d), table.decimal));
    }
    out.add("\n");
  }
}

std::string with_six_digits(double value) { return std::isnan(value) ? "NA" : fmt::format("{:.6g}", value); }

// For people: everything at the right, numbers with 6 significant digits.
mogul::Table shown(const Table& table) {
  const std::size_t n_kept = table.kept_names.size();
  mogul::Table text;
  const auto add = [&](const std::string& name, auto&& field) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < table.values.rows(); ++i) fields.push_back(field(i));
    text.columns.push_back({.name = name, .values = std::move(fields), .to_the_left = false});
  };
  for (std::size_t c = 0; c < n_kept; ++c) {
    add(table.kept_names[c], [&](std::size_t i) { return table.kept[i * n_kept + c]; });
  }
  for (std::size_t d = 0; d < table.names.size(); ++d) {
    add(table.names[d], [&](std::size_t i) { return with_six_digits(table.values(i, d)); });
  }
  return text;
}

// A field of the input: as it stands if it is a number of JSON (no 007), which keeps identifiers of many digits.
std::string json_field(const std::string& field) {
  if (field.empty()) return "null";
  const bool is_number = (field[0] == '-' || (field[0] >= '0' && field[0] <= '9')) && nlohmann::json::accept(field);
  return is_number ? field : json_string(field);
}

// One object per row: alone on its line, or as the elements of an array.
void write_objects(std::ostream& stream, const Table& table, bool as_array) {
  Pieces out(stream);
  const std::size_t n_kept = table.kept_names.size();
  std::vector<std::string> keys;
  for (const std::string& name : table.kept_names) keys.push_back(json_string(name));
  for (const std::string& name : table.names) keys.push_back(json_string(name));
  if (as_array) out.add("[\n");
  for (std::size_t i = 0; i < table.values.rows(); ++i) {
    for (std::size_t d = 0; d < keys.size(); ++d) {
      out.add("{}{}: {}", d == 0 ? "{" : ", ", keys[d],
              d < n_kept ? json_field(table.kept[i * n_kept + d]) : json_number(table.values(i, d - n_kept)));
    }
    out.add("{}", as_array && i + 1 < table.values.rows() ? "},\n" : "}\n");
  }
  if (as_array) out.add("]\n");
}

}  // namespace

void write_table(std::ostream& stream, const Table& table, Format format) {
  switch (format) {
    case Format::table: stream << text_of(shown(table), std::numeric_limits<std::size_t>::max()); return;
    case Format::markdown: stream << markdown_of(shown(table)); return;
    case Format::csv: return write_delimited(stream, table, ',');
    case Format::tsv: return write_delimited(stream, table, '\t');
    case Format::json: return write_objects(stream, table, true);
    case Format::jsonl: return write_objects(stream, table, false);
    case Format::npy: return write_npy(stream, table.values.view());
  }
}

std::vector<std::size_t> all_rows(const Matrix& values) {
  std::vector<std::size_t> rows(values.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

void keep_columns(Table& table, const TextColumns& input, const std::vector<std::size_t>& rows, char decimal) {
  for (std::string& name : table.names) {
    while (std::ranges::find(input.names, name) != input.names.end()) name += '_';
  }
  const auto width = static_cast<std::ptrdiff_t>(input.names.size());
  for (const std::size_t row : rows) {
    const auto first = input.fields.begin() + static_cast<std::ptrdiff_t>(row) * width;
    table.kept.insert(table.kept.end(), first, first + width);
  }
  table.kept_names = input.names;
  table.decimal = decimal;
}

Matrix with_dropped_rows(const Matrix& values, const std::vector<std::size_t>& dropped) {
  if (dropped.empty()) return values;
  Matrix all(values.rows() + dropped.size(), values.cols());
  auto next_dropped = dropped.begin();
  for (std::size_t i = 0, kept = 0; i < all.rows(); ++i) {
    if (next_dropped != dropped.end() && *next_dropped == i) {
      std::ranges::fill(all.row(i), std::numeric_limits<double>::quiet_NaN());
      ++next_dropped;
    } else {
      std::ranges::copy(values.row(kept++), all.row(i).begin());
    }
  }
  return all;
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string json_string(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace mogul::cli
