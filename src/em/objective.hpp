// What EM climbs and stops on: the log-likelihood, or, with priors, the penalised log-likelihood.
#pragma once

#include <string_view>

#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul {

class Objective {
 public:
  /// @param options  with a complete prior, if there is one
  explicit Objective(const EmOptions& options);

  /// In nats. @param stats  of the rows under the model
  double operator()(const Mixture& model, const Stats& stats) const;
  bool is_penalised() const { return step_.prior || step_.weight_concentration; }
  /// For messages: "log-likelihood" or "penalised log-likelihood".
  std::string_view name() const { return is_penalised() ? "penalised log-likelihood" : "log-likelihood"; }

 private:
  CovarianceFamily family_;
  MStepOptions step_;
};

/// Whether one objective is higher than another by more than rounding. Models that are the same but for the order of
/// their components, as starts with the same clusters lead to, are not.
bool is_higher(double objective, double other);

/// The part of the options that an M-step follows.
MStepOptions m_step_options(const EmOptions& options);

}  // namespace mogul
