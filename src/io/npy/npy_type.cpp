// Types of NPY elements, and names for those that are no numbers: see the header.
#include "io/npy/npy_type.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "base/message.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::string_view kConvert = "convert it with astype('f8')";

[[noreturn]] void fail(const std::string& name, std::string_view what, std::string_view remedy) {
  throw invalid_data(fmt::format("{}: {}; {}", name, what, remedy));
}

[[noreturn]] void fail_structured(const NpyHeader& header, const std::string& name) {
  std::string fields;
  for (const std::string& field : header.fields) fields += (fields.empty() ? "" : ", ") + field;
  fail(name, fmt::format("a structured array of {}", printable(fields)),
       "save them as the columns of one array: numpy.lib.recfunctions.structured_to_unstructured(a)");
}

// For elements that are no real numbers.
[[noreturn]] void fail_type(const std::string& descr, char kind, const std::string& name) {
  const std::string type = fmt::format("(dtype '{}')", printable(descr));
  switch (kind) {
    case 'O': fail(name, fmt::format("an array of Python objects {}", type), kConvert);
    case 'c':
      fail(name, fmt::format("complex numbers {}", type), "save their parts as columns: numpy.c_[a.real, a.imag]");
    case 'S':
    case 'a':
    case 'U': fail(name, fmt::format("texts {}", type), kConvert);
    case 'M':
      fail(name, fmt::format("dates {}", type), "save them as numbers: (a - a.min()) / numpy.timedelta64(1, 's')");
    case 'm': fail(name, fmt::format("spans of time {}", type), "save them as numbers: a / numpy.timedelta64(1, 's')");
    case 'V': fail(name, fmt::format("raw bytes {}", type), "save numbers");
    case 'f': fail(name, fmt::format("real numbers of another size {}", type), kConvert);
    default: fail(name, fmt::format("dtype '{}' is not one of numbers", printable(descr)), kConvert);
  }
}

bool is_size_of(char kind, std::size_t size) {
  switch (kind) {
    case 'f': return size == 2 || size == 4 || size == 8;
    case 'i':
    case 'u': return size == 1 || size == 2 || size == 4 || size == 8;
    case 'b': return size == 1;
    default: return false;
  }
}

}  // namespace

float to_float(Half half) {
  const int exponent = half.bits >> 10 & 31;
  const auto fraction = static_cast<float>(half.bits & 1023);
  constexpr int kBias = 25;  // 15, and the 10 bits of the fraction
  float size;
  if (exponent == 31) {
    size = fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else {
    size = exponent == 0 ? std::ldexp(fraction, 1 - kBias) : std::ldexp(fraction + 1024, exponent - kBias);
  }
  return (half.bits & 0x8000) != 0 ? -size : size;
}

NpyType npy_type(const NpyHeader& header, const std::string& name) {
  if (!header.fields.empty()) fail_structured(header, name);
  std::string_view descr = header.descr;
  const char order =
      !descr.empty() && std::string_view("<>=|").find(descr[0]) != std::string_view::npos ? descr[0] : '=';
  if (!descr.empty() && descr[0] == order) descr.remove_prefix(1);
  const char kind = descr.empty() ? '\0' : descr[0];
  std::size_t size = 0;
  const char* end = descr.data() + descr.size();
  const bool is_number = !descr.empty() && std::from_chars(descr.data() + 1, end, size).ptr == end;
  if (!is_number || !is_size_of(kind, size) || (order == '|' && size != 1)) fail_type(header.descr, kind, name);

  NpyType type{.size = size};
  using enum NpyType::Kind;
  type.kind = kind == 'f' ? real : kind == 'i' ? whole : kind == 'u' ? natural : truth;
  const char native = std::endian::native == std::endian::little ? '<' : '>';
  type.swap_bytes = (order == '<' || order == '>') && order != native;
  return type;
}

}  // namespace mogul
