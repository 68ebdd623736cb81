// The three standard streams: open whatever the parent left, and written without ending the process.
#pragma once

#include <string_view>

namespace mogul::cli {

/// The first thing in main(). A standard stream that is closed is opened on /dev/null, so that no file of ours takes
/// its number and receives messages: reading or writing it fails as if it were closed, and messages are dropped. A
/// file-size limit becomes an error of the write in place of a signal.
void prepare_streams();

/// Writes to standard error, and drops what cannot be written (disk full, reader gone). Async-signal-safe.
void write_stderr(std::string_view text) noexcept;

/// Writes to standard output. @throws io_error if it cannot be written
void write_stdout(std::string_view text);

/// Ends what was printed to std::cout. @throws io_error if any of it could not be written
void finish_stdout();

}  // namespace mogul::cli
