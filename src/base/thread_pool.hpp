// Persistent worker threads that share out numbered tasks. Knows nothing of mixtures.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace mogul {

/// Number of processors that this process may use, at least 1.
unsigned available_threads();

/// Runs tasks on the calling thread and at most size() - 1 workers, which start when a job has tasks for
/// them and sleep between jobs. One job at a time; a pool belongs to one caller.
class ThreadPool {
 public:
  /// @param n_threads  0: every processor this process may use
  explicit ThreadPool(unsigned n_threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  unsigned size() const { return n_threads_; }

  /// Calls task(0), ..., task(n_tasks - 1), handed out in that order, and returns when all are done.
  /// After an exception no further task is handed out; that of the lowest task is rethrown, whatever
  /// the number of threads, because every lower task had been handed out before.
  void run(std::size_t n_tasks, const std::function<void(std::size_t task)>& task);

 private:
  void start_workers(std::size_t n_tasks);
  void work(const std::stop_token& stop);
  void take_tasks(std::unique_lock<std::mutex>& lock);

  const unsigned n_threads_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable_any wake_;
  std::condition_variable_any idle_;
  const std::function<void(std::size_t)>* task_ = nullptr;  // null between jobs
  std::size_t n_tasks_ = 0;
  std::size_t next_task_ = 0;
  std::size_t n_running_ = 0;  // tasks in flight
  std::exception_ptr error_;
  std::size_t error_task_ = 0;
  std::vector<std::jthread> workers_;  // last member: joined before the rest is destroyed
};

}  // namespace mogul
