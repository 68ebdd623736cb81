// The bytes of an input file, read into memory of our own. First step of reading.
//
// Files are not mapped: another program may shorten or rewrite one while it is read. A mapping then kills the process
// (SIGBUS) or shows other bytes to the second look at a line than to the first.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mogul {

/// Holds the bytes of a file, or of standard input for "-".
class FileBytes {
 public:
  /// @throws io_error naming the path and the system's reason, or that the file changed while it was read (by its size
  ///         and the time of its last change); invalid_data for a format that mogul does not read (file_format.hpp),
  ///         before the rest is read
  explicit FileBytes(const std::string& path, unsigned n_threads = 1);

  std::string_view view() const { return {bytes_.get(), size_}; }
  std::unique_ptr<char[]> release() && { return std::move(bytes_); }

 private:
  void grow(std::size_t capacity);
  void read_to_end(int descriptor, const std::string& path, std::size_t at_most);
  bool read_in_pieces(int descriptor, const std::string& path, std::size_t size, unsigned n_threads);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// What messages call the file of a path: one line, whatever the path holds.
std::string display_name(const std::string& path);

}  // namespace mogul
