// The number of processors that this process may use.
#include <algorithm>
#include <cerrno>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

#include "base/processor_quota.hpp"
#include "mogul/threads.hpp"

namespace mogul {
namespace {

#ifdef __linux__

// hardware_concurrency() counts what is online: since glibc 2.35, the C library does not look at the affinity.
unsigned n_allowed() {
  constexpr std::size_t kMostSets = 1024;  // of 1024 processors each
  for (std::size_t n_sets = 1; n_sets <= kMostSets; n_sets *= 2) {
    std::vector<cpu_set_t> allowed(n_sets);
    const std::size_t n_bytes = n_sets * sizeof(cpu_set_t);
    if (sched_getaffinity(0, n_bytes, allowed.data()) == 0) {
      return static_cast<unsigned>(CPU_COUNT_S(n_bytes, allowed.data()));
    }
    if (errno != EINVAL) break;  // which says that there are more processors
  }
  return std::thread::hardware_concurrency();
}

#else

unsigned n_allowed() { return std::thread::hardware_concurrency(); }

#endif

}  // namespace

unsigned available_threads() {
  const double n_processors = std::max(1U, n_allowed());
  return static_cast<unsigned>(std::min(n_processors, processor_quota()));
}

}  // namespace mogul
