// Every allocation of reading and writing files fails once, alone or with all after it: std::bad_alloc, and no abort.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

#include "io/files.hpp"
#include "io/json_example.hpp"
#include "io/npy_bytes.hpp"
#include "mogul/io.hpp"

namespace {

thread_local long n_left = -1;  // allocations of this thread until one fails; negative: none does
thread_local bool others_too = false;
thread_local bool failed = false;

bool fails() {
  if (n_left < 0) return false;
  if (n_left > 0) {
    --n_left;
    return false;
  }
  if (!others_too) n_left = -1;
  failed = true;
  return true;
}

}  // namespace

// Not inlined: gcc 12 takes what it sees of one for a mismatch with the other.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mogul {
namespace {

// Calls with the n-th allocation failing, for every n until the call needs no more.
template <class Call>
void expect_bad_alloc_only(Call&& call) {
  for (const bool all : {false, true}) {
    long n = 0;
    for (failed = true; failed; ++n) {
      failed = false;
      others_too = all;
      n_left = n;
      try {
        call();
      } catch (const std::bad_alloc&) {
      }
      n_left = -1;
      ASSERT_LT(n, 100000);
    }
    EXPECT_GT(n, 3);
  }
}

TEST(ShortMemory, ReadingAModel) {
  const std::string text = test::kModelFile;
  expect_bad_alloc_only([&] { parse_model(text, "m.json"); });
}

TEST(ShortMemory, ReadingAModelOfManyNumbers) {
  std::string text =
      R"({"schema": "mogul-model/1", "n_components": 1, "n_features": 40, "covariance": "tied", "weights": [1], )"
      R"("means": [[0)";
  for (int i = 1; i < 40; ++i) text += ", 0";
  text += "]], \"covariances\": [";
  for (int i = 0; i < 40; ++i) {
    text += i == 0 ? "[" : ", [";
    for (int j = 0; j < 40; ++j) text += std::string(j == 0 ? "" : ", ") + (i == j ? "1" : "0");
    text += "]";
  }
  text += "]}";
  expect_bad_alloc_only([&] { parse_model(text, "m.json"); });
}

TEST(ShortMemory, WritingAModel) {
  const ModelFile model = parse_model(test::kModelFile, "m.json");
  expect_bad_alloc_only([&] { model_json(model); });
}

TEST(ShortMemory, ReadingRows) {
  expect_bad_alloc_only([] { parse_dataset("a,\"b\"\n1,2\n3,+4\n", "t.csv", {.n_threads = 1}); });
  const std::string npy = test::npy_of(Matrix(2, 2, {1, 2, 3, 4}), "<i2", "(2, 2)");
  expect_bad_alloc_only([&] { parse_dataset(npy, "t.npy", {.n_threads = 1}); });
}

TEST(ShortMemory, ReadingLabels) {
  expect_bad_alloc_only([] { parse_labels("\"\",\"x\"\n\"1\",5\n\"2\",7\n", "t.csv"); });
}

}  // namespace
}  // namespace mogul
