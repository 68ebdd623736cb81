#include "report/report_summary.hpp"

#include <fmt/format.h>

#include <string>

namespace mogul {
namespace {

std::string counted(std::size_t n, const char* noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

std::string sentence_about_weights(double sum) { return fmt::format(" The weights of the rows sum to {:.10g}.", sum); }

// The rows of the page: what they weigh, and how many of the file are not among them.
std::string sentences_about_rows(const SummaryFacts& facts) {
  std::string text;
  if (facts.data.weighted()) text += sentence_about_weights(facts.evaluation.sum_weights);
  const std::size_t n_dropped = facts.options.dropped_rows.size();
  if (n_dropped > 0) {
    text += fmt::format(" {} that {} a value {} left out.", counted(n_dropped, "row"),
                        n_dropped == 1 ? "lacks" : "lack", n_dropped == 1 ? "was" : "were");
  }
  return text;
}

std::string sentence_about_mixture(const SummaryFacts& facts, std::size_t n_rows) {
  const Mixture& mixture = facts.model.mixture;
  const std::size_t n_estimated = facts.evaluation.n_parameters;
  const std::string of_them =
      n_estimated < mixture.n_parameters() ? fmt::format(", {} of them estimated", n_estimated) : "";
  return fmt::format("A mixture of K = {} ({} covariances, {}{}), on {} of {}.",
                     counted(mixture.n_components(), "Gaussian"), to_string(mixture.family()),
                     counted(mixture.n_parameters(), "free parameter"), of_them, counted(n_rows, "row"),
                     counted(mixture.n_features(), "feature"));
}

std::string numbers_of(std::size_t n_rows, double sum_weights, double log_likelihood) {
  return fmt::format("{} (sum of weights {:.10g}, L = {:.10g})", counted(n_rows, "row"), sum_weights, log_likelihood);
}

void add_rows_of_page(Document& document, const SummaryFacts& facts) {
  const FitReport& report = *facts.model.report;
  const Evaluation& evaluation = facts.evaluation;
  document.blocks.emplace_back(Heading{"The rows of this page", "rows"});
  document.blocks.emplace_back(Paragraph{fmt::format(
      "The rows of this page are not those of the fit, or have other weights: the fit had {}, this page has {}.{}",
      numbers_of(report.n_rows, report.sum_weights, report.log_likelihood),
      numbers_of(evaluation.n_rows, evaluation.sum_weights, evaluation.log_likelihood), sentences_about_rows(facts))});
  document.blocks.emplace_back(
      Paragraph{"What was fitted, the convergence and the settings are about the fit. The pictures, N_k, the sizes and "
                "the overlap of the components, the rows explained worst and the criteria are about the rows of this "
                "page. If you meant the rows of the fit, look for forgotten weights (--weights), another file, columns "
                "in another order, or another treatment of rows that lack a value (--missing)."});
}

}  // namespace

void add_summary(Document& document, const SummaryFacts& facts) {
  document.blocks.emplace_back(Heading{"What was fitted", "summary"});
  if (facts.has_rows_of_fit) {
    document.blocks.emplace_back(
        Paragraph{sentence_about_mixture(facts, facts.data.rows()) + sentences_about_rows(facts)});
  } else {
    const FitReport& report = *facts.model.report;
    const bool is_weighted = report.sum_weights != static_cast<double>(report.n_rows);
    document.blocks.emplace_back(Paragraph{sentence_about_mixture(facts, report.n_rows) +
                                           (is_weighted ? sentence_about_weights(report.sum_weights) : "")});
  }
  if (!facts.model.report) {
    document.blocks.emplace_back(Paragraph{"The model has no record of a fit."});
    return;
  }
  const FitReport& report = *facts.model.report;
  document.blocks.emplace_back(Paragraph{fmt::format("{} in {:.3g} s: {}.", counted(report.iterations, "iteration"),
                                                     report.seconds.total, report.termination.message)});
  for (const std::string& warning : report.warnings) document.blocks.emplace_back(Paragraph{"Warning: " + warning});
  if (!facts.has_rows_of_fit) add_rows_of_page(document, facts);
}

}  // namespace mogul
