// A fit in words: one line, or the whole report with a row per component.

#include "mogul/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mogul/dataset.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxColumns = 6;       // features that a table shows; more do not fit a terminal
constexpr std::size_t kMaxCorrelations = 3;  // all pairs of three features

using Row = std::vector<std::string>;

// Right-aligned columns, two blanks apart.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], row[j].size());
  }
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t j = 0; j < row.size(); ++j) out += fmt::format("{:>{}}", row[j], widths[j] + 2);
    out += '\n';
  }
  return out;
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

bool has_correlations(const Mixture& mixture) {
  const bool matrices =
      mixture.structure() == CovarianceStructure::full || mixture.structure() == CovarianceStructure::tied;
  return matrices && mixture.n_features() >= 2 && mixture.n_features() <= kMaxCorrelations;
}

Row heading(const Mixture& mixture, bool sizes, const std::vector<std::string>& names) {
  Row row{"component", "weight"};
  if (sizes) row.emplace_back("N_k");
  row.insert(row.end(), names.begin(), names.end());
  for (std::size_t i = 0; has_correlations(mixture) && i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) row.push_back(fmt::format("corr({},{})", names[i], names[j]));
  }
  return row;
}

Row component_row(const Mixture& mixture, std::size_t k, std::span<const double> sizes, std::size_t n_shown,
                  Spread spread) {
  Row row{fmt::format("{}", k), number(mixture.weights()[k])};
  if (!sizes.empty()) row.push_back(number(sizes[k]));
  for (std::size_t d = 0; d < n_shown; ++d) {
    const double variance = mixture.variance(k, d);
    row.push_back(fmt::format("{:.6g} ({:.4g})", mixture.means()(k, d),
                              spread == Spread::variance ? variance : std::sqrt(variance)));
  }
  if (!has_correlations(mixture)) return row;
  const Matrix covariance = mixture.covariance(k);
  for (std::size_t i = 0; i < n_shown; ++i) {
    for (std::size_t j = i + 1; j < n_shown; ++j) {
      const double correlation = covariance(i, j) / std::sqrt(covariance(i, i)) / std::sqrt(covariance(j, j));
      row.push_back(fmt::format("{:.3f}", correlation));
    }
  }
  return row;
}

std::string plural(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

// None at all, or one per `owner`.
void check_one_each(std::size_t given, std::string_view what, std::size_t wanted, std::string_view owner) {
  if (given == 0 || given == wanted) return;
  throw invalid_argument(
      fmt::format("{} for {}; must have one per {}", plural(given, what), plural(wanted, owner), owner));
}

std::string restart_lines(const FitReport& report) {
  if (report.restarts.size() < 2) return {};
  std::vector<Row> rows{{"restart", "log-likelihood", "iterations", "revived", "ended"}};
  for (std::size_t i = 0; i < report.restarts.size(); ++i) {
    const Restart& r = report.restarts[i];
    if (r.failed) {
      rows.push_back({fmt::format("{}", i), "-", "-", "-", "failed: degenerate"});
    } else {
      const char* kept = i == report.best_restart ? ", kept" : "";
      rows.push_back({fmt::format("{}", i), fmt::format("{:.10g}", r.log_likelihood), fmt::format("{}", r.iterations),
                      fmt::format("{}", r.n_revived), fmt::format("{}{}", to_string(r.reason), kept)});
    }
  }
  return fmt::format("\n{}", aligned(rows));
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
    out += fmt::format("seeded on       a sample of {} of {} rows\n", report.n_seed_rows, report.n_rows);
  }
  return out;
}

}  // namespace

std::string_view to_string(TerminationReason reason) {
  switch (reason) {
    case TerminationReason::converged: return "converged";
    case TerminationReason::max_iter: return "max_iter";
    case TerminationReason::cancelled: return "cancelled";
    case TerminationReason::coincident: return "coincident";
  }
  return "";
}

std::string brief(const FitReport& report, const Mixture& mixture) {
  const std::string revived =
      report.n_revived == 0 ? "" : fmt::format(", {} revived", plural(report.n_revived, "component"));
  const std::string regularised =
      report.n_regularised == 0 ? "" : fmt::format(", {} regularised", plural(report.n_regularised, "component"));
  return fmt::format("K = {}, {}: mean log-likelihood {:.8g}, BIC {:.8g}, {}, {}{}{}", mixture.n_components(),
                     to_string(mixture.structure()), report.mean_log_likelihood, report.bic,
                     plural(report.iterations, "iteration"), to_string(report.termination.reason), revived,
                     regularised);
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
  std::vector<Row> rows{heading(mixture, !component_sizes.empty(), names)};
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    rows.push_back(component_row(mixture, k, component_sizes, n_shown, spread));
  }
  const std::string shown = n_shown < mixture.n_features()
                                ? fmt::format(", the first {} of {} features", n_shown, mixture.n_features())
                                : std::string();
  return fmt::format("{}  mean ({}) of each feature{}\n", aligned(rows),
                     spread == Spread::variance ? "variance" : "standard deviation", shown);
}

std::string full(const FitReport& report, const Mixture& mixture, std::span<const std::string> feature_names,
                 Spread spread) {
  std::string out = fmt::format("Gaussian mixture: K = {}, {} covariance, {}, {}\n\n", mixture.n_components(),
                                to_string(mixture.structure()), plural(report.n_rows, "row"),
                                plural(mixture.n_features(), "feature"));
  if (report.sum_weights != static_cast<double>(report.n_rows)) {
    out += fmt::format("sum of weights  {:.10g}\n", report.sum_weights);
  }
  out += fmt::format("log-likelihood  {:.10g}  (mean {:.8g})\n", report.log_likelihood, report.mean_log_likelihood);
  out += fmt::format("AIC, BIC, ICL   {:.8g}, {:.8g}, {:.8g}  ({}; lower is better)\n", report.aic, report.bic,
                     report.icl, plural(report.n_parameters, "free parameter"));
  out += fmt::format("iterations      {}\n", report.iterations);
  out += fmt::format("ended           {}\n", report.termination.sentence);
  out += repair_lines(report);
  for (const std::string& warning : report.warnings) out += fmt::format("warning         {}\n", warning);
  out += fmt::format("seconds         {:.3g}  (start {:.3g}, E-steps {:.3g}, M-steps {:.3g})\n", report.seconds.total,
                     report.seconds.initialise, report.seconds.e_step, report.seconds.m_step);
  out += "\n" + component_table(mixture, report.component_sizes, feature_names, spread);
  return out + restart_lines(report);
}

}  // namespace mogul
