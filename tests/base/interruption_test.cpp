// Long work ends soon after its caller wants it to, on every thread, and is asked about on the caller's alone.
#include "base/interruption.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/check_interrupted.hpp"
#include "base/thread_pool.hpp"
#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using test::message_of;

constexpr std::array<unsigned, 3> kThreads{1, 2, 5};

// Far beyond what a busy machine may add to the 20 ms between two questions.
constexpr std::chrono::seconds kSoon(5);
constexpr std::chrono::seconds kLong(60);

void work_for(Clock::duration time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) check_interrupted();
}

TEST(Interruption, EndsTheTasksOfAllThreads) {
  for (const unsigned n_threads : kThreads) {
    ThreadPool pool(n_threads);
    const auto begin = Clock::now();
    const InterruptScope scope([] { return true; });
    EXPECT_THROW(pool.run(8, [](std::size_t) { work_for(kLong); }), interrupted_error) << n_threads << " threads";
    EXPECT_LT(Clock::now() - begin, kSoon);
  }
}

TEST(Interruption, IsHeardWhileTheCallerWaitsForOthers) {
  ThreadPool pool(2);
  const auto caller = std::this_thread::get_id();
  const auto begin = Clock::now();
  const InterruptScope scope([] { return true; });
  const auto only_workers_are_slow = [&](std::size_t task) {
    while (task == 0 && std::this_thread::get_id() == caller && Clock::now() - begin < milliseconds(5)) {
    }
    if (std::this_thread::get_id() != caller) work_for(kLong);
  };
  // Where one of the two tasks is a worker's, which begins late on a busy machine, only the wait can hear.
  EXPECT_THROW(
      {
        for (int job = 0; job < 1000; ++job) pool.run(2, only_workers_are_slow);
        work_for(kLong);
      },
      interrupted_error);
  EXPECT_LT(Clock::now() - begin, kSoon);
}

TEST(Interruption, IsAskedOnTheCallersThreadOnly) {
  ThreadPool pool(3);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> n_elsewhere = 0;
  int n_asked = 0;
  const InterruptScope scope([&] {
    if (std::this_thread::get_id() != caller) ++n_elsewhere;
    ++n_asked;
    return false;
  });
  pool.run(6, [](std::size_t) { work_for(milliseconds(100)); });
  EXPECT_EQ(n_elsewhere, 0);
  EXPECT_GE(n_asked, 2);
}

TEST(Interruption, BetweenTasksIsHeardAsWell) {
  ThreadPool pool(1);
  std::size_t n_done = 0;
  const InterruptScope scope([] { return true; });
  const auto task = [&](std::size_t) {
    std::this_thread::sleep_for(milliseconds(10));
    ++n_done;
  };
  EXPECT_THROW(pool.run(1000, task), interrupted_error);
  EXPECT_LT(n_done, 1000U);
}

TEST(Interruption, WhatItsFunctionThrowsComesOut) {
  for (const unsigned n_threads : kThreads) {
    ThreadPool pool(n_threads);
    const InterruptScope scope([]() -> bool { throw std::logic_error("mine"); });
    const auto run = [&] { pool.run(n_threads, [](std::size_t) { work_for(kLong); }); };
    EXPECT_EQ(message_of<std::logic_error>(run), "mine");
  }
}

TEST(Interruption, OfSeveralScopesTheLastIsAsked) {
  const InterruptScope outer([] { return true; });
  {
    const InterruptScope inner({});
    work_for(milliseconds(50));
  }
  EXPECT_THROW(work_for(kLong), interrupted_error);
}

TEST(Interruption, WithoutAScopeThereIsNone) { work_for(milliseconds(30)); }

// Jobs so short that workers often wake up for one and find the next, whose caller has another interruption or none.
TEST(Interruption, OfATaskIsThatOfTheCallerOfItsJob) {
  ThreadPool pool(4);
  std::atomic<int> n_wrong = 0;
  for (int job = 0; job < 20'000; ++job) {
    std::optional<InterruptScope> scope;
    if (job % 3 != 0) scope.emplace([] { return false; });
    const Interruption* const callers = CurrentInterruption::get();
    pool.run(2 + static_cast<std::size_t>(job % 3), [&](std::size_t) {
      if (CurrentInterruption::get() != callers) ++n_wrong;
    });
  }
  EXPECT_EQ(n_wrong, 0);
}

TEST(Interruption, APoolCanBeUsedAfterIt) {
  ThreadPool pool(4);
  {
    const InterruptScope scope([] { return true; });
    EXPECT_THROW(pool.run(8, [](std::size_t) { work_for(kLong); }), interrupted_error);
  }
  std::atomic<int> n_done = 0;
  pool.run(8, [&](std::size_t) {
    work_for(milliseconds(1));
    ++n_done;
  });
  EXPECT_EQ(n_done, 8);
}

}  // namespace
}  // namespace mogul
