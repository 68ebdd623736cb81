// Interrupting long work: a caller who has to hear Ctrl-C says how to ask for it.
#pragma once

#include <functional>
#include <memory>

namespace mogul {

/// While it lives, every function of the library that this thread calls can be interrupted: `interrupted` is asked on
/// this thread, at least every 50 ms, and true ends the call with interrupted_error. fit() then returns its best model
/// so far, if it has one. Of several, the one made last is asked. One whose function is empty is never interrupted.
class InterruptScope {
 public:
  explicit InterruptScope(std::function<bool()> interrupted);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  struct Scope;
  std::unique_ptr<Scope> scope_;
};

}  // namespace mogul
