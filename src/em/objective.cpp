#include "em/objective.hpp"

#include <cmath>

#include "em/log_prior.hpp"

namespace mogul {

Objective::Objective(const EmOptions& options) : family_(options.covariance), step_(m_step_options(options)) {}

double Objective::operator()(const Mixture& model, const Stats& stats) const {
  if (!is_penalised()) return stats.log_likelihood;
  return stats.log_likelihood + log_prior(model, family_, step_);
}

bool is_higher(double objective, double other) {
  constexpr double kRounding = 1e-12;  // relative: sums over the rows in another order
  return objective - other > kRounding * std::abs(objective);
}

MStepOptions m_step_options(const EmOptions& o) {
  return {o.covariance, o.reg_covar, o.hold, o.prior, o.weight_concentration, o.max_eigenvalue_ratio};
}

}  // namespace mogul
