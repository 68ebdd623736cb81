// A fit in words: one line, or the whole report with a row per component.

#include "mogul/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mogul/dataset.hpp"
#include "mogul/table.hpp"
#include "report/search_text.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxColumns = 6;       // features that a table shows; more do not fit a terminal
constexpr std::size_t kMaxCorrelations = 3;  // all pairs of three features

bool has_correlations(const Mixture& mixture) {
  const bool matrices = mixture.family().layout == Layout::matrix;
  return matrices && mixture.n_features() >= 2 && mixture.n_features() <= kMaxCorrelations;
}

Column numbers(std::string name, const Mixture& mixture, auto&& value, int digits = 6) {
  std::vector<double> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) values.push_back(value(k));
  return {std::move(name), std::move(values), digits};
}

Column texts(std::string name, const Mixture& mixture, auto&& text) {
  std::vector<std::string> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) values.push_back(text(k));
  return {.name = std::move(name), .values = std::move(values), .to_the_left = false};
}

Column feature_column(const std::string& name, const Mixture& mixture, std::size_t d, Spread spread) {
  const double unit = largest_standard_deviation(mixture, d);
  return texts(name, mixture, [&](std::size_t k) {
    const double variance = mixture.variance(k, d);
    return fmt::format("{} ({:.4g})", number_text(mixture.means()(k, d), 6, unit),
                       spread == Spread::variance ? variance : std::sqrt(variance));
  });
}

Column correlation_column(std::span<const std::string> names, const Mixture& mixture, std::size_t i, std::size_t j) {
  return texts(fmt::format("corr({},{})", names[i], names[j]), mixture, [&](std::size_t k) {
    const Matrix covariance = mixture.covariance(k);
    return fmt::format("{:.3f}", covariance(i, j) / std::sqrt(covariance(i, i)) / std::sqrt(covariance(j, j)));
  });
}

std::string plural(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

// None at all, or one per `owner`.
void check_one_each(std::size_t given, std::string_view what, std::size_t wanted, std::string_view owner) {
  if (given == 0 || given == wanted) return;
  throw invalid_argument(
      fmt::format("{} for {}; must have one per {}", plural(given, what), plural(wanted, owner), owner));
}

// The runs of a search are too many to be listed.
std::string restart_lines(const FitReport& report) {
  if (report.restarts.size() < 2 || report.search) return {};
  Table table{"restarts",
              "",
              {{"restart", std::vector<double>(), 15},
               {"log-likelihood", std::vector<double>(), 10},
               {"iterations", std::vector<double>(), 15},
               {"revived", std::vector<double>(), 15},
               {.name = "ended", .values = std::vector<std::string>(), .to_the_left = false}}};
  const auto add = [&table](std::size_t column, double value) {
    std::get<0>(table.columns[column].values).push_back(value);
  };
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < report.restarts.size(); ++i) {
    const Restart& r = report.restarts[i];
    add(0, static_cast<double>(i));
    add(1, r.failed ? none : r.log_likelihood);
    add(2, r.failed ? none : static_cast<double>(r.iterations));
    add(3, r.failed ? none : static_cast<double>(r.n_revived));
    const char* kept = i == report.best_restart ? ", kept" : "";
    std::get<1>(table.columns[4].values)
        .push_back(r.failed ? "failed: degenerate" : fmt::format("{}{}", to_string(r.reason), kept));
  }
  return "\n" + text_of(table, std::max<std::size_t>(4, report.restarts.size()));
}

std::string passes_line(const FitReport& report) {
  std::string phases;
  visit_fields(report.passes_by_phase, [&](const auto& field, double passes) {
    if (passes > 0) phases += fmt::format("{}{} {:.0f}", phases.empty() ? "" : ", ", field.name, passes);
  });
  return fmt::format("passes          {:.0f}  ({})\n", report.passes, phases);
}

// A matrix and the mean are in the model file.
std::string prior_text(const Prior& prior) {
  const bool is_number = prior.scale->size() == 1;
  return fmt::format("mean shrinkage {:.6g}, dof {:.6g}, scale {}", *prior.mean_shrinkage, *prior.dof,
                     is_number ? fmt::format("{:.6g}", prior.scale->front()) : "a matrix");
}

std::string repair_lines(const FitReport& report) {
  std::string out;
  if (report.n_regularised > 0) {
    out +=
        fmt::format("regularised     {} whose covariance needs reg_covar\n", plural(report.n_regularised, "component"));
  }
  if (report.n_revived > 0) {
    out += fmt::format("revived         {} of an empty or singular component\n", plural(report.n_revived, "revival"));
  }
  if (report.n_promoted > 0) {
    out += fmt::format("promoted        {} computed in double, as float cannot hold them\n",
                       plural(report.n_promoted, "component"));
  }
  if (report.n_seed_rows > 0 && report.n_seed_rows < report.n_rows) {
    out += fmt::format("{:<15} a sample of {} of {} rows\n", report.search ? "searched in" : "seeded on",
                       report.n_seed_rows, report.n_rows);
  }
  return out;
}

}  // namespace

std::string brief(const FitReport& report, const Mixture& mixture) {
  const std::string revived =
      report.n_revived == 0 ? "" : fmt::format(", {} revived", plural(report.n_revived, "component"));
  const std::string regularised =
      report.n_regularised == 0 ? "" : fmt::format(", {} regularised", plural(report.n_regularised, "component"));
  const std::string penalised =
      report.penalised_log_likelihood
          ? fmt::format(" (penalised {:.8g})", *report.penalised_log_likelihood / report.sum_weights)
          : "";
  return fmt::format("K = {}, {}: mean log-likelihood {:.8g}{}, BIC {:.8g}, {}, {}{}{}", mixture.n_components(),
                     to_string(mixture.family()), report.mean_log_likelihood, penalised, report.bic,
                     plural(report.iterations, "iteration"), to_string(report.termination.reason), revived,
                     regularised);
}

double largest_standard_deviation(const Mixture& mixture, std::size_t feature) {
  double largest = 0;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (mixture.weights()[k] > 0) largest = std::max(largest, mixture.variance(k, feature));
  }
  return std::sqrt(largest);
}

std::string component_table(const Mixture& mixture, std::span<const double> component_sizes,
                            std::span<const std::string> feature_names, Spread spread) {
  check_one_each(feature_names.size(), "feature name", mixture.n_features(), "feature");
  check_one_each(component_sizes.size(), "component size", mixture.n_components(), "component");
  const std::size_t n_shown = std::min(mixture.n_features(), kMaxColumns);
  std::vector<std::string> names;
  for (std::size_t d = 0; d < n_shown; ++d) {
    names.push_back(feature_names.empty() ? default_column_name(d) : feature_names[d]);
  }
  Table table{"components",
              "",
              {numbers(
                   "component", mixture, [](std::size_t k) { return static_cast<double>(k); }, 15),
               {"weight", mixture.weights()}}};
  if (!component_sizes.empty())
    table.columns.push_back({"N_k", std::vector(component_sizes.begin(), component_sizes.end())});
  for (std::size_t d = 0; d < n_shown; ++d) table.columns.push_back(feature_column(names[d], mixture, d, spread));
  for (std::size_t i = 0; has_correlations(mixture) && i < n_shown; ++i) {
    for (std::size_t j = i + 1; j < n_shown; ++j) {
      table.columns.push_back(correlation_column(names, mixture, i, j));
    }
  }
  const std::string shown = n_shown < mixture.n_features()
                                ? fmt::format(", the first {} of {} features", n_shown, mixture.n_features())
                                : std::string();
  return fmt::format("{}  mean ({}) of each feature{}\n",
                     text_of(table, std::max<std::size_t>(4, mixture.n_components())),
                     spread == Spread::variance ? "variance" : "standard deviation", shown);
}

std::string summary(const FitReport& report, const Mixture& mixture, std::span<const std::string> feature_names,
                    Spread spread) {
  std::string out =
      fmt::format("Gaussian mixture: K = {}, {} covariance, {}, {}\n\n", mixture.n_components(),
                  to_string(mixture.family()), plural(report.n_rows, "row"), plural(mixture.n_features(), "feature"));
  if (report.sum_weights != static_cast<double>(report.n_rows)) {
    out += fmt::format("sum of weights  {:.10g}\n", report.sum_weights);
  }
  out += fmt::format("log-likelihood  {:.10g}  (mean {:.8g})\n", report.log_likelihood, report.mean_log_likelihood);
  if (report.penalised_log_likelihood) {
    out +=
        fmt::format("penalised       {:.10g}, with the log density of the priors\n", *report.penalised_log_likelihood);
  }
  if (report.prior) out += fmt::format("prior           {}\n", prior_text(*report.prior));
  out += fmt::format("AIC, BIC, ICL   {:.8g}, {:.8g}, {:.8g}  ({}; lower is better)\n", report.aic, report.bic,
                     report.icl, plural(report.n_parameters, "free parameter"));
  out += fmt::format("iterations      {}\n", report.iterations);
  if (report.search) out += fmt::format("search          {}\n", search_text(*report.search));
  if (report.passes > 0) out += passes_line(report);
  out += fmt::format("ended           {}\n", report.termination.message);
  out += repair_lines(report);
  for (const std::string& warning : report.warnings) out += fmt::format("warning         {}\n", warning);
  out += fmt::format("seconds         {:.3g}  (start {:.3g}, E-steps {:.3g}, M-steps {:.3g})\n", report.seconds.total,
                     report.seconds.initialise, report.seconds.e_step, report.seconds.m_step);
  out += "\n" + component_table(mixture, report.component_sizes, feature_names, spread);
  return out + restart_lines(report);
}

}  // namespace mogul
