// The M-step of every covariance family along one fit: milliseconds of a warm step, from the covariances of the step
// before, its mean and its worst, and the inner iterations of families that have no closed form.
//   families
// Fails if a warm step of EVE or VVE takes 2 ms or more.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <random>
#include <string_view>
#include <vector>

#include "mogul/mogul.hpp"

namespace {

constexpr std::size_t kRows = 20'000;
constexpr std::size_t kFeatures = 16;
constexpr std::size_t kComponents = 16;
constexpr int kSteps = 60;

using Random = std::mt19937_64;

/// Overlapping Gaussians, each with random axes and standard deviations between 0.5 and 2.
mogul::Matrix clusters(Random& random) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(-1, 1);
  mogul::Matrix x(kRows, kFeatures);
  for (std::size_t k = 0; k < kComponents; ++k) {
    mogul::Matrix map(kFeatures, kFeatures);
    std::vector<double> centre(kFeatures);
    for (std::size_t i = 0; i < kFeatures; ++i) {
      centre[i] = 1.5 * normal(random);
      const double scale = std::exp2(uniform(random)) / std::sqrt(static_cast<double>(kFeatures));
      for (double& value : map.row(i)) value = scale * normal(random);
      map(i, i) += 0.5;
    }
    for (std::size_t n = k; n < kRows; n += kComponents) {
      std::vector<double> z(kFeatures);
      for (double& value : z) value = normal(random);
      for (std::size_t i = 0; i < kFeatures; ++i) {
        x(n, i) = centre[i];
        for (std::size_t j = 0; j < kFeatures; ++j) x(n, i) += map(i, j) * z[j];
      }
    }
  }
  return x;
}

/// What the family's inner loop is given: sums about the new means.
mogul::Scatters scatters_of(const mogul::Stats& stats, const mogul::CovarianceFamily& family) {
  mogul::Scatters out{family.layout, stats.n_features(), stats.n, stats.second};
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const auto shift = stats.first.row(k);
    const std::span<double> second = out.second.row(family.shared ? 0 : k);
    std::size_t at = 0;
    for (std::size_t i = 0; i < shift.size(); ++i) {
      if (family.layout == mogul::Layout::spherical) second[0] -= shift[i] * shift[i] / stats.n[k];
      if (family.layout == mogul::Layout::diagonal) second[i] -= shift[i] * shift[i] / stats.n[k];
      if (family.layout != mogul::Layout::matrix) continue;
      for (std::size_t j = 0; j <= i; ++j) second[at++] -= shift[i] * shift[j] / stats.n[k];
    }
  }
  return out;
}

struct Measured {
  double mean_ms = 0;
  double worst_ms = 0;
  double mean_iterations = 0;
  std::size_t most_iterations = 0;
};

/// The shortest of five, as the machine does other things as well.
double step_ms(const mogul::Stats& stats, const mogul::Mixture& current, mogul::Mixture& next) {
  double best = INFINITY;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    next = maximise(stats, current, {});
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

Measured measure(const mogul::Matrix& x, const mogul::CovarianceFamily& family) {
  mogul::FitOptions options{.n_components = kComponents, .covariance = family, .max_iter = 0};
  mogul::Mixture current = fit(x, options).mixture;
  Measured out;
  for (int step = 0; step < kSteps; ++step) {
    const mogul::Stats stats = accumulate(current, x);
    mogul::InnerLoop inner;
    family.maximise(scatters_of(stats, family), &current.covariances(), inner);
    mogul::Mixture next = current;
    const double ms = step_ms(stats, current, next);
    out.mean_ms += ms / kSteps;
    out.worst_ms = std::max(out.worst_ms, ms);
    out.mean_iterations += static_cast<double>(inner.n_iterations) / kSteps;
    out.most_iterations = std::max(out.most_iterations, inner.n_iterations);
    current = std::move(next);
  }
  return out;
}

}  // namespace

int main() try {
  Random random(1);
  const mogul::Matrix x = clusters(random);
  std::printf("%zu rows, %zu features, %zu components, %d warm M-steps of each family\n", kRows, kFeatures, kComponents,
              kSteps);
  std::printf("family  ms: mean   worst   inner iterations: mean   most\n");
  bool fast = true;
  for (const mogul::CovarianceFamily* family : mogul::covariance_families()) {
    const Measured m = measure(x, *family);
    std::printf("%-6s %9.3f %7.3f %24.1f %6zu\n", std::string(family->name).c_str(), m.mean_ms, m.worst_ms,
                m.mean_iterations, m.most_iterations);
    if (family->name == "EVE" || family->name == "VVE") fast = fast && m.worst_ms < 2;
  }
  return fast ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
