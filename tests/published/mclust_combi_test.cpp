// mclust 6.1.3's clustCombi and clustCombiOptim, from its own fits: entropies of 1 .. K clusters, and how many are
// recommended.
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/fit.hpp"
#include "mogul/merge.hpp"
#include "mogul/score.hpp"
#include "published/mclust_cells.hpp"

namespace {

// mclust's fit from its own start, stopped where it stops by default: entropies near a maximum change in the first
// order, so that those of the maximum would agree to three digits only.
mogul::FitResult fit_of_mclust(const nlohmann::json& record) {
  mogul::FitOptions options;
  options.n_components = record["bic_G"];
  options.covariance = mogul::covariance_family_from(record["bic_model"].get<std::string>());
  const std::string data_set = record["dataset"];
  if (data_set == "baudry_ex4_1") {  // of which mclust's partition is not at hand; ours is the same
    options.init = mogul::InitMethod::hierarchical;
  } else {
    options.init = mogul::Labels{mclust::partition(data_set, options.n_components)};
  }
  options.reg_covar = 0;
  options.acceleration = mogul::AccelerationMethod::none;
  return mclust::fit_to_mclusts_stop(mclust::rows_of(record["dataset"]), options, 1e-5);
}

TEST(MclustCombi, EntropiesAndTheRecommendedNumberAreMclusts) {
  const auto records = nlohmann::json::parse(std::ifstream(MOGUL_TEST_DATA "/mclust_combi.json"));
  ASSERT_EQ(records.size(), 4U);
  for (const auto& record : records) {
    SCOPED_TRACE(record["dataset"].get<std::string>());
    const mogul::FitResult fit = fit_of_mclust(record);
    EXPECT_NEAR(fit.report.log_likelihood, record["loglik"], 1e-6);
    const mogul::ComponentTree tree = mogul::merge(fit.mixture, mclust::rows_of(record["dataset"]));
    const std::vector<double> expected = record["entropy_by_K"];
    ASSERT_EQ(tree.entropies.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(tree.entropies[i], expected[i], 1e-6 * (1 + expected[i])) << i + 1;
    EXPECT_EQ(tree.recommended, record["optim_K"]);
  }
}

}  // namespace
