// Fits of rows of double whose first passes are in float lanes, against the same fits in double throughout: the time of
// a pass, how many passes are left in double, and where both end.
//   float_first
// Fails if a fit ends lower than in double by more than 0.01 nat.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <span>
#include <variant>

#include "base/timer.hpp"
#include "engine/engine.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/mogul.hpp"
#include "start/initialise.hpp"

namespace {

using mogul::Precision;

/// K Gaussians of unequal shape around random centres, near enough to overlap.
mogul::Matrix clusters(std::size_t n, std::size_t d, std::size_t k, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  mogul::Matrix centres(k, d);
  mogul::Matrix scales(k, d);
  for (std::size_t i = 0; i < k * d; ++i) {
    centres.data()[i] = 1.2 * normal(random);
    scales.data()[i] = std::exp(0.4 * normal(random));
  }
  mogul::Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) x(i, j) = centres(i % k, j) + scales(i % k, j) * normal(random);
  }
  return x;
}

/// Seconds of a pass, the best of five.
double pass_seconds(mogul::Engine& engine, const mogul::Mixture& model, Precision precision) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    double seconds = 0;
    {
      const mogul::Timer timer(seconds);
      const mogul::RowModel rows = row_model(model);
      engine.accumulate(std::span(&rows, 1), model.family().moments(), precision);
    }
    best = std::min(best, seconds);
  }
  return best;
}

struct Fit {
  std::size_t n_double = 0;
  std::size_t n_float = 0;
  double log_likelihood = 0;
  double seconds = 0;
};

Fit fit(mogul::Engine& engine, const mogul::Stats& start, const mogul::EmOptions& options, bool float_first) {
  Fit made;
  const mogul::Timer timer(made.seconds);
  mogul::EmLoop loop(start, options);
  while (const auto request = loop.next()) {
    if (const auto* asked = std::get_if<mogul::StatsRequest>(&*request)) {
      const mogul::RowModel rows = row_model(*asked->model);
      const bool rough = float_first && asked->rough && !asked->exact;
      mogul::Stats stats =
          rough ? std::move(engine.accumulate(std::span(&rows, 1), asked->moments, Precision::rough)[0])
                : engine.accumulate(rows, *asked->about, asked->moments, mogul::Assignment::soft, Precision::exact);
      ++(stats.is_exact() ? made.n_double : made.n_float);
      loop.feed(std::move(stats));
    } else {
      const auto& worst = std::get<mogul::WorstRowsRequest>(*request);
      loop.feed(engine.rows(worst_rows(engine, row_model(*worst.model), worst.count)));
    }
  }
  made.log_likelihood = loop.result().log_likelihood();
  return made;
}

bool compare(const char* family, std::size_t d, std::size_t k) {
  const std::size_t n = std::clamp<std::size_t>(24'000'000 / (d * k), 20'000, 1'000'000);
  const mogul::Matrix x = clusters(n, d, k, 7 * d + k);
  const auto engine = mogul::make_engine(x, 0);
  mogul::FitOptions options{.n_components = k, .covariance = mogul::covariance_family_from(family)};
  options.init = mogul::InitMethod::kmeans;
  const mogul::Stats start = mogul::Initialiser(*engine, options).starts(0).front().stats;
  const mogul::EmOptions em = em_options(options);
  const Fit in_double = fit(*engine, start, em, false);
  const Fit mixed = fit(*engine, start, em, true);
  mogul::EmLoop loop(start, em);
  const double exact = pass_seconds(*engine, loop.model(), Precision::fast);
  const double rough = pass_seconds(*engine, loop.model(), Precision::rough);
  const double lost = in_double.log_likelihood - mixed.log_likelihood;
  std::printf(
      "%-9s %8zu x %3zu, K %2zu: a pass %6.2f -> %6.2f ms (%.2fx); passes %4zu -> %3zu in double + %4zu in float; "
      "fit %.2fx as fast; L %+.2g\n",
      family, n, d, k, 1e3 * exact, 1e3 * rough, exact / rough, in_double.n_double, mixed.n_double, mixed.n_float,
      in_double.seconds / mixed.seconds, -lost);
  return lost < 0.01;
}

}  // namespace

int main() {
  bool holds = true;
  for (const char* family : {"full", "diagonal", "tied"}) {
    for (const std::size_t d : {2, 4, 5, 6, 8, 12, 16, 32}) {
      for (const std::size_t k : {4, 16}) holds &= compare(family, d, k);
    }
  }
  return holds ? 0 : 1;
}
