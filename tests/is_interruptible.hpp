// Whether work asks if its caller wants it to end.
#pragma once

#include <chrono>

#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul::test {

/// Repeats the work until an interruption is heard, for ten seconds at most.
template <class Work>
bool is_interruptible(const Work& work) {
  const InterruptScope scope([] { return true; });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  try {
    while (std::chrono::steady_clock::now() < end) work();
  } catch (const interrupted_error&) {
    return true;
  }
  return false;
}

}  // namespace mogul::test
