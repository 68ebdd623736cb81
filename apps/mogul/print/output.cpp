// What a verb prints: numbers under named columns, or a text, on standard output or in a file.
#include "print/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "mogul/io.hpp"
#include "print/messages.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

Choices<Format> formats() {
  return {{"table", Format::table}, {"csv", Format::csv},     {"tsv", Format::tsv},
          {"json", Format::json},   {"jsonl", Format::jsonl}, {"npy", Format::npy}};
}

std::string ending_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(dot + 1);
}

// Collects text and hands it on in large pieces.
class Pieces {
 public:
  explicit Pieces(std::ostream& stream) : stream_(stream) {}
  ~Pieces() { flush(); }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Args>(args)...);
    if (buffer_.size() > kPiece) flush();
  }

 private:
  static constexpr std::size_t kPiece = 1 << 16;
  void flush() {
    stream_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }
  std::ostream& stream_;
  fmt::memory_buffer buffer_;
};

// Right-aligned columns, numbers with 6 significant digits.
void write_aligned(std::ostream& stream, const Table& table) {
  Pieces out(stream);
  const std::size_t cols = table.names.size();
  std::vector<std::string> names;
  std::vector<std::size_t> widths;
  for (std::size_t d = 0; d < cols; ++d) {
    names.push_back(on_one_line(table.names[d]));
    std::size_t width = names[d].size();
    for (std::size_t i = 0; i < table.values.rows(); ++i) {
      width = std::max(width, fmt::formatted_size("{:.6g}", table.values(i, d)));
    }
    widths.push_back(width);
  }
  const auto gap = [](std::size_t d) { return d == 0 ? "" : "  "; };
  for (std::size_t d = 0; d < cols; ++d) out.add("{}{:>{}}", gap(d), names[d], widths[d]);
  out.add("\n");
  for (std::size_t i = 0; i < table.values.rows(); ++i) {
    for (std::size_t d = 0; d < cols; ++d) out.add("{}{:>{}.6g}", gap(d), table.values(i, d), widths[d]);
    out.add("\n");
  }
}

// One object per row: alone on its line, or as the elements of an array.
void write_objects(std::ostream& stream, const Table& table, bool as_array) {
  Pieces out(stream);
  std::vector<std::string> keys;
  for (const std::string& name : table.names) keys.push_back(json_string(name));
  if (as_array) out.add("[\n");
  for (std::size_t i = 0; i < table.values.rows(); ++i) {
    for (std::size_t d = 0; d < keys.size(); ++d) {
      out.add("{}{}: {}", d == 0 ? "{" : ", ", keys[d], json_number(table.values(i, d)));
    }
    out.add("{}", as_array && i + 1 < table.values.rows() ? "},\n" : "}\n");
  }
  if (as_array) out.add("]\n");
}

void write_formatted(std::ostream& stream, const Table& table, Format format) {
  switch (format) {
    case Format::table: return write_aligned(stream, table);
    case Format::csv: return write_csv(stream, table.values.view(), table.names);
    case Format::tsv: return write_csv(stream, table.values.view(), table.names, '\t');
    case Format::json: return write_objects(stream, table, true);
    case Format::jsonl: return write_objects(stream, table, false);
    case Format::npy: return write_npy(stream, table.values.view());
  }
}

}  // namespace

void add_output_flags(CommandLine& line, OutputFlags& flags, const std::string& what, const std::string& explained) {
  FlagGroup output = line.group("Output");
  output.add_text("-o,--output", "FILE", flags.path,
                  what + "; the ending .csv, .tsv, .json, .jsonl or .npy sets the format");
  output.add_choice("--format", formats(), flags.format, explained);
}

Format format_of(const OutputFlags& flags, Format fallback) {
  if (flags.format) return *flags.format;
  const std::string ending = ending_of(flags.path);
  for (const auto& [name, format] : formats()) {
    if (ending == name && format != Format::table) return format;
  }
  return fallback;
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string json_string(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Output::Output(const OutputFlags& flags, Format fallback) : flags_(flags), format_(format_of(flags, fallback)) {
  if (flags.to_file()) {
    const std::string ending = ending_of(flags.path);
    if (ending == "gz" || ending == "zst" || ending == "xz" || ending == "bz2") {
      throw UsageError(
          fmt::format("--output = {}; is not compressed: leave -o out and pipe into a compressor", flags.path));
    }
  } else if (format_ == Format::npy && stdout_is_terminal()) {
    throw UsageError("--format = npy; is binary and not for a terminal: add -o FILE.npy, or redirect");
  }
}

void Output::open() {
  if (flags_.to_file() && !file_) file_.emplace(flags_.path);
}

void Output::write(std::string_view text) {
  write_with([&](std::ostream& stream) {
    if (format_ == Format::table) {
      stream << without_controls(text);
    } else {
      stream << text;
    }
  });
}

void Output::write(const Table& table) {
  write_with([&](std::ostream& stream) { write_formatted(stream, table, format_); });
}

void Output::write_with(const std::function<void(std::ostream&)>& print) {
  open();
  if (file_) return print(file_->stream());  // which remembers its errors until commit()
  errno = 0;
  print(std::cout);
  finish_stdout();
}

void Output::commit() {
  if (file_) file_->commit();
}

}  // namespace mogul::cli
