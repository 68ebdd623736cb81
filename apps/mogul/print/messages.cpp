// What is said on standard error: errors, warnings, notes.
#include "print/messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace mogul::cli {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void print_marked(std::string_view mark, std::string_view colour, std::string_view message) {
  const std::string text = without_controls(message);
  if (stderr_can_colour()) {
    fmt::print(stderr, "mogul: \x1b[{}m{}:\x1b[0m {}\n", colour, mark, text);
  } else {
    fmt::print(stderr, "mogul: {}: {}\n", mark, text);
  }
}

}  // namespace

std::string without_controls(std::string_view text) {
  std::string shown(text);
  std::ranges::replace_if(
      shown, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; }, '?');
  return shown;
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

bool stderr_can_redraw() { return isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"; }

bool stderr_can_colour() { return stderr_can_redraw() && environment("NO_COLOR").empty(); }

void print_error(std::string_view text) { print_marked("error", "1;31", text); }

void print_warning(std::string_view text) { print_marked("warning", "1;33", text); }

void print_note(std::string_view text) { fmt::print(stderr, "{}\n", text); }

}  // namespace mogul::cli
