#include "report/figure/projection.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "mogul/error.hpp"

namespace mogul {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::VectorXd overall_mean(const Mixture& mixture) {
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(mixture.n_features()));
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t d = 0; d < mixture.n_features(); ++d) {
      mean[static_cast<Eigen::Index>(d)] += mixture.weights()[k] * mixture.means()(k, d);
    }
  }
  return mean;
}

// That of a row of the mixture: within the components and between their means.
Eigen::MatrixXd overall_covariance(const Mixture& mixture, const Eigen::VectorXd& mean) {
  const auto d = static_cast<Eigen::Index>(mixture.n_features());
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(d, d);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix within = mixture.covariance(k);
    const Eigen::VectorXd between = Eigen::Map<const Eigen::VectorXd>(mixture.means().row(k).data(), d) - mean;
    sum += mixture.weights()[k] * (Eigen::Map<const RowMajor>(within.data(), d, d) + between * between.transpose());
  }
  return sum;
}

}  // namespace

double ShownAxis::of(std::span<const double> row) const {
  if (direction.empty()) return row[feature];
  return std::inner_product(direction.begin(), direction.end(), row.begin(), -offset);
}

Projection feature_axes(std::span<const std::size_t> features, std::span<const std::string> names) {
  Projection axes;
  for (const std::size_t feature : features) {
    axes.push_back({names.empty() ? default_column_name(feature) : names[feature], feature});
  }
  return axes;
}

Projection principal_axes(const Mixture& mixture, std::span<const std::size_t> features) {
  const std::size_t n = features.size();
  if (n < 2 || n > kMostOfPrincipalAxes) {
    throw invalid_argument(
        fmt::format("projection = pca needs 2 to {} features, and there are {}", kMostOfPrincipalAxes, n));
  }
  const Mixture marginal = mixture.marginal(features);
  const Eigen::VectorXd mean = overall_mean(marginal);
  const Eigen::MatrixXd covariance = overall_covariance(marginal, mean);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);  // eigenvalues ascending
  const double trace = covariance.trace();
  Projection axes;
  for (Eigen::Index i = 0; i < 2; ++i) {
    const Eigen::Index column = covariance.cols() - 1 - i;
    Eigen::VectorXd direction = solver.eigenvectors().col(column);
    Eigen::Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    if (direction[largest] < 0) direction = -direction;  // an eigenvector has two signs
    ShownAxis axis;
    axis.name =
        fmt::format("principal axis {} ({:.0f} % of the variance)", i + 1, 100 * solver.eigenvalues()[column] / trace);
    axis.direction.assign(mixture.n_features(), 0);
    for (std::size_t j = 0; j < n; ++j) axis.direction[features[j]] = direction[static_cast<Eigen::Index>(j)];
    axis.offset = direction.dot(mean);
    axes.push_back(std::move(axis));
  }
  return axes;
}

Mixture projected(const Mixture& mixture, const Projection& axes) {
  const bool features = std::ranges::all_of(axes, [](const ShownAxis& axis) { return axis.direction.empty(); });
  if (features) {
    std::vector<std::size_t> chosen;
    for (const ShownAxis& axis : axes) chosen.push_back(axis.feature);
    return mixture.marginal(chosen);
  }
  const std::size_t m = axes.size();
  const std::size_t d = mixture.n_features();
  Matrix means(mixture.n_components(), m);
  std::vector<double> covariances;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix covariance = mixture.covariance(k);
    for (std::size_t i = 0; i < m; ++i) {
      means(k, i) = axes[i].of(mixture.means().row(k));
      for (std::size_t j = 0; j < m; ++j) {
        double sum = 0;
        for (std::size_t a = 0; a < d; ++a) {
          const std::span<const double> row = covariance.row(a);
          sum += axes[i].direction[a] * std::inner_product(row.begin(), row.end(), axes[j].direction.begin(), 0.0);
        }
        covariances.push_back(sum);
      }
    }
  }
  return {families::full, mixture.weights(), std::move(means), std::move(covariances)};
}

}  // namespace mogul
