// Expectation-maximisation by hand, on seven points and three Gaussians: first the responsibilities, then each update
// of the M-step alone, then whole iterations. Every step raises the log-likelihood L.
#include <cstdio>

#include "mogul/mogul.hpp"

namespace {

void print(const char* step, const mogul::Mixture& model, const mogul::DataView& data) {
  std::printf("%-22s L = %.6f\n", step, mogul::log_likelihood(model, data));
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    std::printf("    pi = %.4f   mu = %8.4f   sigma^2 = %.4f\n", model.weights()[k], model.means()(k, 0),
                model.variance(k, 0));
  }
}

}  // namespace

int main() {
  const mogul::Matrix x(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
  const mogul::Mixture start(mogul::families::full, {1. / 3, 1. / 3, 1. / 3}, mogul::Matrix(3, 1, {-4, 0, 8}),
                             {1, 0.2, 3});
  print("start", start, x);

  // E-step: how much each component accounts for each point.
  const mogul::Matrix r = mogul::responsibilities(start, x);
  for (std::size_t n = 0; n < x.rows(); ++n) {
    std::printf("    x = %4.1f   r = %.8f %.8f %.8f\n", x(n, 0), r(n, 0), r(n, 1), r(n, 2));
  }

  // M-step, one parameter at a time, from the same responsibilities. The variances are about the new means.
  mogul::Mixture model = mogul::maximise(start, x, r.view(), {.hold = {.weights = true, .covariances = true}});
  print("means updated", model, x);
  model = mogul::maximise(model, x, r.view(), {.hold = {.weights = true, .means = true}});
  print("variances updated", model, x);
  model = mogul::maximise(model, x, r.view(), {.hold = {.means = true, .covariances = true}});
  print("weights updated", model, x);

  // The same in one pass over the points, again and again.
  for (int iteration = 2; iteration <= 10; ++iteration) {
    model = mogul::maximise(mogul::accumulate(model, x), model, {});
  }
  print("after 10 iterations", model, x);
}
