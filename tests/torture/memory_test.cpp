// Memory beyond the data does not grow with the number of rows: the high-water mark of a child process that fits and
// scores N rows, above what it had before, is the same for 200,000 and for 2,000,000 rows.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace {

constexpr std::size_t kFeatures = 4;

// The high-water mark of this process's memory, VmHWM of /proc/self/status.
long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long value = 0;
    if (word == "VmHWM:" && status >> value) return value;
  }
  return -1;
}

// Runs `work` in a child process and returns by how many KiB it raised the high-water mark; -1 if it failed. Forking
// gives the child a mark of its own that starts at what it shares with its parent.
template <class Work>
long growth_kib(const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) {
    long growth = -1;
    try {
      const long before = peak_kib();
      work();
      growth = peak_kib() - before;
    } catch (...) {
    }
    const bool written = write(ends[1], &growth, sizeof growth) == sizeof growth;
    _exit(written ? 0 : 1);
  }
  long growth = -1;
  if (read(ends[0], &growth, sizeof growth) != sizeof growth) growth = -1;
  close(ends[0]);
  close(ends[1]);
  waitpid(child, nullptr, 0);
  return growth;
}

// Rows that wander through a small buffer again and again would need a stride of zero; instead one buffer of 2,000,000
// rows is made and touched before any child starts, and the small fit sees a part of it.
const std::vector<double>& buffer() {
  static const std::vector<double> values = [] {
    oracle::Dice dice(9);
    std::vector<double> out(2000000 * kFeatures);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = dice.uniform() + dice.uniform() + 3 * static_cast<double>(i / kFeatures % 4);
    }
    return out;
  }();
  return values;
}

void fit_and_score(std::size_t n_rows) {
  const mogul::DataView data(mogul::MatrixView<const double>(buffer().data(), n_rows, kFeatures));
  mogul::FitOptions options;
  options.n_components = 4;
  options.max_iter = 3;
  options.tol = 0;
  options.n_threads = 2;
  const mogul::FitResult result = fit(data, options);
  if (!std::isfinite(log_likelihood(result.mixture, data, 2) + entropy(result.mixture, data, 2))) throw 1;
}

TEST(Memory, BeyondTheDataDoesNotGrowWithTheNumberOfRows) {
  buffer();
  const long small = growth_kib([] { fit_and_score(200000); });
  const long large = growth_kib([] { fit_and_score(2000000); });
  ASSERT_GT(small, 0);
  ASSERT_GT(large, 0);
  // An array of size N or N x K would make a difference of 14 or 56 MiB.
  EXPECT_LT(std::abs(large - small), 8 * 1024)
      << "KiB: " << small << " for 200,000 rows, " << large << " for 2,000,000";
  EXPECT_LT(large, 64 * 1024) << "KiB beyond the input";
}

// The measure itself: it sees an array of size N.
TEST(Memory, AnArrayOfTheSizeOfNWouldShow) {
  buffer();
  const long growth = growth_kib([] {
    const std::vector<double> array(2000000, 1.0);
    if (array[1999999] != 1.0) throw 1;
  });
  EXPECT_GT(growth, 14 * 1024);
}

}  // namespace
