// What a callback sees of a fit that is under way.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul::python {

/// An Iteration, which is there until the callback returns.
class IterationView {
 public:
  explicit IterationView(const Iteration& iteration) : iteration_(iteration) {}

  /// @throws  std::runtime_error once it has ended
  const Iteration& get() const {
    if (!iteration_) throw std::runtime_error("the iteration is over; keep what you need of it");
    return *iteration_;
  }
  void end() { iteration_.reset(); }

  /// Numbers the restart among all of a fit that takes several calls.
  void count_among(std::size_t first_restart, std::size_t n_restarts) {
    if (!iteration_) return;
    iteration_->restart += first_restart;
    iteration_->n_init = n_restarts;
  }

  /// For people, at any time.
  std::string text() const;

 private:
  std::optional<Iteration> iteration_;
};

}  // namespace mogul::python
