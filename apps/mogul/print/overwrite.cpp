// Outputs must not replace what the same command reads, or each other.
#include "print/overwrite.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

namespace fs = std::filesystem;

// The place of a file that does not exist: its folder, and the name that it would get there once links are followed.
fs::path future_place(fs::path path) {
  constexpr int kMaxLinks = 40;  // as many as Linux follows
  std::error_code failed;        // then there is no such place, which opening the file will tell
  for (int i = 0; i < kMaxLinks; ++i) {
    const fs::path parent = path.has_parent_path() ? path.parent_path() : ".";
    if (!fs::is_symlink(path, failed)) return fs::weakly_canonical(parent, failed) / path.filename();
    path = parent / fs::read_symlink(path, failed);
  }
  return {};
}

}  // namespace

bool same_file(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return false;
  std::error_code failed;
  const bool a_exists = fs::exists(a, failed);
  if (a_exists != fs::exists(b, failed)) return false;
  if (a_exists) return fs::is_regular_file(a, failed) && fs::equivalent(a, b, failed);
  const fs::path place = future_place(a);
  return !place.empty() && place == future_place(b);
}

void refuse_overwriting(std::string_view flag, const std::string& output, const std::vector<InputFiles>& inputs) {
  if (output.empty() || output == "-") return;
  for (const InputFiles& input : inputs) {
    for (const std::string& path : input.paths) {
      if (!same_file(output, path == "-" ? "/dev/stdin" : path)) continue;
      throw UsageError(
          fmt::format("{} = {}; must be another file than {}, which it would overwrite", flag, output, input.name));
    }
  }
}

}  // namespace mogul::cli
