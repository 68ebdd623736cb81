// The one call that most users need: data and options in, a fitted mixture and its report out.
#pragma once

#include "mogul/dataset.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

struct FitResult {
  Mixture mixture;
  FitReport report;
  Stats stats;  ///< of the rows under the mixture: what another M-step would take

  bool operator==(const FitResult&) const = default;
};

/// Maximum-likelihood fit by expectation-maximisation.
///
/// Starts from options.init, alternates E- and M-steps until the mean log-likelihood changes by less
/// than tol, repeats n_init times and keeps the best. The reported log-likelihood is that of the
/// returned mixture. The result is the same bytes for any n_threads on one instruction set.
///
/// @param data  (N, D) with optional row weights; see DataView for what the values must be
/// @throws      invalid_argument for options that break a rule; invalid_data for NaN, infinities or bad
///              row weights in the data, and for constant columns under a relative reg_covar; fit_error if every
///              restart stays degenerate
/// @cost        per iteration O(N K D^2) full and tied, O(N K D) otherwise; memory beyond the data is
///              independent of N, and O(K D) where the family has no matrices
/// @source      Dempster, Laird, Rubin (1977); Bishop (2006), section 9.2
FitResult fit(const DataView& data, const FitOptions& options);

}  // namespace mogul
