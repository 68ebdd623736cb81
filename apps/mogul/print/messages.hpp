// What is said on standard error: errors, warnings, notes. Data never goes there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// The same with '?' for line ends as well, as a name may hold one.
std::string on_one_line(std::string_view text);
/// The name of a column or a feature, which may have any length, as messages show it: its beginning, on one line.
std::string short_name(std::string_view name);
std::vector<std::string> short_names(const std::vector<std::string>& names);

/// "mogul: error: text", on one line. What standard error does not take is dropped, here and below.
void print_error(std::string_view text) noexcept;
/// "mogul: warning: text", on one line.
void print_warning(std::string_view text) noexcept;
/// "mogul: note: text", on one line.
void print_remark(std::string_view text) noexcept;
/// The text alone, on one line.
void print_note(std::string_view text);
/// A text of several lines.
void print_report(std::string_view text);

}  // namespace mogul::cli
