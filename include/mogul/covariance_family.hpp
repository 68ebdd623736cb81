// What a covariance family is. Its M-step is, for every family,
//
//   maximise over the family   sum_k [ -(a_k / 2) log |Sigma_k| - tr(Sigma_k^-1 B_k) / 2 ]
//
// Maximum likelihood has a_k = N_k and B_k = W_k, the scatter about the new mean; a prior only changes a_k and B_k. So
// a family knows nothing of priors, means or mixing weights.
//
// Names: Sigma_k = lambda_k D_k A_k D_k^T, a volume lambda_k, an orthogonal matrix D_k of axes (the orientation) and a
// diagonal matrix A_k of determinant 1 (the shape). The letters of a family tell for volume, shape and orientation
// whether it is equal in all components (E), varies between them (V), or is that of a multiple of the identity (I).
// Source: Celeux, Govaert (1995), Gaussian parsimonious clustering models, Pattern Recognition 28(5).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "mogul/covariances.hpp"
#include "mogul/matrix.hpp"
#include "mogul/moments.hpp"

namespace mogul {

/// The a_k and B_k of the problem above.
struct Scatters {
  Layout layout;               ///< that of the family: what of B_k is needed
  std::size_t n_features;      ///< D
  std::vector<double> counts;  ///< (K), a_k >= 0
  Matrix second;               ///< (K, 1 | D | D(D+1)/2), B_k as Stats::second holds it: its trace, diagonal or packed
                               ///< lower triangle; one row, their sum, is enough for a shared covariance
};

/// How families without a closed form iterate. The objective never falls from one iteration to the next.
struct InnerLoop {
  /// Stop when an iteration raises the objective by less than this share of D / 2 sum_k a_k, which is what the trace
  /// terms sum to at every maximum; so the rule does not depend on the data's unit.
  double tolerance = 1e-10;
  std::size_t max_iterations = 8;  ///< for each start, at least one; few are enough, as EM goes on from their end
  bool thorough = false;           ///< try several orientations where there may be more than one maximum
  std::size_t n_iterations = 0;    ///< iterations used so far; families add to it
};

/// A value of this type, in any program, is a family that fit() takes as well as those below.
struct CovarianceFamily {
  std::string_view name;   ///< "VVV"
  std::string_view plain;  ///< "full", ...; empty if the family has no plain word
  Layout layout;           ///< how its covariances are stored
  bool shared;             ///< whether all components have the same covariance
  /// Number of free parameters of K covariances in D dimensions.
  std::size_t (*n_parameters)(std::size_t k, std::size_t d);
  /// The values of the covariances that maximise the problem above, as `Covariances` stores them. `current` is where
  /// iterations start, in any layout, or null; a component whose a_k is 0 keeps what is its own of its covariance
  /// there. At least one a_k is positive. Where no maximum exists (B_k is singular) the covariance must come out
  /// singular.
  std::vector<double> (*maximise)(const Scatters& scatters, const Covariances* current, InnerLoop& inner);
  /// The family of a marginal with fewer features; null if it is this one.
  const CovarianceFamily* of_marginals = nullptr;

  /// What a pass over the rows must sum.
  Moments moments() const;
  /// The plain word, or the name where there is none.
  std::string_view word() const { return plain.empty() ? name : plain; }

  bool operator==(const CovarianceFamily&) const = default;
};
std::string_view to_string(const CovarianceFamily& family);
/// Number of doubles that hold the covariances of K components in D dimensions.
/// @throws out_of_memory if no process could address so many
std::size_t covariance_size(const CovarianceFamily& family, std::size_t n_components, std::size_t n_features);

/// Whether covariances are members of a family. Errors up to 1e-3 of the variance in any direction do not count, as
/// numbers may have been rounded to four digits.
/// @cost  of an M-step from every start
bool belongs_to(const Covariances& covariances, const CovarianceFamily& family);

namespace families {
extern const CovarianceFamily eii, vii, eei, vei, evi, vvi, eee, vee, eve, vve, eev, vev, evv, vvv;
inline const CovarianceFamily& full = vvv;
inline const CovarianceFamily& tied = eee;
inline const CovarianceFamily& diagonal = vvi;
inline const CovarianceFamily& tied_diagonal = eei;
inline const CovarianceFamily& spherical = vii;
inline const CovarianceFamily& tied_spherical = eii;
}  // namespace families

/// The fourteen, from the most constrained to the freest.
std::span<const CovarianceFamily* const> covariance_families();

/// @param name  a family's name ("VVV"), its plain word ("full"), "E" or "V" of models in one dimension, or "diag" or
///              "tied_diag", as scikit-learn calls two of them
/// @throws      invalid_argument for another name, listing all
const CovarianceFamily& covariance_family_from(std::string_view name);

}  // namespace mogul
