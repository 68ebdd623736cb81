// EM is a sum: the statistics of two halves of the data add up to those of the whole. So files, threads and machines
// can each look at their own rows, and only the small Stats travel.
//   04_merge_statistics data/faithful.csv
#include <cmath>
#include <exception>
#include <iostream>

#include "mogul/mogul.hpp"

bool halves_and_whole_agree(const mogul::Dataset& data) {
  const mogul::Matrix& x = std::get<mogul::Matrix>(data.values());
  const std::size_t half = x.rows() / 2;
  const mogul::MatrixView<const double> first(x.data(), half, x.cols());
  const mogul::MatrixView<const double> second(x.row(half).data(), x.rows() - half, x.cols());

  // Both ways start from the same model: the k-means start of fit(), without an iteration.
  const mogul::Mixture start = mogul::fit(data, {.n_components = 2, .max_iter = 0}).mixture;
  constexpr int kIterations = 20;
  mogul::Mixture model = start;
  for (int i = 0; i < kIterations; ++i) {
    mogul::Stats stats = mogul::accumulate(model, first);
    stats += mogul::accumulate(model, second);
    std::cout << "iteration " << i << ": L = " << stats.log_likelihood << '\n';
    model = mogul::maximise(stats, model, {.reg_covar = 1e-6});
  }

  const mogul::FitResult whole =
      mogul::fit(data, {.n_components = 2, .init = start, .max_iter = kIterations, .tol = 0});
  const double l = mogul::log_likelihood(model, data);
  const bool agree = std::abs(l - whole.report.log_likelihood) <= 1e-9 * std::abs(l);
  std::cout << "The halves and the whole " << (agree ? "agree" : "disagree") << ": L = " << l << " and "
            << whole.report.log_likelihood << ".\n";
  return agree;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " DATA\n";
    return 2;
  }
  try {
    return halves_and_whole_agree(mogul::read_dataset(argv[1])) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
