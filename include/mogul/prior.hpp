// The conjugate prior of means and covariances. With it EM climbs to the posterior mode: covariances cannot become
// singular, and small components are drawn towards what all rows look like.
//
//   mu_k | Sigma_k  ~  N(m, Sigma_k / kappa)
//   Sigma_k         ~  inverse Wishart(nu, Lambda)      families that store matrices
//   sigma^2         ~  inverse gamma(nu / 2, s^2 / 2)   each variance that spherical and diagonal families store
//
// Where all components share one covariance it has its prior once. What a fit holds is known and has no prior.
// Source: Fraley, Raftery (2007), Bayesian regularization for normal mixture estimation and model-based clustering,
// Journal of Classification 24.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mogul/covariance_family.hpp"
#include "mogul/field.hpp"

namespace mogul {

struct RowFacts;

/// What is not given is made of all rows (completed()).
struct Prior {
  std::optional<double> mean_shrinkage = {};     ///< kappa >= 0, in rows; default 0.01; 0: no prior on the means
  std::optional<std::vector<double>> mean = {};  ///< m (D), in the data's unit; default: the mean of all rows
  std::optional<double> dof = {};                ///< nu, > D - 1 for families of matrices, else > 0; default D + 2
  /// In the data's unit squared: (1), s^2, which for families of matrices stands for Lambda = s^2 I; or, for these,
  /// (D * D), Lambda. Default: V / K^(2/D) for families of matrices, V the covariance of all rows, with the divisor
  /// sum w - 1; for the others the mean of V's diagonal / K^(2/D).
  std::optional<std::vector<double>> scale = {};

  bool operator==(const Prior&) const = default;
};
template <>
inline constexpr std::tuple kFields<Prior>{
    Field{"mean_shrinkage", &Prior::mean_shrinkage, "kappa, rows that the prior mean counts for"},
    Field{"mean", &Prior::mean, "m, the prior mean", "the data's unit"},
    Field{"dof", &Prior::dof, "nu, degrees of freedom"},
    Field{"scale", &Prior::scale, "s^2, or Lambda row by row", "the data's unit squared"}};

/// "default", or what is given, as in "mean-shrinkage=0.01,dof=4,scale=2.5", which prior_from() reads. A mean or a
/// matrix has its values in brackets: "mean=[1;2]".
std::string to_string(const Prior& prior);
/// @throws invalid_argument for another text, or a number outside its range
Prior prior_from(std::string_view text);

/// Whether nothing is left to be made of the rows.
bool is_complete(const Prior& prior);
/// @throws invalid_argument naming the field, its value and the rule, for covariances of this family in D dimensions
void check_prior(const Prior& prior, const CovarianceFamily& family, std::size_t n_features);
/// The prior with all its defaults filled in.
/// @throws  invalid_argument as check_prior(), and if it needs the rows' mean or covariance and these are not told;
///          invalid_data if the covariance of the rows, of which the scale is to be made, is singular
Prior completed(Prior prior, const CovarianceFamily& family, std::size_t n_components, std::size_t n_features,
                const RowFacts& rows);

}  // namespace mogul
