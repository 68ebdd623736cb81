// What a verb prints: numbers under named columns, or a text, on standard output or in a file.
#include "print/output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iostream>

#include "print/messages.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

Choices<Format> formats() {
  return {{"table", Format::table}, {"markdown", Format::markdown}, {"csv", Format::csv}, {"tsv", Format::tsv},
          {"json", Format::json},   {"jsonl", Format::jsonl},       {"npy", Format::npy}};
}

std::string ending_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(dot + 1);
}

}  // namespace

void add_output_flags(CommandLine& line, OutputFlags& flags, const std::string& what, const std::string& explained) {
  FlagGroup output = line.group("Output");
  output.add_text("-o,--output", "FILE", flags.path,
                  what + "; the ending .csv, .tsv, .json, .jsonl, .npy or .md sets the format");
  output.add_choice("--format", formats(), flags.format, explained, {{"md", "markdown"}});
}

Format format_of(const OutputFlags& flags, Format fallback) {
  if (flags.format) return *flags.format;
  const std::string ending = ending_of(flags.path);
  if (ending == "md") return Format::markdown;
  for (const auto& [name, format] : formats()) {
    if (ending == name && format != Format::table) return format;
  }
  return fallback;
}

Output::Output(const OutputFlags& flags, Format fallback) : flags_(flags), format_(format_of(flags, fallback)) {
  if (flags.to_file()) {
    const std::string ending = ending_of(flags.path);
    if (ending == "gz" || ending == "zst" || ending == "xz" || ending == "bz2") {
      throw UsageError(fmt::format(
          "--output = {}; must not end like a compressed file: leave -o out and pipe into a compressor", flags.path));
    }
  } else if (format_ == Format::npy && stdout_is_terminal()) {
    throw UsageError("--format = npy is binary and not for a terminal: add -o FILE.npy, or redirect");
  }
}

void Output::require_text(std::string_view flag) const {
  if (format_ != Format::npy) return;
  throw UsageError(fmt::format("{} does not go with npy, which holds numbers only; choose another --format", flag));
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

void Output::write(const Table& table, char decimal) {
  write_with([&](std::ostream& stream) { write_table(stream, table, format_, decimal); });
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
