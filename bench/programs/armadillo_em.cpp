// Armadillo's gmm_full and gmm_diag, as em_program.hpp says. Its columns are samples, so rows of a matrix are theirs.
#include "em_program.hpp"

#include <armadillo>
#include <variant>

namespace {

arma::mat samples(const mogul::Dataset& data) {
  const auto& x = std::get<mogul::Matrix>(data.values());
  return {const_cast<double*>(x.data()), x.cols(), x.rows(), /*copy_aux_mem=*/false, /*strict=*/true};
}

template <class Model, class Covariances, class StopClock>
double em(const bench::Problem& problem, unsigned iterations, const Covariances& covariances,
          const StopClock& stop_clock) {
  const arma::mat x = samples(problem.data);
  const arma::mat means = samples(problem.means);
  const arma::rowvec weights(means.n_cols, arma::fill::value(1.0 / static_cast<double>(means.n_cols)));
  Model model;
  model.set_params(means, covariances, weights);
  const double variance_floor = 1e-12;
  if (!model.learn(x, means.n_cols, arma::maha_dist, arma::keep_existing, 0, iterations, variance_floor, false)) {
    throw std::runtime_error("learn() failed");
  }
  stop_clock();
  return model.avg_log_p(x) * static_cast<double>(x.n_cols);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, [](const bench::Problem& problem, unsigned iterations, const auto& stop_clock) {
    const arma::uword d = problem.means.cols();
    const arma::uword k = problem.means.rows();
    if (problem.covariance == "diagonal") {
      return em<arma::gmm_diag>(problem, iterations, arma::mat(d, k, arma::fill::ones), stop_clock);
    }
    if (problem.covariance != "full") throw std::runtime_error("no covariance " + problem.covariance);
    arma::cube identities(d, d, k);
    identities.each_slice() = arma::mat(d, d, arma::fill::eye);
    return em<arma::gmm_full>(problem, iterations, identities, stop_clock);
  });
}
