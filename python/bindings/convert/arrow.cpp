#include "arrow.hpp"

#include <fmt/format.h>
#include <nanobind/ndarray.h>

#include <string_view>
#include <utility>

#include "elements.hpp"
#include "mogul/error.hpp"

namespace mogul::python {
namespace {

namespace nb = nanobind;

// Moves what a capsule holds; the capsule is then empty, and releases nothing.
template <class T>
void take(nb::handle capsule, const char* name, T* out) {
  auto* held = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw nb::python_error();
  *out = std::exchange(*held, T{});
}

void check(int status, ArrowArrayStream* stream) {
  if (status == 0) return;
  const char* message = stream->get_last_error(stream);
  throw invalid_argument(
      fmt::format("x: its Arrow stream failed: {}", message == nullptr ? "no reason given" : message));
}

bool is_table(const ArrowSchema& schema) { return std::string_view(schema.format) == "+s"; }

// Format letters of columns of numbers; truth values are bits there, and not among them.
nb::dlpack::dtype type_of(const ArrowSchema& column) {
  using Code = nb::dlpack::dtype_code;
  const auto type = [](Code code, int bits) {
    return nb::dlpack::dtype{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(bits), 1};
  };
  const std::string_view format = column.format;
  if (format.size() == 1 && column.dictionary == nullptr) {
    if (const auto at = std::string_view("csil").find(format); at != std::string_view::npos)
      return type(Code::Int, 8 << at);
    if (const auto at = std::string_view("CSIL").find(format); at != std::string_view::npos)
      return type(Code::UInt, 8 << at);
    if (const auto at = std::string_view("efg").find(format); at != std::string_view::npos)
      return type(Code::Float, 16 << at);
  }
  return type(Code::Complex, 0);
}

// Of a column of numbers or a table, whose first buffer is the bitmap: without it there are no nulls. A count of -1 is
// one that was not made.
bool has_nulls(const ArrowArray& column) { return column.null_count != 0 && column.buffers[0] != nullptr; }

// Of a column that may begin within its buffer.
const std::byte* values_of(const ArrowArray& column, std::int64_t first_row, std::int64_t size) {
  return static_cast<const std::byte*>(column.buffers[1]) + (column.offset + first_row) * size;
}

}  // namespace

bool ArrowTable::is_offered_by(nb::handle x) {
  return nb::hasattr(x, "__arrow_c_stream__") || nb::hasattr(x, "__arrow_c_array__");
}

std::optional<ArrowTable> ArrowTable::from(nb::handle x) {
  ArrowTable table;
  if (nb::hasattr(x, "__arrow_c_array__")) {
    const nb::object pair = x.attr("__arrow_c_array__")();
    take(pair[0], "arrow_schema", table.schema_.get());
    take(pair[1], "arrow_array", table.array_.get());
  } else {
    ArrowOwner<ArrowArrayStream> stream;
    take(nb::object(x.attr("__arrow_c_stream__")()), "arrow_array_stream", stream.get());
    check(stream->get_schema(stream.get(), table.schema_.get()), stream.get());
    check(stream->get_next(stream.get(), table.array_.get()), stream.get());
    if (table.array_.released()) return std::nullopt;
    const ArrowOwner<ArrowArray> second;
    check(stream->get_next(stream.get(), second.get()), stream.get());
    if (!second.released()) return std::nullopt;
  }
  if (!is_table(*table.schema_.get())) throw invalid_argument("x: one Arrow column; must be a table of columns");
  if (has_nulls(*table.array_.get())) return std::nullopt;
  return table;
}

std::vector<std::string> ArrowTable::names() const {
  std::vector<std::string> names;
  for (std::int64_t d = 0; d < schema_->n_children; ++d) {
    const char* name = schema_->children[d]->name;
    names.emplace_back(name == nullptr ? "" : name);
  }
  return names;
}

template <class T>
std::optional<std::vector<const T*>> ArrowTable::columns() const {
  std::vector<const T*> columns;
  for (std::int64_t d = 0; d < schema_->n_children; ++d) {
    const ArrowArray& column = *array_->children[d];
    if (type_of(*schema_->children[d]) != nb::dtype<T>() || has_nulls(column)) return std::nullopt;
    const std::byte* values = values_of(column, array_->offset, sizeof(T));
    if (!is_aligned<T>(values)) return std::nullopt;
    columns.push_back(reinterpret_cast<const T*>(values));
  }
  return columns;
}

std::optional<std::vector<ConvertedView::Column>> ArrowTable::converted_columns() const {
  std::vector<ConvertedView::Column> columns;
  for (std::int64_t d = 0; d < schema_->n_children; ++d) {
    const ArrowArray& column = *array_->children[d];
    const nb::dlpack::dtype type = type_of(*schema_->children[d]);
    const ReadElement read = reader_of(type);
    if (read == nullptr || has_nulls(column)) return std::nullopt;
    columns.push_back({values_of(column, array_->offset, type.bits / 8), type.bits / 8, read});
  }
  return columns;
}

template std::optional<std::vector<const double*>> ArrowTable::columns() const;
template std::optional<std::vector<const float*>> ArrowTable::columns() const;

}  // namespace mogul::python
