// Elements of other types than float and double, as doubles.
#pragma once

#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>

namespace mogul::python {

using ReadElement = double (*)(const std::byte*);

/// Of whole numbers of 8 to 64 bits, truth values, and floats of 16, 32 and 64 bits in this machine's byte order; null
/// for others.
ReadElement reader_of(const nanobind::dlpack::dtype& type);

/// Whether elements can be read without a copy to where they are aligned.
template <class T>
bool is_aligned(const void* p) {
  return reinterpret_cast<std::uintptr_t>(p) % alignof(T) == 0;
}

}  // namespace mogul::python
