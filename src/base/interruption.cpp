#include "base/interruption.hpp"

#include <utility>

#include "base/check_interrupted.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {
namespace {

// Well below the 50 ms that are promised, as a block of rows may take some time.
constexpr std::chrono::milliseconds kPeriod(20);
constexpr std::size_t kWorkPerLook = 1 << 18;  // 0.1 ms, as a look at the clock takes 20 ns

// Of the model that needs no memory when a thread looks at it first: the system ends a process that has none left.
[[gnu::tls_model("initial-exec")]] constinit thread_local Interruption* t_current = nullptr;

}  // namespace

Interruption::Interruption(std::function<bool()> interrupted)
    : interrupted_(std::move(interrupted)), next_(std::chrono::steady_clock::now() + kPeriod) {}

void Interruption::check(std::size_t work) {
  if (heard_.load(std::memory_order_acquire)) std::rethrow_exception(end_);
  if (!interrupted_ || std::this_thread::get_id() != owner_) return;
  work_ = work < kWorkPerLook ? work_ + work : kWorkPerLook;
  if (work_ < kWorkPerLook) return;
  work_ = 0;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  try {
    if (interrupted_()) throw interrupted_error("interrupted");
  } catch (...) {
    end_ = std::current_exception();
    heard_.store(true, std::memory_order_release);
    throw;
  }
  next_ = std::chrono::steady_clock::now() + kPeriod;
}

CurrentInterruption::CurrentInterruption(Interruption* interruption)
    : before_(std::exchange(t_current, interruption)) {}
CurrentInterruption::~CurrentInterruption() { t_current = before_; }
Interruption* CurrentInterruption::get() { return t_current; }

void check_interrupted(std::size_t work) {
  if (t_current != nullptr) t_current->check(work);
}

struct InterruptScope::Scope {
  explicit Scope(std::function<bool()> interrupted) : interruption(std::move(interrupted)), current(&interruption) {}

  Interruption interruption;
  const CurrentInterruption current;
};

InterruptScope::InterruptScope(std::function<bool()> interrupted)
    : scope_(std::make_unique<Scope>(std::move(interrupted))) {}
InterruptScope::~InterruptScope() = default;

}  // namespace mogul
