#include "report/same_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kRounding = 1e-6;  // of L, relative; float lanes leave 1e-7 of it

// Of one value that is a float on one side and the number it was written as on the other.
constexpr double kFloatRounding = std::numeric_limits<float>::epsilon() / 2;

bool is_near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

// After a last M-step, as scikit-learn takes it, the weights are those that the recorded sizes lead to, and L has gone
// one step beyond the record. Held weights do not tell.
bool may_be_a_step_beyond(const FitReport& report, const Mixture& mixture, const Hold& hold) {
  if (!hold.estimates_weights()) return true;
  if (report.component_sizes.size() != mixture.n_components()) return false;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (!is_near(mixture.weights()[k], report.component_sizes[k] / report.sum_weights, 1e-9)) return false;
  }
  return true;
}

// Steps gain less and less as a rule, though some after a short fit gain more than the one before; with reg_covar L may
// fall as well. Nothing is known of the gain of a first step.
bool may_be_gain_of_a_step(const FitReport& report, double gain) {
  const std::vector<double>& history = report.history;
  return history.size() < 2 || std::abs(gain) <= 10 * std::abs(history.back() - history[history.size() - 2]);
}

// An M-step makes the mean of the mixture that of the rows, sum_k pi_k mu_k = sum_n w_n x_n / sum_n w_n.
bool has_mean_of_rows(const Mixture& mixture, const DataView& data, double sum_weights) {
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    double of_rows = 0;
    for (std::size_t n = 0; n < data.rows(); ++n) of_rows += data.weight(n) / sum_weights * data.value(n, d);
    double mean = 0;
    for (std::size_t k = 0; k < mixture.n_components(); ++k) mean += mixture.weights()[k] * mixture.means()(k, d);
    double variance = 0;
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      const double from_mean = mixture.means()(k, d) - mean;
      variance += mixture.weights()[k] * (mixture.variance(k, d) + from_mean * from_mean);
    }
    const double rounding = kRounding * std::sqrt(variance) + kFloatRounding * std::abs(mean);
    if (!is_near(of_rows, mean, rounding)) return false;
  }
  return true;
}

// Of float lanes, which add up the parts of L in float, block by block.
double rounding_of_lanes(const Mixture& mixture, double log_likelihood, double sum_weights) {
  return kRounding * (std::abs(log_likelihood) + sum_weights * static_cast<double>(mixture.n_features()));
}

bool are_floats(const DataView& data) {
  return std::holds_alternative<MatrixView<const float>>(data.values()) ||
         std::holds_alternative<ColumnsView<const float>>(data.values());
}

// L on the rows rounded to floats, where floats can hold them.
std::optional<double> log_likelihood_as_floats(const Mixture& mixture, const DataView& data) {
  FloatMatrix rows(data.rows(), data.cols());
  for (std::size_t n = 0; n < data.rows(); ++n) {
    for (std::size_t d = 0; d < data.cols(); ++d) {
      const double value = data.value(n, d);
      if (std::abs(value) > std::numeric_limits<float>::max()) return std::nullopt;
      rows(n, d) = static_cast<float>(value);
    }
  }
  return log_likelihood(mixture, DataView(rows, data.weights()));
}

}  // namespace

double rounding_of_likelihood(const Mixture& mixture, double log_likelihood, double sum_weights) {
  // Where the fit read floats and these are the numbers that were written of them, or the other way round, each value
  // is off by half an eps of float: far from the origin, a larger share of a standard deviation.
  double offset = 0;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t d = 0; d < mixture.n_features(); ++d) {
      offset += mixture.weights()[k] * std::abs(mixture.means()(k, d)) / std::sqrt(mixture.variance(k, d));
    }
  }
  return rounding_of_lanes(mixture, log_likelihood, sum_weights) + kFloatRounding * offset * sum_weights;
}

bool are_rows_of_fit(const FitReport& report, const Mixture& mixture, const DataView& data,
                     const Evaluation& evaluation, const Hold& hold) {
  if (report.n_rows != evaluation.n_rows) return false;
  if (!is_near(report.sum_weights, evaluation.sum_weights, 1e-9 * report.sum_weights)) return false;
  const double gain = evaluation.log_likelihood - report.log_likelihood;
  const double rounding = rounding_of_likelihood(mixture, report.log_likelihood, report.sum_weights);
  if (std::abs(gain) <= rounding) return true;
  if (!may_be_a_step_beyond(report, mixture, hold) || !may_be_gain_of_a_step(report, gain)) return false;
  const bool is_held = !hold.estimates_weights() || hold.means || !hold.means_of.empty();
  return is_held || has_mean_of_rows(mixture, data, evaluation.sum_weights);
}

void check_trace(std::span<const LikelihoodParts> iterations, const ModelFile& model, const std::string& name) {
  if (iterations.empty()) return;
  if (!model.report || model.report->history.empty()) {
    throw invalid_argument(fmt::format(
        "{}: the model has no record of a fit that a trace could belong to; give the model that the fit wrote, or "
        "leave the trace out",
        name));
  }
  const FitReport& report = *model.report;
  bool has_end = false;
  for (const LikelihoodParts& step : iterations) {
    // A fit that ended below its best model has steps beyond its history.
    if (step.restart != report.best_restart || step.iteration >= report.history.size()) continue;
    const double recorded = report.history[step.iteration];
    has_end = has_end || step.iteration + 1 == report.history.size();
    if (is_near(step.log_likelihood, recorded, rounding_of_likelihood(model.mixture, recorded, report.sum_weights))) {
      continue;
    }
    throw invalid_data(
        fmt::format("{}: L = {:.10g} at iteration {} of restart {}, but the model's record of its fit has {:.10g}; is "
                    "it the trace of another fit?",
                    name, step.log_likelihood, step.iteration, step.restart, recorded));
  }
  if (has_end) return;
  throw invalid_data(
      fmt::format("{}: has no iteration {} of restart {}, with which the model's fit ended; is it the trace of another "
                  "fit?",
                  name, report.history.size() - 1, report.best_restart));
}

void check_rows_of_step(const TraceStep& step, const DataView& data, const std::string& data_name,
                        const std::string& trace_name) {
  double sum_weights = 0;
  for (const double size : step.component_sizes) sum_weights += size;
  const double found = log_likelihood(step.mixture, data);
  const double of_lanes = rounding_of_lanes(step.mixture, step.log_likelihood, sum_weights);
  if (is_near(found, step.log_likelihood, of_lanes)) return;
  if (are_floats(data)) {
    // The fit may have read doubles, of which these are what floats can hold.
    const double rounding = rounding_of_likelihood(step.mixture, step.log_likelihood, sum_weights);
    if (is_near(found, step.log_likelihood, rounding)) return;
  } else {
    // The fit may have read floats. A row 10^6 standard deviations away may have a component of its own there, so
    // narrow that from the float to the double it is many of that component's standard deviations: L changes by the
    // square of that. A tolerance as wide would take other rows as well, so the rows are rounded as the fit's were.
    const std::optional<double> as_floats = log_likelihood_as_floats(step.mixture, data);
    if (as_floats && is_near(*as_floats, step.log_likelihood, of_lanes)) return;
  }
  throw invalid_data(fmt::format(
      "{}: L = {:.10g} under the mixture of iteration {} of restart {}, but {} has L = {:.10g} there, so "
      "these are not the rows of that fit; is it another file, are its columns others or in another order, "
      "or was the fit with other row weights (--weights) or without the rows that lack a value (--missing)?",
      data_name, found, step.iteration, step.restart, trace_name, step.log_likelihood));
}

}  // namespace mogul
