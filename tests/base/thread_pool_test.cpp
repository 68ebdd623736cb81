// Every task runs once, in order per thread; the error that comes out is that of the lowest task, however many threads.
#include "base/thread_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/processor_quota.hpp"

namespace mogul {
namespace {

constexpr std::array<unsigned, 5> kThreads{1, 2, 3, 7, 16};

TEST(ThreadPool, RunsEveryTaskOnce) {
  for (const unsigned n_threads : kThreads) {
    ThreadPool pool(n_threads);
    for (const std::size_t n_tasks : {0, 1, 2, 3, 5, 64, 1000}) {
      std::vector<std::atomic<int>> runs(n_tasks);
      pool.run(n_tasks, [&](std::size_t i) { ++runs.at(i); });
      for (const auto& count : runs) ASSERT_EQ(count, 1) << n_tasks << " tasks, " << n_threads << " threads";
    }
  }
}

TEST(ThreadPool, EachThreadMeetsItsTasksInAscendingOrder) {
  ThreadPool pool(3);
  std::mutex mutex;
  std::map<std::thread::id, std::vector<std::size_t>> met;
  pool.run(500, [&](std::size_t i) {
    const std::scoped_lock lock(mutex);
    met[std::this_thread::get_id()].push_back(i);
  });
  for (const auto& [thread, tasks] : met) EXPECT_TRUE(std::ranges::is_sorted(tasks));
}

TEST(ThreadPool, TasksRunAtTheSameTime) {
  ThreadPool pool(2);
  std::latch both(2);
  pool.run(2, [&](std::size_t) { both.arrive_and_wait(); });  // returns only if two threads are in it
  EXPECT_TRUE(both.try_wait());
}

TEST(ThreadPool, KeepsItsThreadsBetweenJobs) {
  ThreadPool pool(4);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  for (int job = 0; job < 100; ++job) {
    pool.run(8, [&](std::size_t) {
      const std::scoped_lock lock(mutex);
      threads.insert(std::this_thread::get_id());
    });
  }
  EXPECT_LE(threads.size(), 4U);
}

TEST(ThreadPool, OneThreadIsTheCallers) {
  ThreadPool pool(1);
  pool.run(3, [](std::size_t) {});
  std::set<std::thread::id> threads;
  pool.run(10, [&](std::size_t) { threads.insert(std::this_thread::get_id()); });
  EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
}

// The number of threads that are in tasks at once, at most.
class Crowd {
 public:
  void task() {
    const unsigned now = ++n_;
    for (unsigned most = most_; now > most && !most_.compare_exchange_weak(most, now);) continue;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    --n_;
  }
  unsigned most() const { return most_; }

 private:
  std::atomic<unsigned> n_ = 0;
  std::atomic<unsigned> most_ = 0;
};

TEST(ThreadPool, ZeroIsEveryProcessor) {
  const unsigned n = available_threads();
  ASSERT_GE(n, 1U);
  EXPECT_LE(n, processor_quota());
  std::atomic<unsigned> n_there = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  ThreadPool pool(0);
  pool.run(n, [&](std::size_t) {
    ++n_there;
    while (n_there < n && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  });
  EXPECT_LT(std::chrono::steady_clock::now(), end) << "the tasks never met";
}

// A pool whose worker still watches for the next job does not keep that of another from working.
TEST(ThreadPool, PoolsUsedInTurnBothHaveTheirWorkers) {
  const std::size_t n_tasks = std::min(available_threads(), 2U);
  ThreadPool first(2);
  ThreadPool second(2);
  for (int turn = 0; turn < 20; ++turn) {
    for (ThreadPool* pool : {&first, &second}) {
      std::atomic<std::size_t> n_there = 0;
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      pool->run(n_tasks, [&](std::size_t) {
        ++n_there;
        while (n_there < n_tasks && std::chrono::steady_clock::now() < end) std::this_thread::yield();
      });
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "turn " << turn;
    }
  }
}

// Callers always work; workers join them only while there are processors left.
TEST(ThreadPool, PoolsUsedAtTheSameTimeShareTheProcessors) {
  const unsigned n_callers = available_threads() + 2;
  Crowd crowd;
  {
    std::vector<std::jthread> callers;
    for (unsigned i = 0; i < n_callers; ++i) {
      callers.emplace_back([&] {
        ThreadPool pool(0);
        for (int job = 0; job < 20; ++job) pool.run(20, [&](std::size_t) { crowd.task(); });
      });
    }
  }
  // Those that joined before the other callers came.
  EXPECT_LE(crowd.most(), n_callers + available_threads() - 1);
}

TEST(ThreadPool, ManySmallJobsLoseNoTask) {
  for (const unsigned n_threads : {2U, 7U}) {
    ThreadPool pool(n_threads);
    std::atomic<std::size_t> sum = 0;
    std::size_t expected = 0;
    for (std::size_t job = 0; job < 5000; ++job) {
      pool.run(2 + job % 4, [&](std::size_t i) { sum += i + 1; });
      for (std::size_t i = 0; i < 2 + job % 4; ++i) expected += i + 1;
      ASSERT_EQ(sum, expected) << "job " << job;
    }
  }
}

// Tasks 3, 10, 17, ... fail; some fail sooner than lower ones that were handed out before.
TEST(ThreadPool, TheLowestTasksErrorComesOutForAnyNumberOfThreads) {
  for (const unsigned n_threads : kThreads) {
    ThreadPool pool(n_threads);
    for (int job = 0; job < 300; ++job) {
      try {
        pool.run(100, [](std::size_t i) {
          if (i % 7 != 3) return;
          for (std::size_t wait = i; wait < 30; ++wait) std::this_thread::yield();
          throw std::runtime_error(std::to_string(i));
        });
        FAIL() << "no error";
      } catch (const std::runtime_error& error) {
        ASSERT_STREQ(error.what(), "3") << n_threads << " threads, job " << job;
      }
    }
  }
}

TEST(ThreadPool, AfterAnErrorNoFurtherTaskIsHandedOut) {
  for (const unsigned n_threads : kThreads) {
    ThreadPool pool(n_threads);
    std::atomic<std::size_t> n_after = 0;
    std::atomic<bool> failed = false;
    const auto task = [&](std::size_t i) {
      if (i == 50) {
        failed = true;
        throw std::runtime_error("fifty");
      }
      while (i > 50 && !failed) std::this_thread::yield();
      if (i > 50) std::this_thread::sleep_for(std::chrono::microseconds(50));  // time for the error to be noted
      n_after += i > 50 ? 1 : 0;
    };
    EXPECT_THROW(pool.run(100'000, task), std::runtime_error);
    EXPECT_LT(n_after, 50'000U) << n_threads << " threads";
    if (n_threads == 1) {
      EXPECT_EQ(n_after, 0U);
    }
  }
}

TEST(ThreadPool, IsUsableAfterAnError) {
  ThreadPool pool(3);
  for (int round = 0; round < 50; ++round) {
    EXPECT_THROW(pool.run(10, [](std::size_t i) { throw i; }), std::size_t);
    std::atomic<int> count = 0;
    pool.run(10, [&](std::size_t) { ++count; });
    ASSERT_EQ(count, 10);
  }
}

TEST(ThreadPool, SeveralCallersEachHaveTheirOwnAndTheirTasksMayToo) {
  std::atomic<int> count = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&count] {
        ThreadPool outer(2);
        outer.run(4, [&count](std::size_t) {
          ThreadPool inner(3);
          inner.run(5, [&count](std::size_t) { ++count; });
        });
      });
    }
  }
  EXPECT_EQ(count, 4 * 4 * 5);
}

// Its thread is at work once, so that all others still join in.
TEST(ThreadPool, ATaskThatCallsAPoolOfItsOwnTakesOnePlaceNotTwo) {
  const unsigned n_threads = std::max(2U, available_threads());
  ThreadPool inner(n_threads);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  ThreadPool(1).run(1, [&](std::size_t) {
    std::atomic<unsigned> n_there = 0;
    inner.run(n_threads, [&](std::size_t) {
      ++n_there;
      while (n_there < n_threads && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    });
  });
  EXPECT_LT(std::chrono::steady_clock::now(), end) << "the tasks never met";
}

TEST(ThreadPool, MayBeMadeAndDroppedWithoutAJob) {
  for (int i = 0; i < 1000; ++i) ThreadPool pool(4);
  for (int i = 0; i < 100; ++i) {
    ThreadPool pool(4);
    pool.run(2, [](std::size_t) {});
  }
}

// Each worker is a thread of the system: asking for a million must not make a million for three tasks.
TEST(ThreadPool, StartsNoMoreThreadsThanThereAreTasks) {
  ThreadPool pool(1'000'000);
  std::atomic<int> count = 0;
  pool.run(3, [&](std::size_t) { ++count; });
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace mogul
