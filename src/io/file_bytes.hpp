// The bytes of an input file: mapped into memory where possible, read where not. First step of reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mogul {

/// Holds the bytes of a file, or of standard input for "-".
class FileBytes {
 public:
  /// @throws io_error naming the path and the system's reason
  explicit FileBytes(const std::string& path);
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  std::string_view view() const;

 private:
  void* mapping_ = nullptr;  // null: the bytes are in read_
  std::size_t mapped_size_ = 0;
  std::string read_;
};

/// What messages call the file of a path.
std::string display_name(const std::string& path);

}  // namespace mogul
