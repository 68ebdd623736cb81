// Made once by whoever comes first, and tried again where the making failed.
#include "base/made_once.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "base/thread_pool.hpp"

namespace mogul {
namespace {

TEST(MadeOnce, ManyThreadsSeeOneThing) {
  MadeOnce once;
  std::atomic<int> n_made = 0;
  std::atomic<int> n_right = 0;
  ThreadPool(4).run(100, [&](std::size_t) {
    const auto& made = once.get<std::string>([&] { return "thing " + std::to_string(++n_made); });
    if (made == "thing 1") ++n_right;
  });
  EXPECT_EQ(n_made, 1);
  EXPECT_EQ(n_right, 100);
}

TEST(MadeOnce, AnErrorLeavesItToTheNext) {
  MadeOnce once;
  EXPECT_THROW(once.get<int>([]() -> int { throw std::runtime_error("not now"); }), std::runtime_error);
  EXPECT_EQ(once.get<int>([] { return 3; }), 3);
  EXPECT_EQ(once.get<int>([] { return 4; }), 3);
}

}  // namespace
}  // namespace mogul
