// The search against mclust 6.1.3 (tolerance 1e-12, from its hierarchical start): the log-likelihood of seven data
// sets, the six plain families and G = 2..9, found without any start.
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/fit.hpp"
#include "published/mclust_cells.hpp"

namespace {

using mogul::Search;

struct Outcome {
  std::size_t n_cells = 0;
  std::size_t n_reached = 0;  // within 0.1 nat, or better
  std::size_t n_failed = 0;   // no start that did not collapse
  double passes = 0;
  std::string missed;

  double share() const { return static_cast<double>(n_reached) / static_cast<double>(n_cells); }
  double mean_passes() const { return passes / static_cast<double>(n_cells); }
};

Outcome outcome_of(Search search, std::uint64_t seed) {
  const auto reference = nlohmann::json::parse(std::ifstream(MOGUL_TEST_DATA "/mclust_tight.json"));
  Outcome outcome;
  for (const auto& cell : reference["results"]) {
    const mogul::CovarianceFamily family = mogul::covariance_family_from(std::string(cell["model"]));
    if (cell["loglik"].is_null() || cell["G"] == 1 || family.plain.empty()) continue;
    const std::string data_set = cell["dataset"];
    mogul::FitOptions options;
    options.init = search;
    options.n_components = cell["G"];
    options.covariance = family;
    options.reg_covar = 0;
    options.seed = seed;
    const mogul::FitReport report = fit(mclust::rows_of(data_set), options).report;
    ++outcome.n_cells;
    outcome.n_failed += report.search ? 0 : 1;
    outcome.passes += report.passes;
    if (report.log_likelihood >= double(cell["loglik"]) - 0.1) {
      ++outcome.n_reached;
    } else {
      outcome.missed += data_set + " " + std::string(cell["model"]) + " " + cell["G"].dump() + "; ";
    }
  }
  return outcome;
}

TEST(PublishedSearch, TheDefaultReachesMclust) {
  const Outcome outcome = outcome_of(Search::standard, 0);
  EXPECT_GT(outcome.n_cells, 250U) << "the premise";
  EXPECT_GE(outcome.share(), 0.97) << outcome.missed;
  EXPECT_LE(outcome.mean_passes(), 500);
  EXPECT_LE(outcome.n_failed, 1U);
}

TEST(PublishedSearch, TheQuickOneMostOfIt) {
  const Outcome outcome = outcome_of(Search::quick, 0);
  EXPECT_GE(outcome.share(), 0.9) << outcome.missed;
  EXPECT_LE(outcome.mean_passes(), 250);
}

TEST(PublishedSearch, TheThoroughOneNearlyAll) {
  const Outcome outcome = outcome_of(Search::thorough, 0);
  EXPECT_GE(outcome.share(), 0.99) << outcome.missed;
  EXPECT_LE(outcome.mean_passes(), 850);
}

}  // namespace
