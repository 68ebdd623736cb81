// Outputs must not replace what the same command reads.
#include "print/overwrite.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace fs = std::filesystem;

bool same_file(const std::string& a, const std::string& b) {
  std::error_code failed;  // as for a pipe: then it has no place
  const auto place = [&](const std::string& path) {
    return path.empty() ? fs::path() : fs::weakly_canonical(path == "-" ? "/dev/stdin" : path, failed);
  };
  const fs::path there = place(a);
  if (there.empty() || there != place(b)) return false;
  return !fs::exists(there, failed) || fs::is_regular_file(there, failed);
}

void refuse_overwriting(std::string_view flag, const std::string& output, const std::vector<InputFile>& inputs) {
  if (output.empty() || output == "-") return;
  for (const InputFile& input : inputs) {
    if (!same_file(output, input.path)) continue;
    throw UsageError(fmt::format("{} = {}; is also {}, which it would overwrite", flag, output, input.name));
  }
}

}  // namespace mogul::cli
