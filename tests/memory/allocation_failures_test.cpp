// Each allocation of a call fails in turn: the call then does what it does with enough memory, to the byte, or throws
// std::bad_alloc; it never ends the process, and the next call finds nothing locked or half made.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "memory/allocations.hpp"
#include "mogul/mogul.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Ending;
using test::with_failure;

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max() - 1;

/// Fails one allocation after the other of call(), which returns what can be compared.
template <class Call>
void fail_each_allocation(const Call& call) {
  const auto expected = call();
  std::size_t n_allocations = 0;
  with_failure(
      kNone, [&] { call(); }, &n_allocations);
  ASSERT_GT(n_allocations, 0U);
  const std::size_t step = n_allocations / 2000 + 1;  // every one of a small call
  std::size_t n_refused = 0;
  for (std::size_t nth = 0; nth < n_allocations; nth += step) {
    auto found = expected;
    const Ending ending = with_failure(nth, [&] { found = call(); });
    n_refused += ending == Ending::out_of_memory;
    ASSERT_EQ(found, expected) << "allocation " << nth << " of " << n_allocations << " failed";
  }
  EXPECT_GT(n_refused, 0U);
  EXPECT_EQ(call(), expected) << "after all the failures";
}

// Two clusters, as many rows as make more than one chunk: workers take part.
const Matrix& rows() {
  static const Matrix x = [] {
    oracle::Dice dice(3);
    Matrix out(5000, 2);
    for (std::size_t i = 0; i < out.rows(); ++i) {
      for (double& value : out.row(i)) value = dice.normal() + 6.0 * static_cast<double>(i % 2);
    }
    return out;
  }();
  return x;
}

FitOptions options(CovarianceFamily structure = mogul::families::full) {
  FitOptions options;
  options.n_components = 2;
  options.covariance = structure;
  options.max_iter = 3;
  options.n_threads = 2;
  return options;
}

std::string result_of(const FitResult& fitted) {
  ModelFile file{fitted.mixture, {"a", "b"}, {}, fitted.report};
  file.report->seconds = {};
  return model_json(file);
}

TEST(AllocationFailures, Fit) {
  for (const auto& [structure, name] : test::plain_families()) {
    SCOPED_TRACE(name);
    FitOptions asked = options(structure);
    asked.init = InitMethod::kmeans_plus_plus;  // one start, where "kmeans" is a fit of four before it
    fail_each_allocation([&] {
      FitResult fitted = fit(rows(), asked);
      fitted.report.seconds = {};
      return fitted;
    });
  }
}

TEST(AllocationFailures, FitFromTheBestOfShortRuns) {
  Matrix few(60, 2);
  std::ranges::copy_n(rows().values().begin(), 120, few.row(0).begin());
  FitOptions asked = options();
  asked.n_threads = 1;
  fail_each_allocation([&] {
    FitResult fitted = fit(few, asked);
    fitted.report.seconds = {};
    return fitted;
  });
}

TEST(AllocationFailures, FitOfSeveralRestarts) {
  FitOptions asked = options();
  asked.n_init = 3;
  asked.init = InitMethod::random_from_data;
  fail_each_allocation([&] {
    FitResult fitted = fit(rows(), asked);
    fitted.report.seconds = {};
    return fitted;
  });
}

// A third component at two places only dies, and is revived.
TEST(AllocationFailures, FitThatRevives) {
  Matrix x(60, 1);
  for (std::size_t i = 0; i < 60; ++i) x(i, 0) = i < 40 ? 0.01 * static_cast<double>(i) : 5;
  FitOptions asked = options(mogul::families::diagonal);
  asked.n_components = 3;
  asked.reg_covar = 0;
  asked.max_iter = 20;
  fail_each_allocation([&] {
    FitResult fitted = fit(x, asked);
    fitted.report.seconds = {};
    return fitted;
  });
}

TEST(AllocationFailures, Scores) {
  const FitResult fitted = fit(rows(), options());
  const auto fresh = [&] {
    return Mixture(mogul::families::full, fitted.mixture.weights(), fitted.mixture.means(),
                   fitted.mixture.covariances().values());
  };
  fail_each_allocation([&] { return log_densities(fresh(), rows(), 2); });
  fail_each_allocation([&] { return labels(fresh(), rows(), 2); });
  fail_each_allocation([&] { return responsibilities(fresh(), rows(), 2); });
  fail_each_allocation([&] { return evaluate(fresh(), rows(), 2); });
}

TEST(AllocationFailures, Merge) {
  const Mixture fitted = fit(rows(), options()).mixture;
  const std::vector<std::int32_t> clusters{1, 0};
  fail_each_allocation([&] {
    const ComponentTree tree = merge(fitted, rows(), 2);
    return summary(tree, 1) + merge_json(tree, 2);
  });
  fail_each_allocation([&] { return cluster_responsibilities(fitted, rows(), clusters, 2); });
  fail_each_allocation([&] { return cluster_labels(fitted, rows(), clusters, 2); });
}

TEST(AllocationFailures, Gradient) {
  for (const test::PlainFamily& each : test::plain_families()) {
    SCOPED_TRACE(each.name);
    const Mixture fitted = fit(rows(), options(each.family)).mixture;
    fail_each_allocation([&] {
      const Mixture fresh(each.family, fitted.weights(), fitted.means(), fitted.covariances().values());
      return log_likelihood_gradient(fresh, rows(), 2);
    });
  }
}

TEST(AllocationFailures, Sample) {
  const FitResult fitted = fit(rows(), options());
  fail_each_allocation([&] { return sample(fitted.mixture, 10000, 1, 2).x; });
}

TEST(AllocationFailures, RowsOfText) {
  std::ostringstream text;
  write_csv(text, rows().view(), {"a", "b"});
  fail_each_allocation([&] { return parse_dataset(text.str(), "rows.csv", {.n_threads = 2}); });
}

TEST(AllocationFailures, ModelsInMemory) {
  const std::string text = result_of(fit(rows(), options()));
  fail_each_allocation([&] { return model_json(parse_model(text, "m.json")); });
  const Stats stats = accumulate(fit(rows(), options()).mixture, rows());
  fail_each_allocation([&] { return stats_json(parse_stats(stats_json(stats), "s.json")); });
  const TraceStep step{0, 0, stats.log_likelihood, 0, 0, stats.n, fit(rows(), options()).mixture};
  fail_each_allocation([&] { return parse_trace(trace_line(step), "t.jsonl"); });
}

// Once it is too late for a failure, the file is there as a whole; before, it is as it was.
TEST(AllocationFailures, Files) {
  const auto folder = std::filesystem::temp_directory_path() / ("mogul_memory_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = (folder / "model.json").string();
  const FitResult fitted = fit(rows(), options());
  const ModelFile file{fitted.mixture, {"a", "b"}, {}, {}};
  const std::string before = "as it was";
  const std::string after = model_json(file);
  const auto content = [&] {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  std::size_t n_allocations = 0;
  with_failure(
      kNone, [&] { write_model(path, file); }, &n_allocations);
  for (std::size_t nth = 0; nth < n_allocations; ++nth) {
    std::ofstream(path, std::ios::binary) << before;
    const Ending ending = with_failure(nth, [&] { write_model(path, file); });
    ASSERT_EQ(content(), ending == Ending::done ? after : before) << "allocation " << nth << " failed";
    const auto entries = std::filesystem::directory_iterator(folder);
    ASSERT_EQ(std::distance(begin(entries), end(entries)), 1) << "what is left besides the file";
  }
  write_model(path, file);
  fail_each_allocation([&] { return model_json(read_model(path)); });
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mogul
