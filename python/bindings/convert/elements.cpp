#include "elements.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace mogul::python {
namespace {

namespace nb = nanobind;

// Elements of strided arrays need not be aligned.
template <class T>
T load(const std::byte* p) {
  T value;
  std::memcpy(&value, p, sizeof(T));
  return value;
}

template <class T>
double read(const std::byte* p) {
  return static_cast<double>(load<T>(p));
}

// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of mantissa.
double read_half(const std::byte* p) {
  const auto bits = load<std::uint16_t>(p);
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 1023;
  const double magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                           : exponent == 31 ? (mantissa == 0 ? INFINITY : NAN)
                                            : std::ldexp(1024 + mantissa, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

ReadElement pick(int bits, ReadElement of8, ReadElement of16, ReadElement of32, ReadElement of64) {
  switch (bits) {
    case 8: return of8;
    case 16: return of16;
    case 32: return of32;
    case 64: return of64;
    default: return nullptr;
  }
}

}  // namespace

ReadElement reader_of(const nb::dlpack::dtype& type) {
  if (type.lanes != 1) return nullptr;
  switch (static_cast<nb::dlpack::dtype_code>(type.code)) {
    case nb::dlpack::dtype_code::Int:
      return pick(type.bits, read<std::int8_t>, read<std::int16_t>, read<std::int32_t>, read<std::int64_t>);
    case nb::dlpack::dtype_code::UInt:
      return pick(type.bits, read<std::uint8_t>, read<std::uint16_t>, read<std::uint32_t>, read<std::uint64_t>);
    case nb::dlpack::dtype_code::Float: return pick(type.bits, nullptr, read_half, read<float>, read<double>);
    case nb::dlpack::dtype_code::Bool: return pick(type.bits, read<std::uint8_t>, nullptr, nullptr, nullptr);
    default: return nullptr;
  }
}

}  // namespace mogul::python
