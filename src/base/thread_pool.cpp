#include "base/thread_pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace mogul {

unsigned available_threads() {
  // The C library counts the processors in this thread's affinity mask.
  return std::max(1U, std::thread::hardware_concurrency());
}

ThreadPool::ThreadPool(unsigned n_threads) : n_threads_(n_threads == 0 ? available_threads() : n_threads) {}

ThreadPool::~ThreadPool() {
  for (std::jthread& worker : workers_) worker.request_stop();
}

void ThreadPool::run(std::size_t n_tasks, const std::function<void(std::size_t)>& task) {
  if (n_threads_ == 1 || n_tasks <= 1) {
    for (std::size_t i = 0; i < n_tasks; ++i) task(i);
    return;
  }
  start_workers(n_tasks);
  std::unique_lock lock(mutex_);
  task_ = &task;
  n_tasks_ = n_tasks;
  next_task_ = 0;
  error_ = nullptr;
  wake_.notify_all();
  take_tasks(lock);
  idle_.wait(lock, [this] { return n_running_ == 0; });
  task_ = nullptr;
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ThreadPool::start_workers(std::size_t n_tasks) {
  try {
    while (workers_.size() + 1 < std::min<std::size_t>(n_threads_, n_tasks)) {
      workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  } catch (const std::system_error&) {
    // The system has no more threads to give: those that run, at least the caller's own, do all the tasks.
  }
}

void ThreadPool::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return task_ != nullptr && next_task_ < n_tasks_; })) {
    take_tasks(lock);
  }
}

// Tasks are large (a thousand rows or more), so one lock per task costs nothing that can be measured.
void ThreadPool::take_tasks(std::unique_lock<std::mutex>& lock) {
  while (next_task_ < n_tasks_) {
    const std::size_t i = next_task_++;
    ++n_running_;
    lock.unlock();
    std::exception_ptr error;
    try {
      (*task_)(i);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    --n_running_;
    if (error) {
      if (!error_ || i < error_task_) {
        error_ = error;
        error_task_ = i;
      }
      next_task_ = n_tasks_;
    }
  }
  if (n_running_ == 0) idle_.notify_one();
}

}  // namespace mogul
