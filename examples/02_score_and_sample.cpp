// A mixture from known parameters, without any fit: densities and posteriors of points, and new points drawn from it.
#include <iostream>

#include "mogul/mogul.hpp"

int main() {
  using mogul::CovarianceFamily;
  // Two Gaussians in the plane: weights, means (K, D), covariances (K, D, D).
  const mogul::Mixture truth(mogul::families::full, {0.3, 0.7}, mogul::Matrix(2, 2, {0, 0, 4, 1}),
                             {1, 0, 0, 1, 2, 0.8, 0.8, 1});

  const mogul::Matrix points(3, 2, {0, 0, 2, 0.5, 4, 1});
  const std::vector<double> log_density = mogul::log_densities(truth, points);
  const mogul::Matrix posterior = mogul::responsibilities(truth, points);
  for (std::size_t i = 0; i < points.rows(); ++i) {
    std::cout << "(" << points(i, 0) << ", " << points(i, 1) << "): log-density " << log_density[i]
              << ", component 0 has probability " << posterior(i, 0) << '\n';
  }

  // Ancestral sampling: z first, then x. A fit to many samples finds the truth again.
  const mogul::Sample drawn = mogul::sample(truth, 20000, /*seed=*/1);
  const mogul::FitResult refit = mogul::fit(drawn.x, {.n_components = 2});
  std::cout << "mean log-likelihood of the truth on its samples: "
            << mogul::evaluate(truth, drawn.x).mean_log_likelihood << '\n'
            << "of the samples refitted:                         " << refit.report.mean_log_likelihood << "\n\n"
            << mogul::component_table(refit.mixture) << '\n';
}
