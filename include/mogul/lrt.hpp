// How many components do the rows call for? The likelihood-ratio test of K against K + 1, by the parametric bootstrap.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/options.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// Of K components against K + 1. Numbers are NaN where there are none.
struct LikelihoodRatioTest {
  std::size_t n_components = 0;  ///< K
  std::string reason = {};       ///< why there is no test; empty where there is one
  double log_likelihood = std::numeric_limits<double>::quiet_NaN();
  double log_likelihood_of_next = std::numeric_limits<double>::quiet_NaN();  ///< with K + 1
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> replicates = {};  ///< statistics of the data sets drawn from K components, in their order
  std::size_t n_failed = 0;             ///< data sets without a fit of K, which have no statistic
  std::size_t n_failed_of_next = 0;     ///< those without a fit of K + 1, whose statistic is 0

  std::size_t n_drawn() const { return replicates.size() + n_failed; }
};

struct LrtOptions {
  /// What all fits share: covariance, reg_covar, gain, seed, ...; not n_components, init, n_init, max_passes and
  /// callback.
  FitOptions fit = {};
  /// Each K is tested against K + 1, in this order, until one is not rejected: a range without gaps.
  std::vector<std::size_t> n_components = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::size_t n_bootstrap = 999;  ///< data sets that are drawn for a test
  double level = 0.05;            ///< K is rejected where the p-value is this or less
  /// The one start of the fits of the rows, in place of seeds, splits and merges. Those of the data sets then start
  /// from the fits of the rows.
  std::optional<InitMethod> init = {};
  /// Told of every data set that is done, from one thread at a time. May be empty.
  std::function<void(std::size_t n_components, std::size_t n_done, std::size_t n_bootstrap)> progress = {};
};

struct LrtResult {
  CovarianceFamily covariance;
  double level;
  std::size_t n_bootstrap;
  std::vector<LikelihoodRatioTest> tests;   ///< by K; the last one is not rejected, or there were no more
  std::optional<std::size_t> n_components;  ///< the smallest K that is not rejected; none where there is none
  bool is_interrupted;                      ///< the last test is of fewer data sets, or of none
};

/// Tests K components against K + 1, for one K after another, until one is not rejected.
///
///   statistic  2 (L_{K+1} - L_K), at least 0, as K components are a special case of K + 1
///   p          (1 + b) / (B + 1), b of the B data sets drawn from the fit of K have a statistic as large
///
/// The statistic has no chi-squared distribution, because under K components a weight of K + 1 lies on its border. So
/// its distribution is that of data sets of as many rows, to which both models are fitted as to the rows themselves:
/// from the seeds of a search, K + 1 also from splits of K, and K from merges of K + 1. Where in every maximum of K + 1
/// a component collapses onto a row or two, the statistic is 0; a data set without a fit of K counts as one of a
/// statistic as large. Where the rows themselves lack a fit, there is no test, but a reason. Results are the same bytes
/// for any number of threads.
///
/// @throws invalid_argument for options that break a rule: priors and equal weights, with which K components do not
///         maximise the likelihood, or are no special case of K + 1; row weights that are not counts
/// @throws invalid_data     as fit()
/// @cost   2 (B + 1) fits for each K
/// @source McLachlan (1987), Applied Statistics 36
LrtResult lrt(const DataView& data, const LrtOptions& options);

/// A row for each test: K, both log-likelihoods, the statistic, p, data sets, and why there is no test.
Table lrt_table(const LrtResult& result);
/// Several lines: the table, and in words what follows from it.
std::string summary(const LrtResult& result);
/// {"covariance", "level", "n_bootstrap", "tests": [...], "n_components"}: the tests as in lrt_table(), with the
/// statistics of all data sets.
std::string lrt_json(const LrtResult& result);

}  // namespace mogul
