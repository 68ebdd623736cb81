#include "uncertainty/numerical_errors.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/cholesky.hpp"
#include "covariance/axes.hpp"
#include "em/log_prior.hpp"
#include "em/objective.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"

namespace mogul::test {
namespace {

constexpr double kStep = 2e-3;  // of coordinates near 1: errors are some 1e-6 relative, from the fourth derivatives

std::vector<double> triangle(const Matrix& matrix) {
  std::vector<double> packed;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) packed.push_back(matrix(i, j));
  }
  return packed;
}

// Rows are axes. Those of all components where the family has common ones.
std::vector<Matrix> axes_of(const Mixture& mixture) {
  const std::size_t d = mixture.n_features();
  const bool are_common = mixture.family().name[2] != 'V';
  std::vector<Matrix> axes;
  Matrix sum(d, d);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix own = mixture.covariance(k);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) sum(i, j) += own(i, j) / own(0, 0) * (1 + static_cast<double>(k) / 7);
    }
    axes.push_back(principal_axes(triangle(own), d).axes);
  }
  if (mixture.family().name[2] == 'I') {
    for (Matrix& own : axes) {
      own = Matrix(d, d);
      for (std::size_t i = 0; i < d; ++i) own(i, i) = 1;
    }
  } else if (are_common) {
    std::ranges::fill(axes, principal_axes(triangle(sum), d).axes);
  }
  return axes;
}

class Coordinates {
 public:
  Coordinates(const Mixture& middle, const Hold& hold) : middle_(middle), hold_(hold), axes_(axes_of(middle)) {
    for (std::size_t k = 0; k < n_components(); ++k) {
      const Matrix covariance = middle.covariance(k);
      std::vector<double> variances;
      for (std::size_t i = 0; i < n_features(); ++i) {
        double sum = 0;
        for (std::size_t a = 0; a < n_features(); ++a) {
          for (std::size_t b = 0; b < n_features(); ++b) sum += axes_[k](i, a) * covariance(a, b) * axes_[k](i, b);
        }
        variances.push_back(sum);
      }
      variances_.push_back(variances);
    }
  }

  std::size_t size() const {
    std::size_t n = 0;
    walk([&] { return static_cast<double>(++n) * 0; });
    return n;
  }

  Mixture mixture(const std::vector<double>& at) const {
    auto next = at.begin();
    return walk([&] { return *next++; });
  }

 private:
  std::size_t n_components() const { return middle_.n_components(); }
  std::size_t n_features() const { return middle_.n_features(); }

  // The mixture at coordinates that next() tells one by one.
  Mixture walk(const std::function<double()>& next) const {
    std::vector<double> weights = middle_.weights();
    for (std::size_t k = 1; hold_.estimates_weights() && k < weights.size(); ++k) weights[k] *= std::exp(next());
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    Matrix means = middle_.means();
    for (std::size_t k = 0; k < weights.size(); ++k) {
      for (std::size_t i = 0; hold_.estimates_mean(k) && i < n_features(); ++i) {
        means(k, i) += next() * std::sqrt(middle_.variance(k, i));
      }
    }
    if (hold_.covariances) return {middle_.family(), weights, means, middle_.covariances()};
    return {middle_.family(), weights, means, covariances(next)};
  }

  std::vector<double> covariances(const std::function<double()>& next) const {
    const std::string_view letters = middle_.family().name;
    std::vector<std::vector<double>> variances = variances_;
    std::vector<Matrix> axes = axes_;
    for_each(letters[0], next, [&](std::size_t k, double by) {
      for (double& variance : variances[k]) variance *= std::exp(by);
    });
    for (std::size_t i = 1; letters[1] != 'I' && i < n_features(); ++i) {
      for_each(letters[1], next, [&](std::size_t k, double by) {
        variances[k][i] *= std::exp(by);
        variances[k][i - 1] *= std::exp(-by);
      });
    }
    for (std::size_t i = 1; letters[2] != 'I' && i < n_features(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        for_each(letters[2], next, [&](std::size_t k, double by) { rotate(axes[k], i, j, by); });
      }
    }
    return stored(axes, variances);
  }

  void for_each(char letter, const std::function<double()>& next,
                const std::function<void(std::size_t k, double by)>& move) const {
    double by = 0;
    for (std::size_t k = 0; k < n_components(); ++k) {
      if (k == 0 || letter == 'V') by = next();
      move(k, by);
    }
  }

  static void rotate(Matrix& axes, std::size_t i, std::size_t j, double angle) {
    for (std::size_t a = 0; a < axes.cols(); ++a) {
      const double first = axes(i, a);
      axes(i, a) = std::cos(angle) * first - std::sin(angle) * axes(j, a);
      axes(j, a) = std::sin(angle) * first + std::cos(angle) * axes(j, a);
    }
  }

  std::vector<double> stored(const std::vector<Matrix>& axes, const std::vector<std::vector<double>>& variances) const {
    const CovarianceFamily& family = middle_.family();
    std::vector<double> values;
    for (std::size_t k = 0; k < (family.shared ? 1 : n_components()); ++k) {
      if (family.layout == Layout::spherical) values.push_back(variances[k][0]);
      if (family.layout == Layout::diagonal) values.insert(values.end(), variances[k].begin(), variances[k].end());
      if (family.layout != Layout::matrix) continue;
      for (std::size_t a = 0; a < n_features(); ++a) {
        for (std::size_t b = 0; b < n_features(); ++b) {
          double sum = 0;
          for (std::size_t i = 0; i < n_features(); ++i) sum += axes[k](i, a) * variances[k][i] * axes[k](i, b);
          values.push_back(sum);
        }
      }
    }
    return values;
  }

  const Mixture& middle_;
  const Hold& hold_;
  std::vector<Matrix> axes_;
  std::vector<std::vector<double>> variances_ = {};
};

std::vector<double> flat(const Mixture& mixture) {
  std::vector<double> values = mixture.weights();
  values.insert(values.end(), mixture.means().values().begin(), mixture.means().values().end());
  values.insert(values.end(), mixture.covariances().values().begin(), mixture.covariances().values().end());
  return values;
}

}  // namespace

std::vector<double> numerical_errors(const Mixture& mixture, const DataView& data, const FitOptions& options) {
  const Coordinates coordinates(mixture, options.hold);
  const std::size_t p = coordinates.size();
  EmOptions em = em_options(options);
  em.covariance = mixture.family();
  const auto objective = [&](std::vector<double> at, std::size_t i, double a, std::size_t j, double b) {
    at[i] += a;
    at[j] += b;
    const Mixture there = coordinates.mixture(at);
    return log_likelihood(there, data, 1) + log_prior(there, mixture.family(), m_step_options(em));
  };
  const std::vector<double> middle(p);
  Matrix information(p, p);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const auto mixed = [&](double h) {
        return (objective(middle, i, h, j, -h) + objective(middle, i, -h, j, h) - objective(middle, i, h, j, h) -
                objective(middle, i, -h, j, -h)) /
               (4 * h * h);
      };
      information(i, j) = information(j, i) = (4 * mixed(kStep) - mixed(2 * kStep)) / 3;
    }
  }
  Matrix jacobian(p, flat(mixture).size());
  for (std::size_t i = 0; i < p; ++i) {
    std::vector<double> up = middle;
    std::vector<double> down = middle;
    up[i] += kStep / 20;
    down[i] -= kStep / 20;
    const std::vector<double> high = flat(coordinates.mixture(up));
    const std::vector<double> low = flat(coordinates.mixture(down));
    for (std::size_t j = 0; j < high.size(); ++j) jacobian(i, j) = (high[j] - low[j]) / (kStep / 10);
  }
  if (cholesky(information.view())) return {};
  solve_lower(information.view(), jacobian.view());
  std::vector<double> errors(jacobian.cols());
  for (std::size_t j = 0; j < errors.size(); ++j) {
    for (std::size_t i = 0; i < p; ++i) errors[j] += jacobian(i, j) * jacobian(i, j);
    errors[j] = std::sqrt(errors[j]);
  }
  return errors;
}

Mixture fitted_to_the_end(const DataView& data, FitOptions options) {
  options.reg_covar = 0;
  options.tol.reset();
  options.gain = 1e-10;
  options.max_iter = 20000;
  return fit(data, options).mixture;
}

}  // namespace mogul::test
