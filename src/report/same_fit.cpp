#include "report/same_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kRounding = 1e-6;  // of L, relative; float lanes leave 1e-7 of it

bool is_near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

// After a final M-step (FitOptions::final_m_step) the weights are those that the recorded sizes lead to, and L has gone
// one step beyond the record. Held weights do not tell.
bool may_be_a_step_beyond(const FitReport& report, const Mixture& mixture, const Update& estimated) {
  if (!estimated.weights) return true;
  if (report.component_sizes.size() != mixture.n_components()) return false;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (!is_near(mixture.weights()[k], report.component_sizes[k] / report.sum_weights, 1e-9)) return false;
  }
  return true;
}

// The gain of one step more: steps near the end gain less and less, but a step after a short fit may gain more than
// the last one.
bool is_gain_of_a_step(const FitReport& report, double gain, double rounding) {
  constexpr double kTimesTheLast = 10;
  const std::vector<double>& history = report.history;
  if (history.size() < 2) return gain > -rounding;
  return std::abs(gain) <= rounding + kTimesTheLast * std::abs(history.back() - history[history.size() - 2]);
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
  const auto n_features = static_cast<double>(mixture.n_features());
  return kRounding * (std::abs(log_likelihood) + sum_weights * n_features) +
         std::numeric_limits<float>::epsilon() / 2 * offset * sum_weights;
}

bool are_rows_of_fit(const FitReport& report, const Mixture& mixture, const Evaluation& evaluation,
                     const Update& estimated) {
  if (report.n_rows != evaluation.n_rows) return false;
  if (!is_near(report.sum_weights, evaluation.sum_weights, 1e-9 * report.sum_weights)) return false;
  const double gain = evaluation.log_likelihood - report.log_likelihood;
  const double rounding = rounding_of_likelihood(mixture, report.log_likelihood, report.sum_weights);
  if (std::abs(gain) <= rounding) return true;
  return may_be_a_step_beyond(report, mixture, estimated) && is_gain_of_a_step(report, gain, rounding);
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
  const double found = log_likelihood(step.mixture, data);
  double sum_weights = 0;
  for (const double size : step.component_sizes) sum_weights += size;
  if (is_near(found, step.log_likelihood, rounding_of_likelihood(step.mixture, step.log_likelihood, sum_weights))) {
    return;
  }
  throw invalid_data(fmt::format(
      "{}: L = {:.10g} under the mixture of iteration {} of restart {}, but {} has L = {:.10g} there, so "
      "these are not the rows of that fit; is it another file, are its columns others or in another order, "
      "or was the fit with other row weights (--weights) or without the rows that lack a value (--missing)?",
      data_name, found, step.iteration, step.restart, trace_name, step.log_likelihood));
}

}  // namespace mogul
