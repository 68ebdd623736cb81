#include "threads.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "mogul/threads.hpp"

namespace mogul::python {
namespace {

constexpr unsigned kNoLimit = std::numeric_limits<unsigned>::max();

// What set_num_threads() was told, 0 before. Of the process, as that of every library that threadpoolctl knows.
std::atomic<unsigned> told{0};

// The first of the numbers, which are those of nested levels; no limit without a number.
unsigned from_environment() {
  const char* text = std::getenv("OMP_NUM_THREADS");  // NOLINT(concurrency-mt-unsafe): Python holds its lock
  if (text == nullptr) return kNoLimit;
  while (*text == ' ') ++text;
  unsigned number = 0;
  std::from_chars(text, text + std::strlen(text), number);
  return number == 0 ? kNoLimit : number;
}

}  // namespace

unsigned default_threads() {
  const unsigned limit = told;
  const unsigned most = limit == 0 ? from_environment() : limit;
  return std::min(most, available_threads());  // a limit only lowers what the process may use
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
        told = most == 0 ? kNoLimit : most;
      },
      nb::arg("n_threads"),
      R"(Sets how many threads work where n_threads and n_jobs do not say it, in this process from now on.

Parameters
----------
n_threads : int
    At most; 0: as many as the process may use.)");
  m.def(
      "get_num_threads", &default_threads,
      "How many threads work at most where n_threads and n_jobs do not say it: what set_num_threads() or threadpoolctl "
      "were told, else what OMP_NUM_THREADS says, else all processors that the process may use.");
}

}  // namespace mogul::python
