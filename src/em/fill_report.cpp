#include "em/fill_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/cholesky.hpp"
#include "em/coincide.hpp"
#include "em/component_moments.hpp"
#include "em/overall_moments.hpp"
#include "model/criteria.hpp"

namespace mogul {
namespace {

// Sigma - R / share has no Cholesky factor if and only if R makes up `share` or more of the variance in some direction:
// v^T R v >= share v^T Sigma v. (R is diagonal; by Sylvester's law of inertia this is the smallest eigenvalue of
// R^-1/2 Sigma R^-1/2, at most 1 / share.)
bool is_regularised(const Mixture& mixture, std::size_t k, const std::vector<double>& added, double share) {
  if (mixture.family().layout == Layout::matrix) {
    Matrix rest = mixture.covariance(k);
    for (std::size_t d = 0; d < added.size(); ++d) rest(d, d) -= added[d] / share;
    return !is_positive_definite(rest.view());
  }
  for (std::size_t d = 0; d < added.size(); ++d) {
    if (added[d] >= share * mixture.variance(k, d)) return true;
  }
  return false;
}

// The largest share of a variance that R makes up, which is `low` or more, to half a per cent.
double regularised_share(const Mixture& mixture, std::size_t k, const std::vector<double>& added, double low) {
  double high = 1;
  while (high - low > 0.005) {
    const double middle = (low + high) / 2;
    (is_regularised(mixture, k, added, middle) ? low : high) = middle;
  }
  return high;
}

// The components for which that is so; of a shared covariance component 0 stands for all.
std::vector<std::size_t> regularised_components(const Mixture& mixture, const std::vector<double>& added,
                                                double share) {
  std::vector<std::size_t> found;
  if (std::ranges::none_of(added, [](double a) { return a > 0; })) return found;
  for (std::size_t k = 0; k < (mixture.family().shared ? 1 : mixture.n_components()); ++k) {
    if (is_regularised(mixture, k, added, share)) found.push_back(k);
  }
  return found;
}

// "component 3", "components 0, 1 and 4"; the first ten.
std::string listed(const std::vector<std::size_t>& components) {
  constexpr std::size_t kMost = 10;
  const std::size_t n_shown = std::min(components.size(), kMost);
  std::string text = components.size() == 1 ? "component " : "components ";
  for (std::size_t i = 0; i < n_shown; ++i) {
    const bool last = i + 1 == components.size();
    text += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", components[i]);
  }
  return n_shown < components.size() ? fmt::format("{} and {} others", text, components.size() - n_shown) : text;
}

void warn_of_too_few_rows(FitReport& report, const Mixture& mixture, const FitOptions& options,
                          std::size_t n_distinct_rows) {
  std::vector<std::size_t> dropped;
  for (std::size_t k = 0; options.hold.estimates_weights() && k < mixture.n_components(); ++k) {
    if (mixture.weights()[k] == 0) dropped.push_back(k);
  }
  const std::string without = dropped.empty() ? "" : fmt::format("{} left without weight", listed(dropped));
  if (n_distinct_rows < options.n_components) {
    report.warnings.push_back(fmt::format(
        "the rows have only {} different value{}, fewer than n_components = {}{}{}; lower n_components",
        n_distinct_rows, n_distinct_rows == 1 ? "" : "s", options.n_components, without.empty() ? "" : ": ", without));
  } else if (!dropped.empty()) {
    report.warnings.push_back(fmt::format("{}, as no row belongs to {}; lower n_components or start elsewhere", without,
                                          dropped.size() == 1 ? "it" : "them"));
  }
}

// Their mixing weight is held, equal, or kept up by a prior.
void warn_of_weight_without_rows(FitReport& report, const Mixture& mixture, const Stats& stats) {
  std::vector<std::size_t> without;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (mixture.weights()[k] > 0 && is_empty(stats, k)) without.push_back(k);
  }
  if (without.empty()) return;
  report.warnings.push_back(
      fmt::format("{} {} a mixing weight, though no row belongs to {}; start elsewhere or lower "
                  "n_components",
                  listed(without), without.size() == 1 ? "has" : "have", without.size() == 1 ? "it" : "them"));
}

void warn_of_coinciding(FitReport& report, const Mixture& mixture) {
  const auto same = coinciding_components(mixture, kSame);
  for (const auto& group : same) {
    report.warnings.push_back(
        fmt::format("{} coincide (the same mean and covariance), and EM never parts them; start elsewhere or lower "
                    "n_components",
                    listed(group)));
  }
  for (const auto& group : coinciding_components(mixture, kNearlySame)) {
    if (std::ranges::find(same, group) != same.end()) continue;
    report.warnings.push_back(
        fmt::format("{} nearly coincide (means within {:g} standard deviations): EM may have stopped between better "
                    "mixtures; start elsewhere or lower n_components",
                    listed(group), kNearlySame));
  }
}

// Few components take more than the one Cholesky factorisation that tells whether they are to be mentioned at all: the
// share is searched for only where it is larger than those found before.
void report_reg_covar(FitReport& report, const Mixture& mixture, const FitOptions& options,
                      const std::vector<double>& added) {
  constexpr double kNoticeable = 0.01;
  const std::vector<std::size_t> noticeable = regularised_components(mixture, added, kNoticeable);
  if (noticeable.empty()) return;
  report.n_regularised = count_regularised(mixture, added, 0.5);
  std::size_t most = noticeable.front();
  double share = kNoticeable;
  for (const std::size_t k : noticeable) {
    if (k != noticeable.front() && (share == 1 || !is_regularised(mixture, k, added, share))) continue;
    share = regularised_share(mixture, k, added, share);
    most = k;
  }
  const std::string whose = mixture.family().shared ? "the components" : fmt::format("component {}", most);
  const std::string others = noticeable.size() == 1 ? "" : fmt::format(", and 1 % or more in {}", listed(noticeable));
  const bool nearly_singular = share >= 0.9;
  report.warnings.push_back(fmt::format(
      "reg_covar = {} makes up {:.0f} % of the variance of {} in some direction{}{}: if this is unintended, {}lower "
      "reg_covar or scale the data",
      to_string(options.reg_covar), 100 * share, whose, others,
      nearly_singular ? ", where its rows are few or nearly equal, or its columns depend on each other" : "",
      nearly_singular ? "lower n_components or leave such a column out; else " : ""));
}

// Of components of their own covariance that hold few rows, and of a model that the search would have passed over.
void warn_of_few_rows(FitReport& report, const Mixture& mixture, const FitOptions& options, double row) {
  const bool is_bounded = options.prior || options.max_eigenvalue_ratio || mixture.family().shared;
  if (is_bounded || !report.search || mixture.n_components() == 1) return;
  const bool matrices = mixture.family().layout == Layout::matrix;
  const std::size_t needed = matrices ? mixture.n_features() + 1 : 2;
  if (report.search->is_flagged) {
    report.warnings.push_back(
        fmt::format("the search found no maximum in which every component holds the rows that its covariance needs "
                    "({}), none is nearly singular and no two coincide: the likelihood may have no highest point; "
                    "lower n_components, or set a prior",
                    needed));
    return;
  }
  std::vector<std::size_t> small;
  for (std::size_t k = 0; k < report.component_sizes.size(); ++k) {
    if (report.component_sizes[k] < 2 * row * static_cast<double>(needed)) small.push_back(k);
  }
  if (small.empty()) return;
  report.warnings.push_back(
      fmt::format("{} {} fewer than {} rows, twice what a covariance needs at least: {} may be "
                  "an accident of the sample; lower n_components, or set a prior",
                  listed(small), small.size() == 1 ? "holds" : "hold", 2 * needed, small.size() == 1 ? "it" : "they"));
}

// At rest they would have been waited for.
void warn_of_dying(FitReport& report, const std::vector<std::size_t>& dying) {
  if (dying.empty()) return;
  report.warnings.push_back(
      fmt::format("{} {} less than a thousandth of the rows and lost more of them with the last step; raise max_iter, "
                  "lower n_components or start elsewhere",
                  listed(dying), dying.size() == 1 ? "holds" : "hold"));
}

// The best restart may have come to an end of its own.
void record_that_the_caller_ended(FitReport& report, const FitOptions& options) {
  Termination& termination = report.termination;
  if (termination.reason == TerminationReason::cancelled || termination.reason == TerminationReason::max_passes) return;
  const bool cancelled =
      std::ranges::any_of(report.restarts, [](const Restart& r) { return r.reason == TerminationReason::cancelled; });
  const bool out_of_passes = !cancelled && std::ranges::any_of(report.restarts, [](const Restart& r) {
    return r.reason == TerminationReason::max_passes;
  });
  const std::string begun = report.search ? fmt::format("{} runs of the search", report.restarts.size())
                                          : fmt::format("{} of {} restarts", report.restarts.size(), options.n_init);
  termination = {out_of_passes ? TerminationReason::max_passes : TerminationReason::cancelled,
                 fmt::format("{} after {}, of which number {} is the best: {}",
                             out_of_passes ? "stopped at max_passes" : "cancelled by the caller", begun,
                             report.best_restart, termination.message)};
}

}  // namespace

std::size_t count_regularised(const Mixture& mixture, const std::vector<double>& added, double share) {
  return regularised_components(mixture, added, share).size() * (mixture.family().shared ? mixture.n_components() : 1);
}

void fill_report(FitReport& report, const EmLoop& loop, bool ended_by_caller, const FitOptions& options,
                 std::size_t n_rows, double row, const RowFacts& rows) {
  const Stats& stats = loop.result().stats;
  const Mixture& mixture = loop.result().mixture;
  report.termination = loop.termination();
  if (ended_by_caller) record_that_the_caller_ended(report, options);
  report.n_rows = n_rows;
  report.sum_weights = stats.sum_weights;
  report.iterations = loop.iterations();
  report.log_likelihood = stats.log_likelihood;
  report.prior = loop.prior();
  if (loop.prior() || options.weight_concentration) report.penalised_log_likelihood = loop.result().objective;
  report.mean_log_likelihood = stats.log_likelihood / stats.sum_weights;
  report.entropy = stats.entropy;
  report.history = loop.history();
  report.penalised_history = loop.penalised_history();
  report.component_sizes = stats.n;
  report.n_parameters = n_estimated_parameters(mixture, options.hold);
  const Criteria criteria(stats, report.n_parameters);
  report.aic = criteria.aic;
  report.bic = criteria.bic;
  report.icl = criteria.icl;
  report.n_promoted = stats.n_promoted;
  report.n_revived = loop.n_revived();
  if (options.max_iter > 0) {
    warn_of_too_few_rows(report, mixture, options, rows.n_distinct);
    const bool falls = options.hold.estimates_weights() && !(options.weight_concentration > 1.0);
    if (!falls) warn_of_weight_without_rows(report, mixture, stats);
    warn_of_coinciding(report, mixture);
    warn_of_dying(report, loop.dying());
    warn_of_few_rows(report, mixture, options, row);
  }
  // Every M-step adds reg_covar, also those of the starts but a given mixture.
  const bool is_given = std::holds_alternative<Mixture>(options.init) && loop.result().iteration == 0;
  if (!options.hold.covariances && !is_given) {
    report_reg_covar(report, mixture, options, added_variances(stats, mixture.family(), options.reg_covar));
  }
}

}  // namespace mogul
