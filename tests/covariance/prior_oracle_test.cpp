// One M-step with a prior against plain numerical maximisation of the densities' definitions, over means and the free
// numbers of each family: nothing here knows how a prior changes counts and scatters.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "covariance/parametrisation.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Layout;
using mogul::Matrix;
using mogul::Mixture;
using mogul::Prior;
using mogul::Stats;
using oracle::Dice;
using oracle::Parametrisation;

// Of a matrix of one or two dimensions, by cofactors.
struct Inverted {
  Inverted(const double* s, std::size_t d) {
    determinant = d == 1 ? s[0] : s[0] * s[3] - s[1] * s[2];
    if (d == 1) inverse = {1 / s[0]};
    if (d == 2) inverse = {s[3] / determinant, -s[1] / determinant, -s[2] / determinant, s[0] / determinant};
  }
  double trace_with(const std::vector<double>& b) const {
    double sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i) sum += inverse[i] * b[i];
    return sum;
  }
  double determinant;
  std::vector<double> inverse;
};

double log_gamma_of(double a, std::size_t d) {
  return d == 1 ? std::lgamma(a) : std::log(std::numbers::pi) / 2 + std::lgamma(a) + std::lgamma(a - 0.5);
}

double log_inverse_gamma(double variance, double dof, double scale) {
  return dof / 2 * std::log(scale / 2) - std::lgamma(dof / 2) - (dof / 2 + 1) * std::log(variance) -
         scale / 2 / variance;
}

struct PriorProblem {
  PriorProblem(const CovarianceFamily& of, std::size_t components, std::size_t features, std::uint64_t seed)
      : family(of), k(components), d(features), dice(seed), x(24, d) {
    for (std::size_t n = 0; n < x.rows(); ++n) {
      for (double& value : x.row(n))
        value = dice.normal() * static_cast<double>(n % k + 1) + 3.0 * static_cast<double>(n % k);
    }
    r = Matrix(x.rows(), k);
    for (std::size_t n = 0; n < x.rows(); ++n) {
      double sum = 0;
      for (double& value : r.row(n)) sum += value = 0.05 + dice.uniform();
      for (double& value : r.row(n)) value /= sum;
    }
    prior.mean_shrinkage = 0.5 + dice.uniform();
    prior.mean = std::vector<double>(d, 0.7);
    prior.dof = static_cast<double>(d) + 1 + dice.uniform();
    prior.scale = std::vector<double>{1.3};
    if (family.layout == Layout::matrix && d == 2) prior.scale = std::vector<double>{1.3, 0.4, 0.4, 0.9};
  }

  // Expected complete-data log-likelihood, without the weights', and log density of the prior.
  double value(const std::vector<double>& sigmas, const std::vector<double>& means) const {
    double sum = 0;
    for (std::size_t c = 0; c < k; ++c) {
      const Inverted sigma(sigmas.data() + c * d * d, d);
      for (std::size_t n = 0; n < x.rows(); ++n) sum += r(n, c) * log_normal(sigma, x.row(n).data(), &means[c * d], 1);
      sum += log_normal(sigma, prior.mean->data(), &means[c * d], *prior.mean_shrinkage);
      if (c == 0 || !family.shared) sum += log_of_covariance(sigma, sigmas.data() + c * d * d);
    }
    return sum;
  }
  double log_normal(const Inverted& sigma, const double* a, const double* b, double kappa) const {
    std::vector<double> outer;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) outer.push_back((a[i] - b[i]) * (a[j] - b[j]));
    }
    return (static_cast<double>(d) * std::log(kappa / 2 / std::numbers::pi) - std::log(sigma.determinant) -
            kappa * sigma.trace_with(outer)) /
           2;
  }
  double log_of_covariance(const Inverted& sigma, const double* s) const {
    const double dof = *prior.dof;
    if (family.layout == Layout::spherical) return log_inverse_gamma(s[0], dof, prior.scale->front());
    double sum = 0;
    if (family.layout == Layout::diagonal) {
      for (std::size_t i = 0; i < d; ++i) sum += log_inverse_gamma(s[i * d + i], dof, prior.scale->front());
      return sum;
    }
    std::vector<double> lambda(d * d);
    for (std::size_t i = 0; i < d; ++i) lambda[i * d + i] = prior.scale->front();
    if (prior.scale->size() > 1) lambda = *prior.scale;
    const double n = static_cast<double>(d);
    return dof / 2 * (std::log(Inverted(lambda.data(), d).determinant) - n * std::log(2)) - log_gamma_of(dof / 2, d) -
           (dof + n + 1) / 2 * std::log(sigma.determinant) - sigma.trace_with(lambda) / 2;
  }

  CovarianceFamily family;
  std::size_t k;
  std::size_t d;
  Dice dice;
  Matrix x;
  Matrix r;
  Prior prior;
};

class PriorOfEveryFamily : public testing::TestWithParam<const CovarianceFamily*> {};
INSTANTIATE_TEST_SUITE_P(Priors, PriorOfEveryFamily,
                         testing::ValuesIn(mogul::covariance_families().begin(), mogul::covariance_families().end()),
                         [](const auto& family) { return std::string(family.param->name); });

TEST_P(PriorOfEveryFamily, AnMStepWithAPriorIsAsGoodAsNumericalMaximisation) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    PriorProblem problem(*GetParam(), 1 + seed % 3, 1 + seed % 2, seed);
    SCOPED_TRACE(testing::Message() << "k = " << problem.k << ", d = " << problem.d << ", seed = " << seed);
    const Parametrisation free_numbers(GetParam()->name, problem.k, problem.d);
    const double best = oracle::climb(
        [&](const std::vector<double>& numbers) {
          const auto split = numbers.begin() + static_cast<std::ptrdiff_t>(free_numbers.size());
          return problem.value(free_numbers.matrices({numbers.begin(), split}), {split, numbers.end()}) / 24;
        },
        free_numbers.size() + problem.k * problem.d, 8, problem.dice);

    const Mixture start(*GetParam(), std::vector<double>(problem.k, 1.0 / static_cast<double>(problem.k)),
                        Matrix(problem.k, problem.d), [&] {
                          std::vector<double> unit(covariance_size(*GetParam(), problem.k, problem.d));
                          const std::size_t d = problem.d;
                          for (std::size_t i = 0; i < unit.size(); ++i) {
                            unit[i] = GetParam()->layout != Layout::matrix || i % (d * d) % (d + 1) == 0 ? 1 : 0;
                          }
                          return unit;
                        }());
    Mixture made = start;
    for (int i = 0; i < 60; ++i) {  // families that iterate go on from where they are
      made = maximise(made, problem.x, problem.r.view(), {.prior = problem.prior});
    }
    std::vector<double> sigmas;
    for (std::size_t c = 0; c < problem.k; ++c) {
      const Matrix sigma = made.covariance(c);
      sigmas.insert(sigmas.end(), sigma.values().begin(), sigma.values().end());
    }
    const double ours = problem.value(sigmas, made.means().values()) / 24;
    const bool may_be_local =
        GetParam()->name == std::string_view("EVE") || GetParam()->name == std::string_view("VVE");
    EXPECT_GE(ours, best - (may_be_local ? 1e-2 : 1e-7) * (1 + std::abs(best)));
    EXPECT_LE(ours, best + 1e-5 * (1 + std::abs(best))) << "the climb is a witness only where it arrives";
  }
}

}  // namespace
