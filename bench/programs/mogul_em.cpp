// mogul, as em_program.hpp says.
#include "em_program.hpp"

#include <variant>

#include "mogul/mogul.hpp"

namespace {

/// Equal weights and unit variances.
mogul::Mixture unit_mixture(mogul::CovarianceFamily family, const mogul::Matrix& means) {
  const std::size_t n_components = means.rows();
  const std::size_t n_features = means.cols();
  std::vector<double> covariances(mogul::covariance_size(family, n_components, n_features), 1.0);
  const bool matrices = family == mogul::families::full || family == mogul::families::tied;
  for (std::size_t i = 0; matrices && i < covariances.size(); ++i) {
    const std::size_t in_matrix = i % (n_features * n_features);
    covariances[i] = in_matrix / n_features == in_matrix % n_features ? 1.0 : 0.0;
  }
  return {family, std::vector<double>(n_components, 1.0 / static_cast<double>(n_components)), means, covariances};
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, [](const bench::Problem& problem, unsigned iterations, const auto& stop_clock) {
    mogul::FitOptions options;
    options.covariance = mogul::covariance_family_from(problem.covariance);
    options.init = unit_mixture(options.covariance, std::get<mogul::Matrix>(problem.means.values()));
    options.n_components = problem.means.rows();
    options.n_threads = problem.n_threads;
    options.tol = 0;
    options.acceleration = mogul::AccelerationMethod::none;
    options.reg_covar = 0;
    options.max_iter = iterations;
    const mogul::FitResult result = mogul::fit(problem.data, options);
    stop_clock();
    return result.report.log_likelihood;
  });
}
