// A file that appears whole or not at all. Every file that mogul writes goes through here.
#pragma once

#include <memory>
#include <ostream>
#include <string>

namespace mogul {

/// Writes to a temporary file beside `path`; commit() renames it to `path`. Without commit() the old file stays as it
/// was and the temporary one is removed. Where the file system has files without a name (O_TMPFILE), a process that is
/// killed leaves none either, but for a kill between the two last steps of commit() that replace an old file; such a
/// `.mogul-PID-N.tmp` is removed by the next OutputFile in the folder. A file that is replaced keeps its mode, and its
/// owner and group where the system allows it.
///
/// A path that exists and is not a regular file (a pipe, /dev/stdout) is written to directly, and a
/// symbolic link is followed.
class OutputFile {
 public:
  /// @throws io_error naming the path and the system's reason
  explicit OutputFile(std::string path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  std::ostream& stream();

  /// Flushes, closes and renames.
  /// @throws io_error if anything could not be written (disk full, ...)
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mogul
