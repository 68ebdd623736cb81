// What is said on standard error: errors, warnings, notes. Data never goes there.
#pragma once

#include <string>
#include <string_view>

namespace mogul::cli {

/// How much is said.
enum class Verbosity { quiet, normal, verbose };

bool stdout_is_terminal();

/// Standard error can redraw a line: a terminal, and TERM is not "dumb".
bool stderr_can_redraw();

/// Standard error may be coloured: it can redraw, and NO_COLOR is empty or absent (no-color.org).
bool stderr_can_colour();

/// The text with '?' for control characters but line ends: names come from files, and a terminal must not take
/// what is in them for its own commands.
std::string without_controls(std::string_view text);

/// "mogul: error: text".
void print_error(std::string_view text);
/// "mogul: warning: text".
void print_warning(std::string_view text);
/// The text alone, on a line.
void print_note(std::string_view text);

}  // namespace mogul::cli
