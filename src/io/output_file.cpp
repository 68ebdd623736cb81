// OutputFile: a temporary file in the target's own folder, renamed over the target by commit(). Where the file system
// can, it has no name until then, so that a process that is killed leaves nothing behind; a new target gets its name
// at once, and one that is replaced does between two system calls (temporary_name.hpp clears up after a kill there).
// Last stage of the data's path: every file that mogul writes goes through here.
#include "mogul/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
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

#include "base/message.hpp"
#include "io/temporary_name.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int error) {
  const char* cause = error == EFBIG ? " (the limit of the shell, ulimit -f, or of the file system)" : "";
  throw io_error(fmt::format("cannot write '{}': {}{}", one_line(path), std::generic_category().message(error), cause),
                 error);
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
  std::string open_file() const;
  void keep_owner_and_mode(const struct stat& old);
  bool appear_as_new_file();
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

std::string OutputFile::Impl::open_file() const { return fmt::format("/proc/self/fd/{}", buffer.descriptor); }

void OutputFile::Impl::open_temporary(const struct stat* old) {
  const fs::path folder = target.parent_path();
  remove_stale_files(folder);
  buffer.descriptor = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  if (buffer.descriptor >= 0 && ::access(open_file().c_str(), F_OK) != 0) {  // without /proc it cannot be named later
    ::close(std::exchange(buffer.descriptor, -1));
  }
  for (int i = 0; buffer.descriptor < 0; ++i) {
    fs::path name = temporary_name(folder, i);
    buffer.descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (buffer.descriptor >= 0) {
      temporary = std::move(name);                   // allocates nothing: what exists is known
    } else if (errno == EACCES || errno == EROFS) {  // of the folder, as the file was found to be writable
      const int error = errno;
      throw io_error(fmt::format("cannot write '{}': no new file can be made beside it: {}", one_line(path),
                                 std::generic_category().message(error)),
                     error);
    } else if (errno != EEXIST) {
      fail(path, errno);
    }
  }
  ::flock(buffer.descriptor, LOCK_EX | LOCK_NB);  // not stale: remove_stale_files() of others asks
  if (old != nullptr) keep_owner_and_mode(*old);
}

// As far as the system allows: others than root cannot give a file away.
void OutputFile::Impl::keep_owner_and_mode(const struct stat& old) {
  struct stat own;
  if (::fstat(buffer.descriptor, &own) != 0) fail(path, errno);
  constexpr auto kSame = static_cast<uid_t>(-1);
  bool group_kept = own.st_gid == old.st_gid;
  if (own.st_uid != old.st_uid || !group_kept) {
    group_kept =
        ::fchown(buffer.descriptor, old.st_uid, old.st_gid) == 0 || ::fchown(buffer.descriptor, kSame, old.st_gid) == 0;
  }
  const mode_t mode = old.st_mode & (group_kept ? 0777 : 0707);  // what the group might do is not for another one
  if (::fchmod(buffer.descriptor, mode) != 0) fail(path, errno);
}

// False: there is a file of that name.
bool OutputFile::Impl::appear_as_new_file() {
  if (!temporary.empty()) return false;
  if (::linkat(AT_FDCWD, open_file().c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  if (errno != EEXIST) fail(path, errno);
  return false;
}

// rename() needs a name, and link() cannot replace a file.
void OutputFile::Impl::name_temporary() {
  for (int i = 0; temporary.empty(); ++i) {
    fs::path name = temporary_name(target.parent_path(), i);
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
    if (!appear_as_new_file()) {
      name_temporary();
      if (::rename(temporary.c_str(), target.c_str()) != 0) fail(path, errno);
      temporary.clear();
    }
  }
  if (::close(std::exchange(buffer.descriptor, -1)) != 0) fail(path, errno);
}

OutputFile::OutputFile(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) { impl_->open(); }

OutputFile::~OutputFile() = default;

std::ostream& OutputFile::stream() { return impl_->stream; }

void OutputFile::commit() { impl_->commit(); }

}  // namespace mogul
