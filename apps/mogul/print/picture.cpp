#include "print/picture.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "mogul/error.hpp"
#include "mogul/output_file.hpp"
#include "mogul/plot.hpp"
#include "print/messages.hpp"
#include "print/streams.hpp"

extern char** environ;

namespace mogul::cli {

namespace {

Choices<PictureFormat> formats() {
  return {{"svg", PictureFormat::svg},
          {"html", PictureFormat::html},
          {"png", PictureFormat::png},
          {"pdf", PictureFormat::pdf}};
}

/// A file without a name, which its end removes.
class UnnamedFile {
 public:
  UnnamedFile() : file_(std::tmpfile(), std::fclose) {
    if (!file_) throw io_error(fmt::format("temporary file: {}", std::system_category().message(errno)));
  }
  int descriptor() const { return fileno(file_.get()); }

  void write(const std::string& text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size();
    if (!written || std::fflush(file_.get()) != 0) {
      throw io_error(fmt::format("temporary file: {}", std::system_category().message(errno)));
    }
    std::rewind(file_.get());
  }
  std::string read() {
    std::rewind(file_.get());
    std::string text;
    std::array<char, 1 << 16> piece;
    while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file_.get())) text.append(piece.data(), n);
    return text;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// Through files without names rather than pipes: neither side can wait for the other.
std::string converted(const std::string& svg, const char* format) {
  UnnamedFile input;
  UnnamedFile output;
  input.write(svg);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDOUT_FILENO);
  std::string program = "rsvg-convert";
  std::string flag = fmt::format("--format={}", format);
  std::string zoom = fmt::format("--zoom={}", std::string_view(format) == "png" ? 2 : 1);
  std::array<char*, 4> arguments{program.data(), flag.data(), zoom.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) {
    throw io_error(
        fmt::format("{} is made by rsvg-convert, which is not installed; on Debian: apt-get install "
                    "librsvg2-bin; .svg and .html need nothing",
                    format));
  }
  if (error != 0) throw io_error(fmt::format("rsvg-convert: {}", std::system_category().message(error)));
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw io_error("rsvg-convert could not convert the picture");
  return output.read();
}

std::string in_format(PictureFormat format, const std::string& svg, const std::string& title) {
  switch (format) {
    case PictureFormat::svg: return svg;
    case PictureFormat::html: return picture_page(svg, title);
    case PictureFormat::png: return converted(svg, "png");
    case PictureFormat::pdf: return converted(svg, "pdf");
  }
  return svg;
}

bool to_file(const PictureFlags& flags) { return !flags.path.empty() && flags.path != "-"; }

std::optional<PictureFormat> format_of_ending(std::string path) {
  std::ranges::transform(path, path.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [name, format] : formats()) {
    if (path.ends_with('.' + name)) return format;
  }
  return std::nullopt;
}

}  // namespace

void add_picture_flags(CommandLine& line, PictureFlags& flags) {
  FlagGroup output = line.group("Output");
  output.add_text("-o,--output", "FILE", flags.path,
                  "file for the picture; the ending .svg, .html, .png or .pdf sets the format (default: standard "
                  "output, not a terminal)");
  output.add_choice("--format", formats(), flags.format,
                    "default svg; html is a page with the picture; png and pdf are made by rsvg-convert");
}

PictureFormat picture_format(const PictureFlags& flags) {
  if (!to_file(flags) && stdout_is_terminal()) {
    throw UsageError("a picture is not for a terminal: add -o FILE.svg (or .html, .png, .pdf), or redirect");
  }
  if (flags.format) return *flags.format;
  if (!to_file(flags)) return PictureFormat::svg;
  if (const auto format = format_of_ending(flags.path)) return *format;
  throw UsageError(fmt::format("--output = {}; must end in .svg, .html, .png or .pdf, or --format must say which it is",
                               flags.path));
}

void write_picture(const PictureFlags& flags, const std::string& svg, const std::string& title) {
  const std::string bytes = in_format(picture_format(flags), svg, title);
  if (!to_file(flags)) return write_stdout(bytes);
  OutputFile file(flags.path);
  file.stream() << bytes;
  file.commit();
}

}  // namespace mogul::cli
