#include "uncertainty/information.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "mogul/error.hpp"
#include "uncertainty/covariance_chart.hpp"
#include "uncertainty/missing_information.hpp"
#include "uncertainty/parameter_values.hpp"
#include "uncertainty/prior_moments.hpp"

namespace mogul {
namespace {

using Tangent = std::vector<std::pair<std::size_t, double>>;  // free coordinates, and how they move

// tr(G A B) for a dense G and sparse A and B; with `of_transpose`, B^T in place of B.
double trace_of_product(const Matrix& g, const std::vector<Element>& a, const std::vector<Element>& b,
                        bool of_transpose = false) {
  double sum = 0;
  for (const Element& left : a) {
    for (const Element& right : b) {
      const std::size_t row = of_transpose ? right.col : right.row;
      const std::size_t col = of_transpose ? right.row : right.col;
      if (left.col == row) sum += g(col, left.row) * left.value * right.value;
    }
  }
  return sum;
}

// The symmetric matrices whose coefficients S consists of.
std::vector<std::vector<Element>> units_of(const FreeCoordinates& free) {
  std::vector<std::vector<Element>> units;
  for (const auto& [row, col] : free.elements()) {
    units.push_back({{row, col, 1}});
    if (row != col) units.back().push_back({col, row, 1});
  }
  return units;
}

class Local {
 public:
  Local(const Mixture& mixture, const FitOptions& options, CovarianceChart chart, MissingInformation sums)
      : mixture_(mixture),
        options_(options),
        chart_(std::move(chart)),
        free_(mixture),
        units_(units_of(free_)),
        moments_(std::move(sums.moments)),
        curvature_(std::move(sums.missing)),
        gradient_(free_.size()) {
    for (double& value : std::span(curvature_.data(), curvature_.values().size())) value = -value;
    add_weights();
    for (std::size_t k = 0; k < free_.n_components(); ++k) add_component(k);
    set_tangents();
  }

  LocalLikelihood result() const {
    const std::size_t p = tangents_.size();
    LocalLikelihood out{std::vector<double>(p), projected(), Matrix(p, n_values(mixture_))};
    for (std::size_t i = 0; i < p; ++i) {
      for (const auto& [at, value] : tangents_[i]) out.gradient[i] += gradient_[at] * value;
    }
    subtract_bending(out.information);
    set_jacobian(out.jacobian);
    return out;
  }

 private:
  // Log-weights whose Dirichlet prior counts as so many rows more.
  void add_weights() {
    const double more = options_.weight_concentration.value_or(1) - 1;
    double n = static_cast<double>(free_.n_components()) * more;
    for (const WhitenedMoments& own : moments_) n += own.n;
    for (std::size_t k = 0; k < free_.n_components(); ++k) {
      const double pi = mixture_.weights()[k];
      gradient_[free_.weight(k)] = moments_[k].n + more - n * pi;
      for (std::size_t j = 0; j < free_.n_components(); ++j) {
        curvature_(free_.weight(k), free_.weight(j)) += n * pi * ((j == k ? 1 : 0) - mixture_.weights()[j]);
      }
    }
  }

  // Minus the second derivatives of sum_n w_n r_nk log N(x_n | mu_k, Sigma_k) by delta and S, and of the prior:
  // n |delta|^2 / 2 + first^T S delta + tr(S^2 (second - n / 2 I)) / 2.
  void add_component(std::size_t k) {
    const std::size_t d = free_.n_features();
    const PriorMoments prior = prior_moments(mixture_, options_, k, chart_.whitenings[k]);
    const WhitenedMoments& own = moments_[k];
    const double n = own.n + prior.n_of_covariance;
    Matrix inner = own.second;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) inner(i, j) += prior.second(i, j);
    }
    excess_.push_back(inner);
    std::vector<double> first = own.first;
    for (std::size_t i = 0; i < d; ++i) {
      first[i] += prior.first[i];
      excess_[k](i, i) -= n;
      inner(i, i) -= n / 2;
      gradient_[free_.mean(k, i)] = first[i];
      curvature_(free_.mean(k, i), free_.mean(k, i)) += own.n + prior.n_of_mean;
    }
    for (std::size_t i = 0; i < units_.size(); ++i) {
      check_interrupted();
      const auto& [a, b] = free_.elements()[i];
      const std::size_t at = free_.covariance(k, a, b);
      gradient_[at] = a == b ? excess_[k](a, a) / 2 : excess_[k](a, b);
      add_symmetric(at, free_.mean(k, b), first[a]);
      if (a != b) add_symmetric(at, free_.mean(k, a), first[b]);
      for (std::size_t j = 0; j < units_.size(); ++j) {
        curvature_(at, free_.mean(k, d) + j) += trace_of_product(inner, units_[i], units_[j]);
      }
    }
  }
  void add_symmetric(std::size_t i, std::size_t j, double value) {
    curvature_(i, j) += value;
    curvature_(j, i) += value;
  }

  void set_tangents() {
    const Hold& hold = options_.hold;
    for (std::size_t k = 0; hold.estimates_weights() && k + 1 < free_.n_components(); ++k) {
      tangents_.push_back({{free_.weight(k), 1}});
    }
    for (std::size_t k = 0; k < free_.n_components(); ++k) {
      for (std::size_t i = 0; hold.estimates_mean(k) && i < free_.n_features(); ++i) {
        tangents_.push_back({{free_.mean(k, i), 1}});
      }
    }
    n_before_covariances_ = tangents_.size();
    if (hold.covariances) return;
    for (const std::vector<Direction>& coordinate : chart_.coordinates) tangents_.push_back(tangent_of(coordinate));
  }

  // A coordinate moves S by T, or by Psi + Psi^T, in the first order.
  Tangent tangent_of(const std::vector<Direction>& coordinate) const {
    Tangent tangent;
    for (const Direction& direction : coordinate) {
      for (const Element& element : direction.generator) {
        const auto [low, high] = std::minmax(element.row, element.col);
        if (!direction.turns && element.row < element.col) continue;  // T has it twice
        tangent.emplace_back(free_.covariance(direction.component, high, low), element.value);
      }
    }
    return tangent;
  }

  Matrix projected() const {
    const std::size_t p = tangents_.size();
    Matrix half(p, free_.size());
    for (std::size_t i = 0; i < p; ++i) {
      check_interrupted();
      for (const auto& [at, value] : tangents_[i]) {
        for (std::size_t j = 0; j < free_.size(); ++j) half(i, j) += value * curvature_(at, j);
      }
    }
    Matrix out(p, p);
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        for (const auto& [at, value] : tangents_[j]) out(i, j) += half(i, at) * value;
        out(j, i) = out(i, j);
      }
    }
    return out;
  }

  // The second order of exp(Psi) exp(T) exp(Psi)^T, times the gradient by S, which a family need not make 0.
  double bending(const Direction& p, const Direction& q) const {
    const Matrix& g = excess_[p.component];
    if (p.turns && q.turns) {
      const double both = trace_of_product(g, p.generator, q.generator) + trace_of_product(g, q.generator, p.generator);
      return (both + 2 * trace_of_product(g, p.generator, q.generator, true)) / 2;
    }
    if (p.turns || q.turns) {
      const Direction& turn = p.turns ? p : q;
      return trace_of_product(g, turn.generator, p.turns ? q.generator : p.generator);
    }
    return trace_of_product(g, p.generator, q.generator) / 2;
  }

  void subtract_bending(Matrix& information) const {
    if (options_.hold.covariances) return;
    const auto& coordinates = chart_.coordinates;
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
      check_interrupted();
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = 0;
        for (const Direction& p : coordinates[i]) {
          for (const Direction& q : coordinates[j]) {
            if (p.component == q.component) sum += bending(p, q);
          }
        }
        const std::size_t row = n_before_covariances_ + i;
        const std::size_t col = n_before_covariances_ + j;
        information(row, col) -= sum;
        if (i != j) information(col, row) -= sum;
      }
    }
  }

  void set_jacobian(Matrix& jacobian) const {
    const ValuePlaces places(mixture_);
    for (std::size_t p = 0; p < tangents_.size(); ++p) {
      check_interrupted();
      for (const auto& [at, value] : tangents_[p]) {
        const std::size_t k = at / free_.per_component();
        const std::size_t own = at - free_.weight(k);
        if (own == 0) {
          for (std::size_t j = 0; j < free_.n_components(); ++j) {
            jacobian(p, places.weight(j)) += value * mixture_.weights()[j] * ((j == k ? 1 : 0) - mixture_.weights()[k]);
          }
        } else if (own <= free_.n_features()) {
          for (std::size_t i = 0; i < free_.n_features(); ++i) {
            jacobian(p, places.mean(k, i)) += value * chart_.frames[k](i, own - 1);
          }
        } else {
          add_covariance(jacobian.row(p), k, free_.elements()[own - 1 - free_.n_features()], value, places);
        }
      }
    }
  }

  // F_k S F_k^T, as it is stored.
  void add_covariance(std::span<double> row, std::size_t k, std::pair<std::size_t, std::size_t> element, double value,
                      const ValuePlaces& places) const {
    const std::size_t a = element.first;
    const std::size_t b = element.second;
    const Matrix& frame = chart_.frames[k];
    places.visit_covariance(k, [&](std::size_t place, std::size_t i, std::size_t j) {
      const double moved = frame(i, a) * frame(j, b);
      row[place] += value * (a == b ? moved : moved + frame(i, b) * frame(j, a));
    });
  }

  const Mixture& mixture_;
  const FitOptions& options_;
  CovarianceChart chart_;
  FreeCoordinates free_;
  std::vector<std::vector<Element>> units_;  // (C)
  std::vector<WhitenedMoments> moments_;
  Matrix curvature_;               // (Q, Q)
  std::vector<double> gradient_;   // (Q)
  std::vector<Matrix> excess_;     // (K), twice the gradient by S as a symmetric matrix
  std::vector<Tangent> tangents_;  // (P)
  std::size_t n_before_covariances_ = 0;
};

constexpr std::string_view kCauses =
    "Likely causes: EM stopped early (lower gain, raise max_iter), reg_covar or max_eigenvalue_ratio holds a "
    "covariance "
    "(set reg_covar = 0), or there are more components than the rows tell apart";

constexpr double kFarthest = 0.1;  // standard errors that a mixture may be away from the maximum

// Some columns at a time, as long work can be interrupted.
void solve_in_parts(MatrixView<const double> root, Matrix& columns) {
  constexpr std::size_t kColumns = 32;
  for (std::size_t first = 0; first < columns.cols(); first += kColumns) {
    check_interrupted();
    const std::size_t n = std::min(kColumns, columns.cols() - first);
    solve_lower(root, {columns.data() + first, columns.rows(), n, columns.cols()});
  }
}

void require_positive_weights(const Mixture& mixture) {
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (mixture.weights()[k] > 0) continue;
    throw fit_error(
        fmt::format("standard errors: component {} has weight 0, where the log-likelihood has no curvature "
                    "that tells of errors; fit fewer components",
                    k));
  }
}

}  // namespace

LocalLikelihood local_likelihood(Engine& engine, const Mixture& mixture, const FitOptions& options) {
  CovarianceChart chart = covariance_chart(mixture);
  MissingInformation sums = missing_information(engine, mixture, chart.whitenings, options.n_threads);
  return Local(mixture, options, std::move(chart), std::move(sums)).result();
}

std::vector<double> errors_by_information(Engine& engine, const Mixture& mixture, const FitOptions& options) {
  require_positive_weights(mixture);
  LocalLikelihood local = local_likelihood(engine, mixture, options);
  const std::size_t p = local.gradient.size();
  if (p == 0) return std::vector<double>(n_values(mixture));
  const bool is_finite = std::ranges::all_of(local.information.values(), [](double x) { return std::isfinite(x); });
  if (!is_finite || cholesky(local.information.view())) {
    throw fit_error(
        fmt::format("standard errors: the observed information has no inverse, as the log-likelihood is flat "
                    "or rises in some direction. {}",
                    kCauses));
  }
  const MatrixView<const double> root = local.information.view();
  solve_lower(root, {local.gradient.data(), p, 1});
  const double squared = std::inner_product(local.gradient.begin(), local.gradient.end(), local.gradient.begin(), 0.0);
  if (!(squared <= kFarthest * kFarthest)) {
    throw fit_error(
        fmt::format("standard errors: the mixture is {:.2g} standard errors away from a maximum of the "
                    "log-likelihood; must be at most {}. {}",
                    std::sqrt(squared), kFarthest, kCauses));
  }
  solve_in_parts(root, local.jacobian);
  std::vector<double> errors(local.jacobian.cols());
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < errors.size(); ++j) errors[j] += local.jacobian(i, j) * local.jacobian(i, j);
  }
  for (double& error : errors) error = std::sqrt(error);
  return errors;
}

}  // namespace mogul
