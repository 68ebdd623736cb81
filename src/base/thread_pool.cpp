#include "base/thread_pool.hpp"

#ifdef __linux__
#include <sched.h>
#endif
#ifdef __unix__
#include <pthread.h>
#endif

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/check_interrupted.hpp"

namespace mogul {

namespace {

// Longer than what lies between two passes of a small fit, shorter than what it costs to sleep and be woken.
constexpr std::chrono::microseconds kWatch(100);

template <class Condition>
void watch_for(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + kWatch;
  while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

// Threads of all pools that are at work: of this process, so a forked one begins with none.
std::atomic<unsigned> n_at_work = 0;
// Whether this one is among them. (The model: base/interruption.cpp.)
[[gnu::tls_model("initial-exec")]] constinit thread_local bool t_is_at_work = false;
#ifdef __unix__
[[maybe_unused]] const int at_fork = pthread_atfork(nullptr, nullptr, [] {
  n_at_work = 0;
  t_is_at_work = false;
});
#endif

// A place among those at work, for as long as this lives.
class Place {
 public:
  /// A caller has one in any case, but no second one where its pool is called from a task of another pool; a worker
  /// only while fewer than `limit` are taken.
  Place() : taken_(!std::exchange(t_is_at_work, true)) {
    if (taken_) ++n_at_work;
  }
  explicit Place(unsigned limit) : taken_(n_at_work++ < limit) {
    if (!taken_) --n_at_work;
    t_is_at_work = taken_;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (!taken_) return;
    --n_at_work;
    t_is_at_work = false;
  }
  bool taken() const { return taken_; }

 private:
  const bool taken_;
};

#ifdef __linux__

int processor() { return sched_getcpu(); }

// A thread that is made or woken often begins on the processor of the one that did it, and may wait there for
// milliseconds until it is moved to a free one. So a worker that finds itself on the caller's processor moves to the
// one that comes `number` places after it, and is then free to be moved again.
void leave(int callers, std::size_t number) {
  cpu_set_t allowed;
  if (callers < 0 || sched_getcpu() != callers || sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
  const int n_others = CPU_COUNT(&allowed) - 1;
  if (n_others < 1) return;
  int cpu = callers;
  for (std::size_t to_pass = number % static_cast<std::size_t>(n_others) + 1; to_pass > 0;) {
    cpu = (cpu + 1) % CPU_SETSIZE;
    if (CPU_ISSET(cpu, &allowed)) --to_pass;
  }
  cpu_set_t next;
  CPU_ZERO(&next);
  CPU_SET(cpu, &next);
  if (sched_setaffinity(0, sizeof(next), &next) == 0) sched_setaffinity(0, sizeof(allowed), &allowed);
}

#else

int processor() { return -1; }
void leave(int /*callers*/, std::size_t /*number*/) {}

#endif

}  // namespace

ThreadPool::ThreadPool(unsigned n_threads)
    : n_threads_(n_threads == 0 ? available_threads() : n_threads),
      n_places_(std::max(n_threads_, available_threads())) {}

ThreadPool::~ThreadPool() {
  for (std::jthread& worker : workers_) worker.request_stop();
}

void ThreadPool::run(std::size_t n_tasks, const std::function<void(std::size_t)>& task) {
  const Place place;
  if (n_threads_ == 1 || n_tasks <= 1) {
    for (std::size_t i = 0; i < n_tasks; ++i) {
      check_interrupted();
      task(i);
    }
    return;
  }
  start_workers(n_tasks);
  std::unique_lock lock(mutex_);
  task_ = &task;
  n_tasks_ = n_tasks;
  next_task_ = 0;
  ++job_;
  error_ = nullptr;
  open_ = true;
  callers_processor_ = processor();
  interruption_ = CurrentInterruption::get();
  wake_.notify_all();
  lock.unlock();
  std::this_thread::yield();  // to workers that were woken on this processor
  lock.lock();
  take_tasks(lock);
  lock.unlock();
  watch_for([this] { return n_running_ == 0; });
  lock.lock();
  wait_for_workers(lock);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ThreadPool::wait_for_workers(std::unique_lock<std::mutex>& lock) {
  constexpr std::chrono::milliseconds kPeriod(10);  // of asking whether it is interrupted
  const auto all_idle = [this] { return n_running_ == 0; };
  while (interruption_ != nullptr && !idle_.wait_for(lock, kPeriod, all_idle)) {
    lock.unlock();
    std::exception_ptr error;
    try {
      check_interrupted();
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error) fail(0, error);
  }
  idle_.wait(lock, all_idle);
}

void ThreadPool::start_workers(std::size_t n_tasks) {
  try {
    while (workers_.size() + 1 < std::min<std::size_t>(n_threads_, n_tasks)) {
      const std::size_t number = workers_.size();
      workers_.emplace_back([this, number](const std::stop_token& stop) { work(stop, number); });
    }
  } catch (const std::system_error&) {
    // The system has no more threads to give: those that run, at least the caller's own, do all the tasks.
  } catch (const std::bad_alloc&) {
    // Nor memory for them.
  }
}

// Allocates nothing outside take_tasks(), as an exception that leaves a thread ends the process.
void ThreadPool::work(const std::stop_token& stop, std::size_t number) {
  std::unique_lock lock(mutex_);
  std::size_t declined = 0;  // the job for which there was no place
  while (wake_.wait(lock, stop, [&] { return next_task_ < n_tasks_ && job_ != declined; })) {
    {
      const Place place(n_places_);
      if (!place.taken()) {
        declined = job_;
        continue;
      }
      const int callers = callers_processor_;
      lock.unlock();
      leave(callers, number);
      lock.lock();
      // Read only now, as the job may have changed meanwhile. From here on it cannot: take_tasks() holds the mutex but
      // while a task runs, for which the caller waits.
      const CurrentInterruption of_the_caller(interruption_);
      take_tasks(lock);
    }
    lock.unlock();
    watch_for([&] { return open_ || stop.stop_requested(); });
    lock.lock();
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
      check_interrupted();
      (*task_)(i);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    --n_running_;
    if (error) fail(i, error);
  }
  open_ = false;
  if (n_running_ == 0) idle_.notify_one();
}

// No further task is handed out.
void ThreadPool::fail(std::size_t task, std::exception_ptr error) {
  if (!error_ || task < error_task_) {
    error_ = std::move(error);
    error_task_ = task;
  }
  next_task_ = n_tasks_;
}

}  // namespace mogul
