// Temporary files beside their target: see the header.
#include "io/temporary_name.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace mogul {
namespace {

namespace fs = std::filesystem;

// The process that a temporary file's name has, or nothing for a file of another kind.
std::optional<pid_t> process_of(std::string_view name) {
  constexpr std::string_view kStart = ".mogul-";
  constexpr std::string_view kEnd = ".tmp";
  if (!name.starts_with(kStart) || !name.ends_with(kEnd)) return std::nullopt;
  const char* end = name.data() + name.size() - kEnd.size();
  pid_t process = 0;
  const auto pid = std::from_chars(name.data() + kStart.size(), end, process);
  if (pid.ec != std::errc() || pid.ptr == end || *pid.ptr != '-' || process <= 0) return std::nullopt;
  unsigned attempt = 0;
  const auto rest = std::from_chars(pid.ptr + 1, end, attempt);
  return rest.ec == std::errc() && rest.ptr == end ? std::optional(process) : std::nullopt;
}

void remove_if_stale(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return;
  struct stat status;
  const bool plain = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
  if (plain && ::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
  ::close(file);
}

}  // namespace

fs::path temporary_name(const fs::path& folder, int attempt) {
  return folder / fmt::format(".mogul-{}-{}.tmp", ::getpid(), attempt);
}

void remove_stale_files(const fs::path& folder) {
  // Not fs::directory_iterator, whose constructor that returns errors ends a process without memory.
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.empty() ? "." : folder.c_str()), ::closedir);
  if (entries == nullptr) return;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::optional<pid_t> process = process_of(entry->d_name);
    if (process && ::kill(*process, 0) != 0 && errno == ESRCH) remove_if_stale(folder / entry->d_name);
  }
}

}  // namespace mogul
