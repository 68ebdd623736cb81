// The arguments that fit() and select() share, as fields of FitOptions.
#pragma once

#include "convert/arrays.hpp"
#include "convert/names.hpp"
#include "mogul/options.hpp"

namespace mogul::python {

/// When fits end.
/// @throws  invalid_argument if both tol and gain are given
void set_ends(FitOptions& options, const IntLike& max_iter, const OptionalNumber& tol, const OptionalNumber& gain);

/// @param reg_covar  None: 1e-6, or 0 with a prior or a max_eigenvalue_ratio
void set_constraints(FitOptions& options, const RegCovarLike& reg_covar, const PriorLike& prior,
                     const OptionalNumber& weight_concentration, const OptionalNumber& max_eigenvalue_ratio,
                     bool equal_weights);

}  // namespace mogul::python
