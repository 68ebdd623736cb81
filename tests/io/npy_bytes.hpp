// Makes NPY files in memory, for the tests of the readers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include "mogul/matrix.hpp"

namespace mogul::test {

inline std::string little_endian(std::size_t value, int n_bytes) {
  std::string bytes;
  for (int i = 0; i < n_bytes; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

inline std::string npy(int version, const std::string& header, const std::string& data) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  return bytes + little_endian(header.size(), version == 1 ? 2 : 4) + header + data;
}

inline std::string header(const std::string& descr, const std::string& shape, const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }   \n";
}

// The bytes of the numbers, column after column or row after row.
template <class T>
std::string data_bytes(const Matrix& x, bool fortran = false, bool big_endian = false) {
  std::string bytes;
  for (std::size_t i = 0; i < x.rows() * x.cols(); ++i) {
    const auto value = static_cast<T>(fortran ? x(i % x.rows(), i / x.rows()) : x.values()[i]);
    auto element = std::bit_cast<std::array<char, sizeof(T)>>(value);
    if (big_endian) std::ranges::reverse(element);
    bytes.append(element.data(), element.size());
  }
  return bytes;
}

/// The bits of a number of 16 bits that holds the value exactly, as halves can.
inline std::uint16_t half_bits(double value) {
  if (std::isnan(value)) return 0x7E00;
  const int sign = std::signbit(value) ? 0x8000 : 0;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(value), &exponent);  // in [0.5, 1)
  int bits = 0;
  if (value != 0) bits = (exponent + 14) << 10 | static_cast<int>(std::ldexp(fraction, 11) - 1024);
  return static_cast<std::uint16_t>(sign | bits);
}

/// A file of the matrix in C or Fortran order whose elements have the type "descr".
inline std::string npy_of(const Matrix& x, const std::string& descr, const std::string& shape, bool fortran = false) {
  const bool big = descr[0] == '>';
  const std::string type = descr.substr(1);
  const auto data = [&]() -> std::string {
    if (type == "f8") return data_bytes<double>(x, fortran, big);
    if (type == "f4") return data_bytes<float>(x, fortran, big);
    if (type == "i8") return data_bytes<std::int64_t>(x, fortran, big);
    if (type == "i4") return data_bytes<std::int32_t>(x, fortran, big);
    if (type == "i2") return data_bytes<std::int16_t>(x, fortran, big);
    if (type == "i1") return data_bytes<std::int8_t>(x, fortran, big);
    if (type == "u8") return data_bytes<std::uint64_t>(x, fortran, big);
    if (type == "u4") return data_bytes<std::uint32_t>(x, fortran, big);
    if (type == "u2") return data_bytes<std::uint16_t>(x, fortran, big);
    if (type == "u1" || type == "b1") return data_bytes<std::uint8_t>(x, fortran, big);
    Matrix halves(x.rows(), x.cols());
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < x.cols(); ++j) halves(i, j) = half_bits(x(i, j));
    }
    return data_bytes<std::uint16_t>(halves, fortran, big);
  };
  return npy(1, header(descr, shape, fortran ? "True" : "False"), data());
}

}  // namespace mogul::test
