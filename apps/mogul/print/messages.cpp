// What is said on standard error: errors, warnings, notes.
#include "print/messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "print/streams.hpp"

namespace mogul::cli {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// In one write, so that lines of several processes do not mix; in pieces where no memory is left for that.
void print_marked(std::string_view mark, std::string_view colour, std::string_view message) noexcept {
  try {
    const std::string text = on_one_line(message);
    write_stderr(stderr_can_colour() ? fmt::format("mogul: \x1b[{}m{}:\x1b[0m {}\n", colour, mark, text)
                                     : fmt::format("mogul: {}: {}\n", mark, text));
  } catch (const std::bad_alloc&) {
    for (const std::string_view piece : {std::string_view("mogul: "), mark, std::string_view(": "), message}) {
      write_stderr(piece);
    }
    write_stderr("\n");
  }
}

}  // namespace

std::string without_controls(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const bool c0 = (byte(i) < 0x20 && text[i] != '\n') || byte(i) == 0x7F;
    const bool c1 = byte(i) == 0xC2 && i + 1 < text.size() && byte(i + 1) >= 0x80 && byte(i + 1) < 0xA0;
    shown += c0 || c1 ? '?' : text[i];
    if (c1) ++i;
  }
  return shown;
}

std::string on_one_line(std::string_view text) {
  std::string shown = without_controls(text);
  for (char& c : shown) c = c == '\n' ? '?' : c;
  return shown;
}

std::string short_name(std::string_view name) {
  constexpr std::size_t kMost = 40;
  if (name.size() <= kMost) return on_one_line(name);
  std::size_t size = kMost;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80) --size;  // not within a character
  return on_one_line(name.substr(0, size)) + "...";
}

std::vector<std::string> short_names(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  shown.reserve(names.size());
  for (const std::string& name : names) shown.push_back(short_name(name));
  return shown;
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

bool stderr_can_redraw() { return isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"; }

bool stderr_can_colour() { return stderr_can_redraw() && environment("NO_COLOR").empty(); }

void print_error(std::string_view text) noexcept { print_marked("error", "1;31", text); }

void print_warning(std::string_view text) noexcept { print_marked("warning", "1;33", text); }

void print_remark(std::string_view text) noexcept { print_marked("note", "1;36", text); }

void print_note(std::string_view text) { write_stderr(on_one_line(text) + "\n"); }

void print_report(std::string_view text) { write_stderr(without_controls(text) + "\n"); }

}  // namespace mogul::cli
