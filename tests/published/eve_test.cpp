// EVE: the M-step from a partition may have several maxima, which differ by the common axes. Where mclust's EM ends
// elsewhere than ours, it began in a lower one.
#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/fit.hpp"
#include "mogul/stats.hpp"
#include "published/mclust_cells.hpp"

namespace {

using mogul::Matrix;
using mogul::Mixture;

// The M-step from the partition, its axes from this angle on to the nearest maximum.
Mixture from_angle(const std::string& data_set, std::size_t n_components, double degrees) {
  const mogul::Dataset data = mclust::rows_of(data_set);
  const std::vector<std::int32_t> labels = mclust::partition(data_set, n_components);
  Matrix responsibilities(labels.size(), n_components);
  for (std::size_t n = 0; n < labels.size(); ++n) responsibilities(n, static_cast<std::size_t>(labels[n])) = 1;
  const double c = std::cos(degrees * std::numbers::pi / 180);
  const double s = std::sin(degrees * std::numbers::pi / 180);
  std::vector<double> covariances;
  for (std::size_t k = 0; k < n_components; ++k) {
    covariances.insert(covariances.end(), {4 * c * c + s * s, 3 * c * s, 3 * c * s, 4 * s * s + c * c});
  }
  const std::vector<double> weights(n_components, 1 / static_cast<double>(n_components));
  const Mixture current(mogul::families::eve, weights, Matrix(n_components, 2), covariances);
  return maximise(current, data, responsibilities.view(), {});
}

double published(const std::string& data_set, std::size_t n_components) {
  const auto reference = nlohmann::json::parse(std::ifstream(MOGUL_TEST_DATA "/mclust_tight.json"));
  for (const auto& cell : reference["results"]) {
    if (cell["dataset"] == data_set && cell["model"] == "EVE" && cell["G"] == n_components) return cell["loglik"];
  }
  return NAN;
}

// What the maximum-likelihood M-step minimises once the variances are the best for the axes.
double volume(const Mixture& mixture) { return mixture.covariances().log_determinant(0); }

TEST(MclustEve, EndsElsewhereBecauseItsFirstMStepIsALowerMaximum) {
  struct Case {
    const char* data_set;
    std::size_t n_components;
    double degrees;  // of the lower maximum
  };
  for (const auto& [data_set, n_components, degrees] : {Case{"wreath", 8, 27}, Case{"cross", 4, 87}}) {
    SCOPED_TRACE(data_set);
    const mogul::Dataset data = mclust::rows_of(data_set);
    mogul::FitOptions options = mclust::from_partition(data_set, mogul::families::eve, n_components);
    options.max_iter = 0;
    const Mixture ours = fit(data, options).mixture;
    const Mixture lower = from_angle(data_set, n_components, degrees);
    EXPECT_LT(volume(ours), volume(lower) - 1e-3);
    options = mclust::from_partition(data_set, mogul::families::eve, n_components);
    options.init = lower;
    EXPECT_NEAR(mclust::fit_to_the_end(data, options).report.log_likelihood, published(data_set, n_components), 1e-4);
  }
}

// With two features the axes are one angle, and every angle can be tried.
TEST(MclustEve, OurFirstMStepIsTheHighestMaximumOverAllAngles) {
  for (const char* data_set : {"wreath", "cross", "faithful"}) {
    for (std::size_t n_components = 2; n_components < 10; ++n_components) {
      mogul::FitOptions options = mclust::from_partition(data_set, mogul::families::eve, n_components);
      options.max_iter = 0;
      const double ours = volume(fit(mclust::rows_of(data_set), options).mixture);
      for (double degrees = 0.5; degrees < 90; degrees += 10) {
        EXPECT_LE(ours, volume(from_angle(data_set, n_components, degrees)) + 1e-8) << data_set << n_components;
      }
    }
  }
}

}  // namespace
