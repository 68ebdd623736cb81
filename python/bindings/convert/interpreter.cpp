#include "interpreter.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

namespace mogul::python {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// How long the end of the interpreter waits for calls that do not stop early, as passes over the rows, and for
// callbacks.
constexpr auto kForCalls = 500ms;
constexpr auto kForCallbacks = 10s;

// Trivially destructible, as threads may still look at it while the process ends.
std::atomic<int> n_in_library{0};
std::atomic<int> n_in_callbacks{0};
std::atomic<int> n_asking{0};  // for the lock, having seen that the interpreter is there
std::atomic<bool> ending{false};
std::atomic<bool> ended{false};
std::atomic<unsigned long> ending_thread{0};
std::atomic<unsigned long> main_thread{0};

bool is_ending_thread() { return PyThread_get_thread_ident() == ending_thread; }

// Registers that this thread asks for the lock; does not return once the interpreter has ended.
void ask_for_lock() {
  ++n_asking;
  if (!ended || is_ending_thread()) return;
  --n_asking;
  while (true) pause();
}

// Whether this thread should leave the library, as the interpreter is ending.
bool must_leave() { return ending && !is_ending_thread(); }

// Python's threads end with it in silence.
[[noreturn]] void raise_exit() {
  PyErr_SetNone(PyExc_SystemExit);
  throw nb::python_error();
}

// What Python raised while this thread was in the library, which then ended with an interrupted_error.
thread_local std::optional<nb::python_error> t_raised;

// Python's handlers of signals run in its main thread alone; others need not wait for the lock to hear nothing.
bool interrupted() {
  if (must_leave()) return true;
  if (PyThread_get_thread_ident() != main_thread) return false;
  const WithLock locked;
  try {
    raise_pending();
  } catch (nb::python_error& error) {
    t_raised.emplace(std::move(error));
  }
  return t_raised.has_value();
}

void end() {
  ending_thread = PyThread_get_thread_ident();
  ending = true;
  PyThreadState* state = PyEval_SaveThread();
  const auto start = Clock::now();
  const auto within = [&](auto time) { return Clock::now() - start < time; };
  while (n_in_library > 0 && (within(kForCalls) || (n_in_callbacks > 0 && within(kForCallbacks)))) {
    std::this_thread::sleep_for(1ms);
  }
  ended = true;
  while (n_asking > 0) std::this_thread::sleep_for(1ms);
  PyEval_RestoreThread(state);
}

// Of the threads that were in the library, none is in the child, whose only one is Python's main thread there.
void after_fork() {
  n_in_library = n_in_callbacks = n_asking = 0;
  main_thread = PyThread_get_thread_ident();
}

}  // namespace

WithoutLock::WithoutLock() {
  if (must_leave()) raise_exit();
  scope_.emplace(&interrupted);
  ++n_in_library;
  state_ = PyEval_SaveThread();
}

WithoutLock::~WithoutLock() {
  ask_for_lock();
  PyEval_RestoreThread(state_);
  --n_asking;
  --n_in_library;
}

WithLock::WithLock() {
  ask_for_lock();
  state_ = PyGILState_Ensure();
  --n_asking;
  ++n_in_callbacks;
}

WithLock::~WithLock() {
  --n_in_callbacks;
  PyGILState_Release(state_);
}

void raise_pending() {
  if (must_leave()) raise_exit();
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void raise_interrupt() {
  if (must_leave()) raise_exit();
  if (!t_raised) return;
  nb::python_error error = std::move(*t_raised);
  t_raised.reset();
  throw error;
}

void bind_interpreter(nb::module_&) {
  main_thread = nb::cast<unsigned long>(nb::module_::import_("threading").attr("main_thread")().attr("ident"));
  pthread_atfork(nullptr, nullptr, &after_fork);
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(&end));
}

}  // namespace mogul::python
