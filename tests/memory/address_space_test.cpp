// Less and less address space: a call does all it does with enough, or throws std::bad_alloc; it never ends the process
// or hangs, whatever the system refuses: panels, stacks of threads, maps of files, exceptions themselves.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "memory/limited_process.hpp"
#include "mogul/mogul.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Outcome;
using test::with_limit;

constexpr std::size_t kFeatures = 16;

Matrix rows() {
  oracle::Dice dice(4);
  Matrix x(40'000, kFeatures);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (double& value : x.row(i)) value = dice.normal() + 4.0 * static_cast<double>(i % 3);
  }
  return x;
}

FitOptions options() {
  FitOptions options;
  options.n_components = 3;
  options.max_iter = 2;
  options.n_threads = 4;
  return options;
}

// From no space at all until several limits in a row are enough.
void expect_done_or_out_of_memory(const std::function<bool()>& is_right) {
  if (!test::kCanLimit) GTEST_SKIP() << "a sanitizer needs the address space";
  std::map<Outcome, int> outcomes;
  int in_a_row = 0;
  for (std::size_t bytes = 0; in_a_row < 3 && bytes < std::size_t{1} << 30; bytes += bytes / 4 + (300 << 10)) {
    const Outcome outcome = with_limit(bytes, is_right);
    ++outcomes[outcome];
    in_a_row = outcome == Outcome::done ? in_a_row + 1 : 0;
    ASSERT_TRUE(outcome == Outcome::done || outcome == Outcome::out_of_memory)
        << "outcome " << static_cast<int>(outcome) << " with " << bytes << " bytes";
  }
  EXPECT_EQ(in_a_row, 3) << "never enough";
}

TEST(AddressSpace, Fit) {
  const Matrix x = rows();
  const Mixture expected = fit(x, options()).mixture;
  expect_done_or_out_of_memory([&] { return fit(x, options()).mixture == expected; });
}

TEST(AddressSpace, Scores) {
  const Matrix x = rows();
  const Mixture model = fit(x, options()).mixture;
  const Evaluation expected = evaluate(model, x, 4);
  expect_done_or_out_of_memory(
      [&] { return evaluate(model, x, 4) == expected && labels(model, x, 4).size() == x.rows(); });
}

TEST(AddressSpace, Sample) {
  const Mixture model = fit(rows(), options()).mixture;
  const Sample expected = sample(model, 50'000, 1, 4);
  expect_done_or_out_of_memory([&] { return sample(model, 50'000, 1, 4).x == expected.x; });
}

TEST(AddressSpace, Files) {
  const auto folder = std::filesystem::temp_directory_path() / ("mogul_space_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const Matrix x = rows();
  const Dataset data(x);
  const std::string csv = (folder / "rows.csv").string();
  const std::string npy = (folder / "rows.npy").string();
  const std::string json = (folder / "model.json").string();
  const ModelFile model{fit(x, options()).mixture, {}, {}, {}};
  write_csv(csv, data, data.column_names());
  write_npy(npy, x.view());
  expect_done_or_out_of_memory([&] { return std::get<Matrix>(read_dataset(csv).values()) == x; });
  expect_done_or_out_of_memory([&] { return std::get<Matrix>(read_dataset(npy).values()) == x; });
  expect_done_or_out_of_memory([&] {
    write_model(json, model);
    return read_model(json).mixture == model.mixture;
  });
  std::filesystem::remove_all(folder);
}

// No more threads than there are: those that run do all the work.
TEST(AddressSpace, NoThreadsAtAll) {
  const Matrix x = rows();
  const Mixture expected = fit(x, options()).mixture;
  EXPECT_EQ(with_limit(std::size_t{1} << 30,
                       [&] {
                         if (geteuid() == 0 && setuid(65534) != 0) return false;  // root's threads are not limited
                         const rlimit one{1, 1};
                         return setrlimit(RLIMIT_NPROC, &one) == 0 && fit(x, options()).mixture == expected;
                       }),
            Outcome::done);
}

// Sizes that no memory holds, and whose product exceeds every integer.
TEST(AddressSpace, SizesBeyondAllMemoryAreErrors) {
  const Mixture model(mogul::families::spherical, {1}, Matrix(1, 3), {1});
  for (const int power : {40, 50, 60, 61, 62, 63}) {
    EXPECT_THROW(sample(model, std::size_t{1} << power), out_of_memory) << power;
    EXPECT_THROW(Matrix(std::size_t{1} << power, 3), out_of_memory) << power;
  }
  EXPECT_THROW(covariance_size(mogul::families::full, 1, std::size_t{1} << 32), out_of_memory);
  EXPECT_THROW(covariance_size(mogul::families::tied, 1, std::size_t{1} << 32), out_of_memory);
  EXPECT_THROW(covariance_size(mogul::families::diagonal, std::size_t{1} << 32, std::size_t{1} << 32), out_of_memory);
}

}  // namespace
}  // namespace mogul
