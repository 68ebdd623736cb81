// Columns of other libraries' data frames, through Arrow's C data interface and its PyCapsules.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul::python {

/// @source  https://arrow.apache.org/docs/format/CDataInterface.html, whose structs these are
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

/// A schema or an array that is released when it goes.
template <class T>
class ArrowOwner {
 public:
  ArrowOwner() : value_(new T{}) {}
  T* get() const { return value_.get(); }
  T* operator->() const { return value_.get(); }
  bool released() const { return value_->release == nullptr; }

 private:
  struct Release {
    void operator()(T* value) const {
      if (value->release != nullptr) value->release(value);
      delete value;
    }
  };
  std::unique_ptr<T, Release> value_;
};

/// One batch of columns, borrowed from whoever exported it.
class ArrowTable {
 public:
  /// Whether an object has the method __arrow_c_stream__ or __arrow_c_array__.
  static bool is_offered_by(nanobind::handle x);
  /// Nothing if it comes in several batches, whose columns lie in pieces.
  /// @throws  invalid_argument if it is not a table
  static std::optional<ArrowTable> from(nanobind::handle x);

  std::size_t n_rows() const { return static_cast<std::size_t>(array_->length); }
  std::vector<std::string> names() const;
  /// Nothing unless every column is of T without nulls.
  template <class T>
  std::optional<std::vector<const T*>> columns() const;
  /// Nothing unless every column is of numbers without nulls.
  std::optional<std::vector<ConvertedView::Column>> converted_columns() const;

 private:
  ArrowOwner<ArrowSchema> schema_;
  ArrowOwner<ArrowArray> array_;
};

}  // namespace mogul::python
