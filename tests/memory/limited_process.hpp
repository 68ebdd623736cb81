// Work in a child process whose address space is limited. Twin: allocations.hpp.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <new>

namespace mogul::test {

/// Sanitizers take their shadow from the address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCanLimit = false;
#else
inline constexpr bool kCanLimit = true;
#endif

enum class Outcome { done, wrong, out_of_memory, other_error, killed };

inline std::size_t address_space() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Calls work() in a child process that may take `bytes` of address space in addition to what it inherits.
/// @param work  returns whether the result is right
template <class Work>
Outcome with_limit(std::size_t bytes, const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    const rlim_t most = address_space() + bytes;
    const rlimit limit{most, most};
    if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(static_cast<int>(Outcome::other_error));
    alarm(100);  // a hang is a failure
    Outcome outcome = Outcome::other_error;
    try {
      outcome = work() ? Outcome::done : Outcome::wrong;
    } catch (const std::bad_alloc&) {
      outcome = Outcome::out_of_memory;
    } catch (...) {
    }
    _exit(static_cast<int>(outcome));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::killed;
}

}  // namespace mogul::test
