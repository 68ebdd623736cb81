// Pictures and pages in the formats that people want: SVG and HTML as the library writes them, PNG and PDF through
// rsvg-convert.
#pragma once

#include <optional>
#include <string>

#include "flags/command_line.hpp"

namespace mogul::cli {

enum class PictureFormat { svg, html, png, pdf };

struct PictureFlags {
  std::string path;  ///< empty or "-": standard output
  std::optional<PictureFormat> format;
};
/// -o and --format of a verb that draws.
void add_picture_flags(CommandLine& line, PictureFlags& flags);

/// The format asked for, else that of the path's ending, else SVG.
/// @throws UsageError for an ending that is none, and for a picture on a terminal
PictureFormat picture_format(const PictureFlags& flags);

/// Writes an SVG document in the format, to the file or to standard output.
/// @param title  of the page, for HTML
/// @throws       io_error if it cannot be written, or rsvg-convert is missing or fails
void write_picture(const PictureFlags& flags, const std::string& svg, const std::string& title);

}  // namespace mogul::cli
