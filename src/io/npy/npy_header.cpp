// The dictionary at the start of an NPY file, read strictly; npy.cpp reads the numbers after it.
#include "io/npy/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/message.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

[[noreturn]] void fail(const std::string& name, std::string_view what) {
  throw invalid_data(fmt::format("{}: NPY header: {}", name, what));
}

// Recursive descent over the one Python literal that a header may hold: a dictionary of exactly the keys
// 'descr' (a string, or a list for structured types), 'fortran_order' (True or False) and 'shape' (a tuple of
// integers), in any order.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      value_of(key);
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (!rest_.empty()) fail(name_, fmt::format("'{}' after the dictionary", printable(rest_)));
    if (!has_descr_ || !has_order_ || !has_shape_) fail(name_, "must have the keys descr, fortran_order and shape");
    return header_;
  }

 private:
  void value_of(const std::string& key) {
    if (key == "descr" && !has_descr_) {
      has_descr_ = true;
      if (at('[')) {
        header_.fields = structured();
      } else {
        header_.descr = string();
      }
    } else if (key == "fortran_order" && !has_order_) {
      has_order_ = true;
      header_.fortran_order = boolean();
    } else if (key == "shape" && !has_shape_) {
      has_shape_ = true;
      header_.shape = tuple();
    } else {
      fail(name_, fmt::format("the key '{}' is repeated or unknown", printable(key)));
    }
  }

  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }

  bool at(char c) {
    skip_space();
    return rest_.starts_with(c);
  }

  bool accept(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool accept(std::string_view word) {
    skip_space();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(name_, fmt::format("'{}' where '{}' must be", printable(rest_), c));
  }

  std::string string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = rest_.find(quote);
    if (end == std::string_view::npos) fail(name_, "a string is never closed");
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  // The names in a list such as [('x', '<f8'), (('title', 'y'), '<f8', (2,)), ('z', [('a', '<i4')])].
  std::vector<std::string> structured() {
    std::vector<std::string> names;
    expect('[');
    while (!accept(']')) {
      expect('(');
      if (accept('(')) {  // title and name
        string();
        expect(',');
        names.push_back(string());
        expect(')');
      } else {
        names.push_back(string());
      }
      while (accept(',')) skip_literal(0);
      expect(')');
      if (accept(',')) continue;
      expect(']');
      break;
    }
    if (names.empty()) fail(name_, "a structured type without fields");
    return names;
  }

  // A type or a shape inside a structured type, which are not looked at.
  void skip_literal(int depth) {
    constexpr int kMaxDepth = 20;
    if (depth > kMaxDepth) fail(name_, "a type is nested too deeply");
    if (at('\'') || at('"')) {
      string();
    } else if (at('[') || at('(')) {
      const char close = accept('[') ? ']' : ')';
      if (close == ')') expect('(');
      while (!accept(close)) {
        skip_literal(depth + 1);
        if (!accept(',') && !at(close)) expect(close);
      }
    } else if (!at(')')) {
      integer();
    }
  }

  bool boolean() {
    if (accept("True")) return true;
    if (accept("False")) return false;
    fail(name_, fmt::format("fortran_order is '{}'; must be True or False", printable(rest_)));
  }

  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> items;
    expect('(');
    while (!accept(')')) {
      items.push_back(integer());
      if (accept(',')) continue;
      expect(')');
      break;
    }
    return items;
  }

  std::size_t integer() {
    skip_space();
    std::size_t value = 0;
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (parsed.ec != std::errc()) {
      fail(name_, fmt::format("shape has '{}'; must be a count that fits in memory", printable(rest_)));
    }
    rest_.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest_.data()));
    accept('L');  // Python 2 wrote long integers so
    return value;
  }

  std::string_view rest_;
  const std::string& name_;
  NpyHeader header_;
  bool has_descr_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view bytes, const std::string& name) {
  constexpr std::size_t kVersionBytes = 2;
  const std::size_t size_at = kNpyMagic.size() + kVersionBytes;
  if (bytes.size() < size_at) fail(name, "the file ends early");
  const int major = static_cast<unsigned char>(bytes[kNpyMagic.size()]);
  const int minor = static_cast<unsigned char>(bytes[kNpyMagic.size() + 1]);
  if (major < 1 || major > 3 || minor != 0) {
    fail(name, fmt::format("version {}.{}; must be 1.0, 2.0 or 3.0", major, minor));
  }
  const std::size_t size_bytes = major == 1 ? 2 : 4;
  if (bytes.size() < size_at + size_bytes) fail(name, "the file ends early");
  const std::size_t size = little_endian(bytes.substr(size_at, size_bytes));
  const std::size_t text_at = size_at + size_bytes;
  if (bytes.size() - text_at < size) fail(name, "the file ends early");
  NpyHeader header = DictionaryParser(bytes.substr(text_at, size), name).parse();
  header.data_offset = text_at + size;
  return header;
}

std::string npy_header(std::size_t rows, std::size_t cols) {
  constexpr std::size_t kAlignment = 64;
  const std::size_t text_at = kNpyMagic.size() + 4;
  std::string text = fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", rows, cols);
  const std::size_t unpadded = text_at + text.size() + 1;
  text.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  text += '\n';
  std::string header(kNpyMagic);
  header += {'\x01', '\x00', static_cast<char>(text.size() % 256), static_cast<char>(text.size() / 256)};
  return header + text;
}

}  // namespace mogul
