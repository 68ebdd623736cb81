// First step of reading: open, and read the whole file.
#include "io/file_bytes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/message.hpp"
#include "base/thread_pool.hpp"
#include "io/file_format.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : value(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)), owned_(path != "-") {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (owned_ && value >= 0) ::close(value);
  }
  const int value;

 private:
  bool owned_;
};

[[noreturn]] void fail(const std::string& path) {
  const int error = errno;
  throw io_error(fmt::format("cannot read '{}': {}", display_name(path), std::generic_category().message(error)),
                 error);
}

struct stat status_of(int descriptor, const std::string& path) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0) fail(path);
  return status;
}

bool changed(const struct stat& before, const struct stat& after) {
  return before.st_size != after.st_size || before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
         before.st_mtim.tv_nsec != after.st_mtim.tv_nsec;
}

// Reads bytes [begin, end) of a file. False: it ends before.
bool read_piece(int descriptor, const std::string& path, char* bytes, std::size_t begin, std::size_t end) {
  while (begin < end) {
    const ssize_t n = ::pread(descriptor, bytes + begin, end - begin, static_cast<off_t>(begin));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path);
    if (n == 0) return false;
    begin += static_cast<std::size_t>(n);
  }
  return true;
}

// Those of a pipe may never come, while the caller may want the work to end.
void wait_for_bytes(int descriptor) {
  constexpr int kMilliseconds = 20;
  pollfd bytes{descriptor, POLLIN, 0};
  int n = 0;
  do {
    check_interrupted();
    n = ::poll(&bytes, 1, kMilliseconds);
  } while (n == 0 || (n < 0 && errno == EINTR));
}

// Large memory comes in pages of 2 MiB where the system has them, so that reading into it is not held up page by page.
std::unique_ptr<char[]> allocate(std::size_t size) {
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  constexpr std::size_t kHugePage = std::size_t{1} << 21;
  void* start = bytes.get();
  if (std::size_t space = size; std::align(kHugePage, kHugePage, start, space) != nullptr) {
    ::madvise(start, space, MADV_HUGEPAGE);
  }
  return bytes;
}

[[noreturn]] void fail_changed(const std::string& path) {
  throw io_error(fmt::format("cannot read '{}': it changed while it was read; try again when no program writes to it",
                             display_name(path)));
}

}  // namespace

FileBytes::FileBytes(const std::string& path, unsigned n_threads) {
  constexpr std::size_t kStart = 1 << 16;  // shows what a file is, however large
  constexpr std::size_t kLarge = 1 << 23;  // where threads pay
  const Descriptor file(path);
  if (file.value < 0) fail(path);
  const struct stat before = status_of(file.value, path);
  const bool is_file = S_ISREG(before.st_mode);
  const std::size_t size = is_file ? static_cast<std::size_t>(before.st_size) : 0;  // 0 of files in /proc
  read_to_end(file.value, path, kStart);
  refuse_other_formats(view(), display_name(path));
  if (path != "-" && size > kLarge) {
    grow(size);
    if (!read_in_pieces(file.value, path, size, n_threads)) fail_changed(path);
  } else {
    grow(size + 1);  // 1 more shows the end
    read_to_end(file.value, path, std::numeric_limits<std::size_t>::max());
  }
  if (is_file && changed(before, status_of(file.value, path))) fail_changed(path);
}

void FileBytes::grow(std::size_t capacity) {
  if (capacity <= capacity_) return;
  auto larger = allocate(capacity);
  if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
  bytes_ = std::move(larger);
  capacity_ = capacity;
}

void FileBytes::read_to_end(int descriptor, const std::string& path, std::size_t at_most) {
  while (size_ < at_most) {
    if (size_ == capacity_) grow(capacity_ == 0 ? std::size_t{1} << 16 : 2 * capacity_);
    wait_for_bytes(descriptor);
    const ssize_t n = ::read(descriptor, bytes_.get() + size_, std::min(capacity_, at_most) - size_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path);
    if (n == 0) return;
    size_ += static_cast<std::size_t>(n);
  }
}

bool FileBytes::read_in_pieces(int descriptor, const std::string& path, std::size_t size, unsigned n_threads) {
  constexpr std::size_t kPiece = 1 << 22;
  std::atomic<bool> whole = true;
  ThreadPool(n_threads).run((size - size_ + kPiece - 1) / kPiece, [&](std::size_t i) {
    const std::size_t begin = size_ + i * kPiece;
    if (!read_piece(descriptor, path, bytes_.get(), begin, std::min(begin + kPiece, size))) whole = false;
  });
  size_ = size;
  return whole;
}

FileContent read_file(const std::string& path, unsigned n_threads) {
  FileBytes file(path, n_threads);
  const std::size_t size = file.view().size();
  return {display_name(path), std::move(file).release(), size};
}

std::string display_name(const std::string& path) { return path == "-" ? "standard input" : one_line(path); }

}  // namespace mogul
