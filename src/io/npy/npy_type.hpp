// The type of the elements of an NPY file: what its header calls "descr". Between npy_header.cpp and npy.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "io/npy/npy_header.hpp"

namespace mogul {

/// A number of 16 bits, IEEE 754 binary16.
struct Half {
  std::uint16_t bits;
};

/// The value of a half: every one of them, infinities and NaN among them, is a float.
float to_float(Half half);

struct NpyType {
  enum class Kind { real, whole, natural, truth };

  Kind kind = Kind::real;
  std::size_t size = 0;     ///< bytes of an element
  bool swap_bytes = false;  ///< the file's byte order is not this machine's
};

/// Real numbers of 2, 4 or 8 bytes, integers of 1, 2, 4 or 8 with and without sign, and truth values; in either order.
/// @throws invalid_data naming the file, what its elements are, and what to do
NpyType npy_type(const NpyHeader& header, const std::string& name);

/// Calls visit(T{}) with the C++ type of the elements: Half, float, double, std::int8_t, ..., std::uint64_t, or bool.
/// @cost as many instances of visit as there are types
template <class Visit>
decltype(auto) visit_type(const NpyType& type, Visit&& visit) {
  using enum NpyType::Kind;
  switch (type.kind) {
    case whole:
      switch (type.size) {
        case 1: return visit(std::int8_t{});
        case 2: return visit(std::int16_t{});
        case 4: return visit(std::int32_t{});
        default: return visit(std::int64_t{});
      }
    case natural:
      switch (type.size) {
        case 1: return visit(std::uint8_t{});
        case 2: return visit(std::uint16_t{});
        case 4: return visit(std::uint32_t{});
        default: return visit(std::uint64_t{});
      }
    case truth: return visit(bool{});
    case real: break;
  }
  switch (type.size) {
    case 2: return visit(Half{});
    case 4: return visit(float{});
    default: return visit(double{});
  }
}

/// The element whose bytes these are.
/// @param bytes  sizeof(T) of them, at any alignment
template <class T>
T npy_element(const char* bytes, bool swap_bytes) {
  if constexpr (std::is_same_v<T, bool>) {
    return *bytes != 0;
  } else {
    char own[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) own[i] = bytes[swap_bytes ? sizeof(T) - 1 - i : i];
    T value;
    std::memcpy(&value, own, sizeof(T));
    return value;
  }
}

}  // namespace mogul
