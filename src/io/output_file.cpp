// OutputFile: a temporary file in the target's own folder, renamed over the target by commit(). Where the file system
// can, it has no name until then, so that a process that is killed leaves nothing behind.
// Last stage of the data's path: every file that mogul writes goes through here.
#include "mogul/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>

#include "mogul/error.hpp"

namespace mogul {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int error) {
  throw io_error(fmt::format("cannot write '{}': {}", path, std::generic_category().message(error)), error);
}

// A buffered stream over a file descriptor that remembers why a write failed, which std::ofstream does not.
class DescriptorBuffer : public std::streambuf {
 public:
  DescriptorBuffer() { setp(bytes_.data(), bytes_.data() + bytes_.size()); }

  int descriptor = -1;
  int error = 0;  // errno of the first failed write

 protected:
  int_type overflow(int_type next) override {
    if (sync() != 0) return traits_type::eof();
    if (!traits_type::eq_int_type(next, traits_type::eof())) {
      *pptr() = traits_type::to_char_type(next);
      pbump(1);
    }
    return traits_type::not_eof(next);
  }

  int sync() override {
    const char* from = pbase();
    while (error == 0 && from != pptr()) {
      const ssize_t written = ::write(descriptor, from, static_cast<std::size_t>(pptr() - from));
      if (written >= 0) {
        from += written;
      } else if (errno != EINTR) {
        error = errno;
      }
    }
    setp(bytes_.data(), bytes_.data() + bytes_.size());
    return error == 0 ? 0 : -1;
  }

 private:
  std::array<char, 1 << 16> bytes_;
};

// The file that a path means once its symbolic links are followed, even where that file does not exist yet.
// Nothing for a path of this process's own open files (/dev/stdout, /dev/fd/1): those cannot be replaced.
std::optional<fs::path> follow_links(fs::path path) {
  constexpr int kMaxLinks = 40;  // as many as Linux follows
  for (int i = 0; i < kMaxLinks; ++i) {
    const fs::path parent = path.parent_path();
    path = fs::canonical(parent.empty() ? "." : parent) / path.filename();
    if (path.native().starts_with("/proc/")) return std::nullopt;
    if (!fs::is_symlink(path)) return path;
    path = path.parent_path() / fs::read_symlink(path);
  }
  throw fs::filesystem_error("", std::make_error_code(std::errc::too_many_symbolic_link_levels));
}

}  // namespace

struct OutputFile::Impl {
  explicit Impl(std::string given) : path(std::move(given)), stream(&buffer) {}
  ~Impl() {
    if (buffer.descriptor >= 0) ::close(buffer.descriptor);
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }

  void open();
  void open_temporary(const struct stat* old);
  fs::path temporary_name(int attempt) const;
  std::string open_file() const;
  void name_temporary();
  void commit();

  std::string path;    // as the caller gave it, for messages
  fs::path target;     // what is replaced; empty if written to directly
  fs::path temporary;  // exists while not empty; the file may have no name before commit()
  DescriptorBuffer buffer;
  std::ostream stream;
};

void OutputFile::Impl::open() {
  struct stat old;
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) fail(path, EISDIR);
  if (!exists && fs::path(path).filename().empty()) fail(path, ENOENT);
  if (exists && ::access(path.c_str(), W_OK) != 0) fail(path, errno);
  if (!exists || S_ISREG(old.st_mode)) {
    try {
      target = follow_links(path).value_or("");
    } catch (const fs::filesystem_error& e) {
      fail(path, e.code().value());
    }
  }
  if (!target.empty()) return open_temporary(exists ? &old : nullptr);
  buffer.descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (buffer.descriptor < 0) fail(path, errno);
}

// The next name beside the target that may be free: one may be taken by another thread, or left by a killed process.
fs::path OutputFile::Impl::temporary_name(int attempt) const {
  return target.parent_path() / fmt::format(".mogul-{}-{}.tmp", ::getpid(), attempt);
}

std::string OutputFile::Impl::open_file() const { return fmt::format("/proc/self/fd/{}", buffer.descriptor); }

void OutputFile::Impl::open_temporary(const struct stat* old) {
  const fs::path folder = target.parent_path();
  buffer.descriptor = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  if (buffer.descriptor >= 0 && ::access(open_file().c_str(), F_OK) != 0) {  // without /proc it cannot be named later
    ::close(std::exchange(buffer.descriptor, -1));
  }
  for (int i = 0; buffer.descriptor < 0; ++i) {
    fs::path name = temporary_name(i);
    buffer.descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (buffer.descriptor >= 0) {
      temporary = std::move(name);  // allocates nothing: what exists is known
    } else if (errno != EEXIST) {
      fail(path, errno);
    }
  }
  if (old != nullptr && ::fchmod(buffer.descriptor, old->st_mode & 0777) != 0) fail(path, errno);
}

// rename() needs a name, and link() cannot replace a file.
void OutputFile::Impl::name_temporary() {
  for (int i = 0; temporary.empty(); ++i) {
    fs::path name = temporary_name(i);
    if (::linkat(AT_FDCWD, open_file().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      temporary = std::move(name);  // allocates nothing: what exists is known
    } else if (errno != EEXIST) {
      fail(path, errno);
    }
  }
}

void OutputFile::Impl::commit() {
  stream.flush();
  if (buffer.error != 0) fail(path, buffer.error);
  if (!stream) fail(path, EIO);
  if (!target.empty()) {
    if (::fsync(buffer.descriptor) != 0) fail(path, errno);
    name_temporary();
  }
  if (::close(std::exchange(buffer.descriptor, -1)) != 0) fail(path, errno);
  if (target.empty()) return;
  if (::rename(temporary.c_str(), target.c_str()) != 0) fail(path, errno);
  temporary.clear();
}

OutputFile::OutputFile(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) { impl_->open(); }

OutputFile::~OutputFile() = default;

std::ostream& OutputFile::stream() { return impl_->stream; }

void OutputFile::commit() { impl_->commit(); }

}  // namespace mogul
