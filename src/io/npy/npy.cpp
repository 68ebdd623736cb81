// The numbers of an NPY file -> rows (N, D), weights (N); the twin of csv_rows.cpp.
#include "io/npy/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/thread_pool.hpp"
#include "io/column_selection.hpp"
#include "io/message.hpp"
#include "io/npy/npy_header.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// The array as it stands in the file.
struct NpyTable {
  std::string_view name;
  const char* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t row_step = 0;  // elements between neighbours in a column
  std::size_t col_step = 0;  // elements between neighbours in a row
  bool swap_bytes = false;
};

template <class T>
T element(const NpyTable& table, std::size_t row, std::size_t col) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, table.data + (row * table.row_step + col * table.col_step) * sizeof(T), sizeof(T));
  if (table.swap_bytes) std::reverse(bytes, bytes + sizeof(T));
  return std::bit_cast<T>(bytes);
}

[[noreturn]] void fail_value(const NpyTable& table, std::size_t row, const std::string& column, double value,
                             std::string_view rule) {
  throw invalid_data(fmt::format("{}: row {}, column '{}': {}; {}", table.name, row + 1, column, value, rule));
}

// Names the first bad value of rows [begin, end), if there is one.
template <class T>
void check_rows(const NpyTable& table, const ColumnSelection& selection, std::size_t begin, std::size_t end) {
  for (std::size_t row = begin; row < end; ++row) {
    for (std::size_t i = 0; i < selection.features.size(); ++i) {
      const T value = element<T>(table, row, selection.features[i]);
      if (std::abs(value) <= kLargestValue) continue;
      const char* rule =
          std::isfinite(value) ? "must be at most 1e100 in magnitude; rescale it" : "must be finite; drop the row";
      fail_value(table, row, selection.names[i], value,
                 fmt::format("{}, or {}", rule, leave_out(selection.names[i], selection.features[i])));
    }
    if (!selection.weights) continue;
    const T weight = element<T>(table, row, *selection.weights);
    if (!(weight >= 0 && weight <= kLargestValue)) {
      fail_value(table, row, default_column_name(*selection.weights), weight, "a weight must be a number >= 0");
    }
  }
}

template <class T>
Dataset copy_rows(const NpyTable& table, ColumnSelection selection, unsigned n_threads) {
  constexpr std::size_t kBlockBytes = 1 << 18;  // column by column in such blocks, either order stays in cache
  const std::size_t n_features = selection.features.size();
  const std::size_t block = std::max<std::size_t>(1, kBlockBytes / (table.cols * sizeof(T)));
  std::vector<T> x(table.rows * n_features);
  std::vector<double> weights(selection.weights ? table.rows : 0);
  ThreadPool(n_threads).run((table.rows + block - 1) / block, [&](std::size_t i) {
    const std::size_t begin = i * block;
    const std::size_t end = std::min(begin + block, table.rows);
    check_rows<T>(table, selection, begin, end);
    for (std::size_t j = 0; j < n_features; ++j) {
      for (std::size_t row = begin; row < end; ++row) {
        x[row * n_features + j] = element<T>(table, row, selection.features[j]);
      }
    }
    for (std::size_t row = begin; row < end && selection.weights; ++row) {
      weights[row] = element<T>(table, row, *selection.weights);
    }
  });
  return Dataset(BasicMatrix<T>(table.rows, n_features, std::move(x)), std::move(selection.names), std::move(weights));
}

// Bytes per element of a dtype that is f4 or f8, else 0.
std::size_t element_size(std::string_view descr) {
  if (descr.size() == 3 && std::string_view("<>=").find(descr[0]) != std::string_view::npos) descr.remove_prefix(1);
  return descr == "f8" ? 8 : descr == "f4" ? 4 : 0;
}

NpyTable find_table(const NpyHeader& header, std::string_view bytes, const std::string& name) {
  const auto fail = [&](const std::string& what) { throw invalid_data(fmt::format("{}: {}", name, what)); };
  const std::size_t size = element_size(header.descr);
  if (size == 0) fail(fmt::format("dtype '{}'; must be f4 or f8; convert with astype('f8')", printable(header.descr)));
  if (header.shape.empty() || header.shape.size() > 2) {
    fail(fmt::format("an array of {} dimensions; must have 1 or 2", header.shape.size()));
  }
  NpyTable table{.name = name, .data = bytes.data() + header.data_offset};
  table.rows = header.shape[0];
  table.cols = header.shape.size() == 2 ? header.shape[1] : 1;
  const std::string shape = fmt::format("shape ({})", fmt::join(header.shape, ", "));
  if (table.rows == 0 || table.cols == 0) fail(shape + "; must have at least 1 row and 1 column");
  const std::size_t available = bytes.size() - header.data_offset;
  if (table.rows > available / size / table.cols) {
    fail(fmt::format("truncated: {} of {}-byte numbers, but {} bytes of them", shape, size, available));
  }
  if (const std::size_t needed = table.rows * table.cols * size; available != needed) {
    fail(fmt::format("{} bytes after the {} bytes of the array; must be none", available - needed, needed));
  }
  table.row_step = header.fortran_order ? 1 : table.cols;
  table.col_step = header.fortran_order ? table.rows : 1;
  const bool big_endian = header.descr[0] == '>';
  const bool little_endian = header.descr[0] == '<';
  table.swap_bytes = std::endian::native == std::endian::little ? big_endian : little_endian;
  return table;
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kNpyMagic); }

Dataset parse_npy(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  if (options.delimiter != '\0') throw invalid_argument(name + ": delimiter is for text; this is an NPY file");
  if (options.header == Header::yes) throw invalid_argument(name + ": header is for text; this is an NPY file");
  const NpyHeader header = parse_npy_header(bytes, name);
  const NpyTable table = find_table(header, bytes, name);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.cols; ++i) names.push_back(default_column_name(i));
  ColumnSelection selection = select_columns(names, options, name);
  return element_size(header.descr) == 8 ? copy_rows<double>(table, std::move(selection), options.n_threads)
                                         : copy_rows<float>(table, std::move(selection), options.n_threads);
}

}  // namespace mogul
