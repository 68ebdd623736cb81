// First step of reading: open, then map or read the whole file.
#include "io/file_bytes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "mogul/error.hpp"

namespace mogul {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : value(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value > STDIN_FILENO) ::close(value);
  }
  const int value;
};

[[noreturn]] void fail(const std::string& path) {
  const int error = errno;
  throw io_error(fmt::format("cannot read '{}': {}", display_name(path), std::generic_category().message(error)),
                 error);
}

std::string read_all(int descriptor, const std::string& path) {
  constexpr std::size_t kStep = 1 << 16;
  std::string bytes;
  for (std::size_t size = 0;;) {
    if (bytes.size() < size + kStep) bytes.resize(2 * bytes.size() + kStep);
    const ssize_t n = ::read(descriptor, bytes.data() + size, bytes.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path);
    size += static_cast<std::size_t>(n);
    if (n == 0) {
      bytes.resize(size);
      return bytes;
    }
  }
}

}  // namespace

FileBytes::FileBytes(const std::string& path) {
  const Descriptor file(path);
  struct stat info;
  if (file.value < 0 || ::fstat(file.value, &info) != 0) fail(path);
  if (path != "-" && S_ISREG(info.st_mode) && info.st_size > 0) {
    const auto size = static_cast<std::size_t>(info.st_size);
    void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.value, 0);
    if (mapping != MAP_FAILED) {
      mapping_ = mapping;
      mapped_size_ = size;
      ::madvise(mapping, size, MADV_WILLNEED);
      return;
    }
  }
  read_ = read_all(file.value, path);
}

FileBytes::~FileBytes() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapped_size_);
}

std::string_view FileBytes::view() const {
  return mapping_ != nullptr ? std::string_view(static_cast<const char*>(mapping_), mapped_size_) : read_;
}

std::string display_name(const std::string& path) { return path == "-" ? "standard input" : path; }

}  // namespace mogul
