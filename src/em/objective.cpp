#include "em/objective.hpp"

#include "em/log_prior.hpp"

namespace mogul {

Objective::Objective(const EmOptions& options) : family_(options.covariance), step_(m_step_options(options)) {}

double Objective::operator()(const Mixture& model, const Stats& stats) const {
  if (!is_penalised()) return stats.log_likelihood;
  return stats.log_likelihood + log_prior(model, family_, step_);
}

MStepOptions m_step_options(const EmOptions& o) {
  return {o.covariance, o.reg_covar, o.update, o.prior, o.weight_concentration, o.max_eigenvalue_ratio};
}

}  // namespace mogul
