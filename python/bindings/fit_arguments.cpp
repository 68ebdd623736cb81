#include "fit_arguments.hpp"

#include "mogul/error.hpp"

namespace mogul::python {

void set_ends(FitOptions& options, const IntLike& max_iter, const OptionalNumber& tol, const OptionalNumber& gain) {
  options.max_iter = whole_from<std::size_t>(max_iter, "max_iter");
  options.tol = number_from(tol, "tol");
  const std::optional<double> of_gain = number_from(gain, "gain");
  if (of_gain && options.tol) {
    throw invalid_argument("tol and gain are two rules for when to stop; leave one of them out");
  }
  options.gain = of_gain.value_or(options.gain);
}

void set_constraints(FitOptions& options, const RegCovarLike& reg_covar, const PriorLike& prior,
                     const OptionalNumber& weight_concentration, const OptionalNumber& max_eigenvalue_ratio,
                     bool equal_weights) {
  options.prior = prior_from(prior);
  options.weight_concentration = number_from(weight_concentration, "weight_concentration");
  options.max_eigenvalue_ratio = number_from(max_eigenvalue_ratio, "max_eigenvalue_ratio");
  const bool is_bounded = options.prior || options.max_eigenvalue_ratio;
  options.reg_covar = reg_covar.is_none() ? RegCovar(is_bounded ? 0 : 1e-6) : reg_covar_from(reg_covar);
  options.hold.equal_weights = equal_weights;
}

}  // namespace mogul::python
