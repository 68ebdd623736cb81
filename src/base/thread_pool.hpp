// Persistent worker threads that share out numbered tasks. Knows nothing of mixtures.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/interruption.hpp"
#include "mogul/threads.hpp"

namespace mogul {

/// Runs tasks on the calling thread and at most n_threads - 1 workers, which start when a job has tasks for them, watch
/// out for the next job for 100 microseconds, and then sleep. One job at a time; a pool belongs to one caller.
///
/// Pools that are used at the same time, by callers on different threads, share the processors: a worker joins in only
/// while fewer threads are at work than there are processors, or than this pool was given. The callers themselves
/// always work. A worker may change its own affinity for a moment, to be moved to another processor.
class ThreadPool {
 public:
  /// @param n_threads  0: every processor this process may use
  explicit ThreadPool(unsigned n_threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// Calls task(0), ..., task(n_tasks - 1), handed out in that order, and returns when all are done.
  /// After an exception no further task is handed out; that of the lowest task is rethrown, whatever
  /// the number of threads, because every lower task had been handed out before.
  ///
  /// Tasks can be interrupted (base/interruption.hpp) as the calling thread can, which asks before each of its own
  /// tasks and while it waits for those of others.
  void run(std::size_t n_tasks, const std::function<void(std::size_t task)>& task);

 private:
  void start_workers(std::size_t n_tasks);
  void work(const std::stop_token& stop, std::size_t number);
  void take_tasks(std::unique_lock<std::mutex>& lock);
  void wait_for_workers(std::unique_lock<std::mutex>& lock);
  void fail(std::size_t task, std::exception_ptr error);

  const unsigned n_threads_;
  const unsigned n_places_;  // of all pools together, as long as a worker of this one may join in
  // Watched without the mutex before a thread sleeps: a hint, to be checked again under the mutex.
  std::atomic<bool> open_ = false;          // there are tasks to hand out
  std::atomic<std::size_t> n_running_ = 0;  // tasks in flight
  std::mutex mutex_;                        // guards everything below
  std::condition_variable_any wake_;
  std::condition_variable_any idle_;
  std::size_t job_ = 0;                                     // how many there were
  const std::function<void(std::size_t)>* task_ = nullptr;  // of the job
  std::size_t n_tasks_ = 0;
  std::size_t next_task_ = 0;  // n_tasks_ between jobs
  int callers_processor_ = -1;
  Interruption* interruption_ = nullptr;  // of the caller
  std::exception_ptr error_;
  std::size_t error_task_ = 0;
  std::vector<std::jthread> workers_;  // last member: joined before the rest is destroyed
};

}  // namespace mogul
