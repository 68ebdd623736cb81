// How long work hears that its caller wants it to end: the thread that called asks, all threads of its pool hear.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <thread>

namespace mogul {

/// What the caller of this thread, or of the pool that it works for, has to say. See mogul/interrupt.hpp.
class Interruption {
 public:
  explicit Interruption(std::function<bool()> interrupted);
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// @throws  interrupted_error once `interrupted` answered true, or whatever it throws
  void check(std::size_t work);

 private:
  const std::function<bool()> interrupted_;
  const std::thread::id owner_ = std::this_thread::get_id();
  std::exception_ptr end_;  // what ends the work on every thread, once it is heard
  std::atomic<bool> heard_ = false;
  // The owner's only.
  std::size_t work_ = 0;  // since the clock was looked at
  std::chrono::steady_clock::time_point next_;
};

/// Makes an interruption this thread's, in place of the one before, for as long as this lives.
class CurrentInterruption {
 public:
  explicit CurrentInterruption(Interruption* interruption);
  ~CurrentInterruption();
  CurrentInterruption(const CurrentInterruption&) = delete;
  CurrentInterruption& operator=(const CurrentInterruption&) = delete;

  static Interruption* get();

 private:
  Interruption* const before_;
};

}  // namespace mogul
