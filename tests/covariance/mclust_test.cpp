// One M-step of mclust 6.1.3 on iris for every family but VVE, whose update in mclust is not that of maximum
// likelihood; and VVE by an exact M-step from known labels on four data sets.
#include <cmath>
#include <fstream>
#include <map>
#include <numbers>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "covariance/family_problem.hpp"
#include "mogul/io.hpp"

namespace {

using mogul::Covariances;
using mogul::Matrix;
using mogul::Scatters;
using oracle::answer;
using oracle::distance;
using oracle::objective;

const std::string kData = MOGUL_TEST_DATA "/";

Matrix rows_of(const mogul::Dataset& data) {
  Matrix x(data.rows(), data.cols());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < x.cols(); ++d) x(n, d) = data.view().value(n, d);
  }
  return x;
}

struct Labelled {
  Matrix x;
  Matrix z;  // (N, K), one 1 in each row
};
Labelled labelled(const std::string& name) {
  mogul::ReadOptions options;
  options.exclude = {"class"};
  Labelled out{rows_of(mogul::read_dataset(kData + name + ".csv", options)), {}};
  std::ifstream file(kData + name + ".csv");
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::size_t> components;
  std::vector<std::size_t> labels;
  while (std::getline(file, line)) {
    labels.push_back(components.emplace(line.substr(line.rfind(',') + 1), components.size()).first->second);
  }
  out.z = Matrix(out.x.rows(), components.size());
  for (std::size_t n = 0; n < labels.size(); ++n) out.z(n, labels[n]) = 1;
  return out;
}

// About the weighted means of the components.
Scatters scatters_of(const Matrix& x, const Matrix& z) {
  const std::size_t d = x.cols();
  Scatters out{mogul::Layout::matrix, d, std::vector<double>(z.cols()), Matrix(z.cols(), d * (d + 1) / 2)};
  for (std::size_t k = 0; k < z.cols(); ++k) {
    std::vector<double> mean(d);
    for (std::size_t n = 0; n < x.rows(); ++n) {
      out.counts[k] += z(n, k);
      for (std::size_t i = 0; i < d; ++i) mean[i] += z(n, k) * x(n, i);
    }
    for (double& value : mean) value /= out.counts[k];
    for (std::size_t n = 0; n < x.rows(); ++n) {
      for (std::size_t i = 0, at = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++at) {
          out.second(k, at) += z(n, k) * (x(n, i) - mean[i]) * (x(n, j) - mean[j]);
        }
      }
    }
  }
  return out;
}

Covariances mclusts(const nlohmann::json& sigma) {
  const std::vector<std::vector<std::vector<double>>> matrices = sigma;
  std::vector<double> values;
  for (const auto& matrix : matrices) {
    for (const auto& row : matrix) values.insert(values.end(), row.begin(), row.end());
  }
  return {mogul::Layout::matrix, false, matrices.size(), matrices[0].size(), values};
}

bool iterates(std::string_view name) {
  return name == "VEI" || name == "VEE" || name == "EVE" || name == "VVE" || name == "VEV";
}

TEST(Mclust, EveryMStepOnIrisIsReproduced) {
  const Labelled iris = labelled("iris");
  const Matrix soft = rows_of(mogul::read_dataset(kData + "init/iris_soft_z3.csv", {}));
  std::size_t compared = 0;
  for (const auto& step : nlohmann::json::parse(std::ifstream(kData + "mclust_mstep_unit.json"))) {
    if (step["prior"] != "none") continue;
    const std::string name = step["model"];
    SCOPED_TRACE(name + " from z = " + std::string(step["z"]));
    const Scatters scatters = scatters_of(iris.x, step["z"] == "labels" ? iris.z : soft);
    const Covariances ours =
        answer(mogul::covariance_family_from(name), scatters, nullptr, oracle::to_the_end(/*thorough=*/true));
    const Covariances theirs = mclusts(step["sigma"]);
    EXPECT_GE(objective(scatters, ours), objective(scatters, theirs) - 1e-12);
    if (name != "VVE") {
      EXPECT_LT(distance(ours, theirs), iterates(name) ? 1e-6 : 1e-8);
    }
    ++compared;
  }
  EXPECT_EQ(compared, 28U);
}

TEST(Mclust, VveFromKnownLabelsReachesTheExactMaximum) {
  for (const auto& cell : nlohmann::json::parse(std::ifstream(kData + "vve_labels.json"))) {
    SCOPED_TRACE(std::string(cell["dataset"]));
    const Labelled data = labelled(cell["dataset"]);
    const Scatters scatters = scatters_of(data.x, data.z);
    const Covariances ours = answer(mogul::families::vve, scatters, nullptr, oracle::to_the_end(/*thorough=*/true));
    const double n = static_cast<double>(data.x.rows());
    const double d = static_cast<double>(data.x.cols());
    double log_likelihood = (objective(scatters, ours) - std::log(2 * std::numbers::pi)) * n * d / 2;
    for (const double count : scatters.counts) log_likelihood += count * std::log(count / n);
    EXPECT_GE(log_likelihood, double{cell["complete_data_loglik"]} - 1e-6);
    EXPECT_LE(log_likelihood, double{cell["complete_data_loglik"]} + 0.5) << "another optimum, or another objective";
    const std::size_t n_parameters = scatters.counts.size() * (data.x.cols() + 1) - 1 +
                                     mogul::families::vve.n_parameters(scatters.counts.size(), data.x.cols());
    EXPECT_EQ(n_parameters, std::size_t{cell["df_with_weights"]});
  }
}

}  // namespace
