// The three standard streams: open whatever the parent left, and written without ending the process.
#include "print/streams.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "mogul/error.hpp"

namespace mogul::cli {

namespace {

thread_local volatile sig_atomic_t t_writes_message = 0;

// A reader of the data that closes the pipe early, as `head` does, ends mogul quietly; one of the messages does not.
extern "C" void on_broken_pipe(int) {
  if (t_writes_message != 0) return;
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}

// Opened the wrong way round, so that what is read or written there fails rather than vanishes.
void open_where_closed() {
  int descriptor = 0;
  for (const int mode : {O_WRONLY, O_RDONLY, O_WRONLY}) {
    const bool is_closed = fcntl(descriptor++, F_GETFD) == -1 && errno == EBADF;
    // The lowest free number is this one. A root without devices still has itself.
    if (is_closed && open("/dev/null", mode) == -1) open("/", O_RDONLY | O_DIRECTORY);
  }
}

}  // namespace

void prepare_streams() {
  open_where_closed();
  signal(SIGXFSZ, SIG_IGN);
  struct sigaction action = {};
  action.sa_handler = on_broken_pipe;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPIPE, &action, nullptr);  // some parents leave it ignored
}

void write_stderr(std::string_view text) noexcept {
  const int former = errno;
  t_writes_message = 1;
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0 || errno != EINTR) {
      break;
    }
  }
  t_writes_message = 0;
  errno = former;
}

void write_stdout(std::string_view text) {
  errno = 0;
  std::cout << text;
  finish_stdout();
}

void finish_stdout() {
  if (std::cout.flush()) return;
  const int error = errno == 0 ? EIO : errno;
  throw io_error(fmt::format("cannot write standard output: {}", std::generic_category().message(error)), error);
}

}  // namespace mogul::cli
