#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "base/processor_quota.hpp"
#include "mogul/threads.hpp"

namespace mogul {
namespace {

TEST(AvailableThreads, AreAtLeastOneAndWithinTheQuota) {
  EXPECT_GE(available_threads(), 1U);
  EXPECT_LE(available_threads(), processor_quota());
}

TEST(AvailableThreads, AreThoseOfTheAffinity) {
  std::thread([] {
    cpu_set_t allowed;
    ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0) << "more than 1024 processors";
    EXPECT_LE(available_threads(), static_cast<unsigned>(CPU_COUNT(&allowed)));
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    EXPECT_EQ(available_threads(), 1U);
  }).join();
}

}  // namespace
}  // namespace mogul
