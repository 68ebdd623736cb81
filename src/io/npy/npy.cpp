// The numbers of an NPY file -> rows (N, D), weights (N); the twin of csv_rows.cpp. Or integers, for labels.cpp.
#include "io/npy/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/message.hpp"
#include "base/thread_pool.hpp"
#include "io/column_selection.hpp"
#include "io/npy/npy_header.hpp"
#include "io/npy/npy_type.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// The array as it stands in the file.
struct NpyTable {
  std::string_view name;
  NpyType type;
  const char* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t row_step = 0;  // elements between neighbours in a column
  std::size_t col_step = 0;  // elements between neighbours in a row
};

template <class T>
T element(const NpyTable& table, std::size_t row, std::size_t col) {
  return npy_element<T>(table.data + (row * table.row_step + col * table.col_step) * sizeof(T), table.type.swap_bytes);
}

// What rows hold of elements of type T.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, float>, float, double>;

template <class T>
Stored<T> number(const NpyTable& table, std::size_t row, std::size_t col) {
  const T value = element<T>(table, row, col);
  if constexpr (std::is_same_v<T, Half>) {
    return to_float(value);
  } else {
    return static_cast<Stored<T>>(value);
  }
}

[[noreturn]] void fail_value(const NpyTable& table, std::size_t row, const std::string& column, double value,
                             std::string_view rule) {
  throw invalid_data(
      fmt::format("{}: row {}, column '{}': {}; {}", table.name, row + 1, printable(column), value, rule));
}

// Names the first bad value of a row, if there is one. Returns whether one is missing that may be.
template <class T>
bool check_row(const NpyTable& table, const ColumnSelection& selection, std::size_t row, Missing missing) {
  bool lacks_value = false;
  for (std::size_t i = 0; i < selection.features.size(); ++i) {
    const Stored<T> value = number<T>(table, row, selection.features[i]);
    if (std::abs(value) <= kLargestValue) continue;
    if (std::isnan(value) && missing == Missing::drop) {
      lacks_value = true;
      continue;
    }
    if (std::isnan(value)) {
      fail_value(table, row, selection.names[i], value,
                 "is a missing value; fill it in, or drop such rows (--missing drop)");
    }
    fail_value(table, row, selection.names[i], value,
               std::isfinite(value) ? "must be at most 1e100 in magnitude; rescale the column"
                                    : "must be finite; correct it, or delete the row");
  }
  if (!selection.weights) return lacks_value;
  const Stored<T> weight = number<T>(table, row, *selection.weights);
  if (std::isnan(weight) && missing == Missing::drop) return true;
  if (!(weight >= 0 && weight <= kLargestValue)) {
    fail_value(table, row, default_column_name(*selection.weights), weight, "a weight must be a number >= 0");
  }
  return lacks_value;
}

// Closes the gaps that rows without all their values leave, in rows of n values each.
template <class Value>
void keep_rows(std::vector<Value>& values, std::size_t n, const std::vector<char>& lacks_value) {
  auto end = values.begin();
  for (std::size_t row = 0; row < lacks_value.size(); ++row) {
    if (lacks_value[row] != 0) continue;
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * n);
    end = std::copy(first, first + static_cast<std::ptrdiff_t>(n), end);
  }
  values.erase(end, values.end());
}

template <class T>
Dataset copy_rows(const NpyTable& table, ColumnSelection selection, const ReadOptions& options, ReadReport& report) {
  constexpr std::size_t kBlockBytes = 1 << 18;  // column by column in such blocks, either order stays in cache
  const std::size_t n_features = selection.features.size();
  const std::size_t block = std::max<std::size_t>(1, kBlockBytes / (table.cols * sizeof(T)));
  std::vector<Stored<T>> x(table.rows * n_features);
  std::vector<double> weights(selection.weights ? table.rows : 0);
  std::vector<char> lacks_value(table.rows);
  ThreadPool(options.n_threads).run((table.rows + block - 1) / block, [&](std::size_t i) {
    const std::size_t begin = i * block;
    const std::size_t end = std::min(begin + block, table.rows);
    for (std::size_t row = begin; row < end; ++row) {
      lacks_value[row] = check_row<T>(table, selection, row, options.missing) ? 1 : 0;
    }
    for (std::size_t j = 0; j < n_features; ++j) {
      for (std::size_t row = begin; row < end; ++row) {
        x[row * n_features + j] = number<T>(table, row, selection.features[j]);
      }
    }
    for (std::size_t row = begin; row < end && selection.weights; ++row) {
      weights[row] = number<T>(table, row, *selection.weights);
    }
  });
  if (std::ranges::count(lacks_value, 1) > 0) {
    keep_rows(x, n_features, lacks_value);
    if (selection.weights) keep_rows(weights, 1, lacks_value);
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (lacks_value[row] != 0) report.dropped.push_back(row);
    }
    if (x.empty()) throw invalid_data(fmt::format("{}: every row has a missing value", table.name));
  }
  const std::size_t n_rows = x.size() / n_features;
  return Dataset(BasicMatrix<Stored<T>>(n_rows, n_features, std::move(x)), std::move(selection.names),
                 std::move(weights));
}

NpyTable find_table(std::string_view bytes, const std::string& name) {
  const NpyHeader header = parse_npy_header(bytes, name);
  const auto fail = [&](const std::string& what) { throw invalid_data(fmt::format("{}: {}", name, what)); };
  NpyTable table{.name = name, .type = npy_type(header, name), .data = bytes.data() + header.data_offset};
  if (header.shape.empty() || header.shape.size() > 2) {
    fail(fmt::format("an array of {} dimension{}; must have 1 or 2{}", header.shape.size(),
                     header.shape.size() == 1 ? "" : "s",
                     header.shape.empty() ? "" : ", a row for each observation: a.reshape(len(a), -1)"));
  }
  table.rows = header.shape[0];
  table.cols = header.shape.size() == 2 ? header.shape[1] : 1;
  const std::size_t size = table.type.size;
  const std::string shape = fmt::format("shape ({})", fmt::join(header.shape, ", "));
  if (table.rows == 0 || table.cols == 0) fail(shape + "; must have at least 1 row and 1 column");
  const std::size_t available = bytes.size() - header.data_offset;
  if (table.rows > available / size / table.cols) {
    fail(fmt::format("truncated: {} of {}-byte numbers, but {} bytes of them", shape, size, available));
  }
  if (const std::size_t needed = table.rows * table.cols * size; available != needed) {
    const bool another = is_npy(bytes.substr(header.data_offset + needed));
    fail(fmt::format("{} bytes after the {} bytes of the array; {}", available - needed, needed,
                     another ? "they are another array: save each in a file of its own" : "must be none"));
  }
  table.row_step = header.fortran_order ? 1 : table.cols;
  table.col_step = header.fortran_order ? table.rows : 1;
  return table;
}

template <class T>
std::int64_t integer(const NpyTable& table, std::size_t row) {
  const auto fail = [&](const auto& value, const char* rule) {
    throw invalid_data(fmt::format("{}: row {}: {}; {}", table.name, row + 1, value, rule));
  };
  constexpr const char* kRule = "must be one integer of at most 64 bits";
  if constexpr (std::is_integral_v<T>) {
    const T value = element<T>(table, row, 0);
    if (std::cmp_greater(+value, std::numeric_limits<std::int64_t>::max())) fail(value, kRule);
    return static_cast<std::int64_t>(value);
  } else {
    constexpr double kExact = 9007199254740992;  // 2^53: beyond it doubles skip integers
    const double value = number<T>(table, row, 0);
    if (std::isnan(value)) fail(value, "the row has no label; leave it out here and in the data");
    if (std::trunc(value) != value || std::abs(value) > kExact) fail(value, kRule);
    return static_cast<std::int64_t>(value);
  }
}

template <class T>
std::string text(const NpyTable& table, std::size_t row, std::size_t col) {
  if constexpr (std::is_integral_v<T>) {
    return fmt::format("{}", +element<T>(table, row, col));
  } else {
    const Stored<T> value = number<T>(table, row, col);
    return std::isnan(value) ? std::string() : fmt::format("{}", value);
  }
}

std::vector<std::string> names_of(const NpyTable& table) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.cols; ++i) names.push_back(default_column_name(i));
  return names;
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kNpyMagic); }

Dataset parse_npy(std::string_view bytes, const std::string& name, const ReadOptions& options, ReadReport& report) {
  for (const auto& [option, given] :
       {std::pair("delimiter", options.delimiter != '\0'), std::pair("header", options.header == Header::yes),
        std::pair("decimal", options.decimal != '.'), std::pair("comment", options.comment != '\0'),
        std::pair("skip_lines", options.skip_lines != 0)}) {
    if (given) throw invalid_argument(fmt::format("{}: {} is for text; this is an NPY file", name, option));
  }
  const NpyTable table = find_table(bytes, name);
  ColumnSelection selection = select_columns(names_of(table), options, name);
  return visit_type(table.type, [&]<class T>(T) { return copy_rows<T>(table, std::move(selection), options, report); });
}

std::vector<std::int64_t> parse_npy_integers(std::string_view bytes, const std::string& name,
                                             std::span<const std::size_t> dropped) {
  NpyTable table = find_table(bytes, name);
  if (table.rows == 1) {  // a row of labels is as good as a column of them
    std::swap(table.rows, table.cols);
    std::swap(table.row_step, table.col_step);
  }
  if (table.cols != 1) {
    throw invalid_data(fmt::format("{}: {} columns; must be one, of integers", name, table.cols));
  }
  std::vector<std::int64_t> integers;
  integers.reserve(table.rows);
  visit_type(table.type, [&]<class T>(T) {
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (!std::ranges::binary_search(dropped, row)) integers.push_back(integer<T>(table, row));
    }
  });
  return integers;
}

TextColumns parse_npy_text(std::string_view bytes, const std::string& name) {
  const NpyTable table = find_table(bytes, name);
  TextColumns columns{names_of(table), {}};
  columns.fields.reserve(table.rows * table.cols);
  visit_type(table.type, [&]<class T>(T) {
    for (std::size_t row = 0; row < table.rows; ++row) {
      for (std::size_t col = 0; col < table.cols; ++col) columns.fields.push_back(text<T>(table, row, col));
    }
  });
  return columns;
}

}  // namespace mogul
