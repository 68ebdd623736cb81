// Elements of other types than float and double, as doubles.
#pragma once

#include <nanobind/ndarray.h>

#include <cstddef>

namespace mogul::python {

using ReadElement = double (*)(const std::byte*);

/// Of whole numbers of 8 to 64 bits, truth values, and floats of 16, 32 and 64 bits in this machine's byte order; null
/// for others.
ReadElement reader_of(const nanobind::dlpack::dtype& type);

}  // namespace mogul::python
