#include "threads.hpp"

#include <sched.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace mogul::python {
namespace {

constexpr int kFromEnvironment = -1;

// Of the process, as that of every library that threadpoolctl knows.
std::atomic<int> limit{kFromEnvironment};

unsigned n_processors() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  return static_cast<unsigned>(CPU_COUNT(&allowed));
}

// The first of the numbers, which are those of nested levels; 0 without a number.
unsigned from_environment() {
  const char* text = std::getenv("OMP_NUM_THREADS");  // NOLINT(concurrency-mt-unsafe): Python holds its lock
  if (text == nullptr) return 0;
  while (*text == ' ') ++text;
  unsigned number = 0;
  std::from_chars(text, text + std::strlen(text), number);
  return number;
}

}  // namespace

unsigned default_threads() {
  const int told = limit;
  const unsigned most = told == kFromEnvironment ? from_environment() : static_cast<unsigned>(told);
  return most < n_processors() ? most : 0;  // a limit only lowers what the process may use
}

unsigned threads_from(const IntLike& n_threads) {
  const auto given = whole_from<unsigned>(n_threads, "n_threads");
  return given == 0 ? default_threads() : given;
}

void bind_threads(nb::module_& m) {
  m.def(
      "set_num_threads",
      [](const IntLike& n_threads) {
        const auto most = whole_from<unsigned>(n_threads, "n_threads");
        limit = static_cast<int>(most < n_processors() ? most : 0);
      },
      nb::arg("n_threads"),
      R"(Sets how many threads work where n_threads and n_jobs do not say it, in this process from now on.

Parameters
----------
n_threads : int
    At most; 0: as many as the process may use.)");
  m.def(
      "get_num_threads",
      [] {
        const unsigned most = default_threads();
        return most == 0 ? n_processors() : most;
      },
      "How many threads work at most where n_threads and n_jobs do not say it: what set_num_threads() or threadpoolctl "
      "were told, else what OMP_NUM_THREADS says, else all processors that the process may use.");
}

}  // namespace mogul::python
