// What a callback sees of a fit that is under way.
#pragma once

#include <stdexcept>
#include <string>

#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul::python {

/// An Iteration, which is there until the callback returns.
class IterationView {
 public:
  explicit IterationView(const Iteration& iteration) : iteration_(&iteration) {}

  /// @throws  std::runtime_error once it has ended
  const Iteration& get() const {
    if (iteration_ == nullptr) throw std::runtime_error("the iteration is over; keep what you need of it");
    return *iteration_;
  }
  void end() { iteration_ = nullptr; }

  /// For people, at any time.
  std::string text() const;

 private:
  const Iteration* iteration_;
};

}  // namespace mogul::python
