// Random M-steps for the covariance families, and the objective that families maximise, computed in long double from
// its definition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <vector>

#include <rapidcheck.h>

#include "mogul/covariance_family.hpp"
#include "reference/generators.hpp"

namespace oracle {

/// Everything that a problem is made from.
struct MStepShape {
  const mogul::CovarianceFamily* family = nullptr;
  std::size_t k = 1;
  std::size_t d = 1;
  bool empty = false;  // the last of several components has no rows
  std::uint64_t seed = 0;
};
std::ostream& operator<<(std::ostream& out, const MStepShape& shape);
/// k in 1..5, d in 1..6.
rc::Gen<MStepShape> any_m_step();

/// Scatters with matrices, whose covariances have condition numbers up to some thousand and sizes within a factor of
/// about ten.
mogul::Scatters random_scatters(Dice& dice, const MStepShape& shape);
/// What a family's layout keeps of scatters with matrices.
mogul::Scatters coarsened(const mogul::Scatters& full, mogul::Layout layout);
/// T B T^T of every scatter.
mogul::Scatters transformed(const mogul::Scatters& full, const mogul::Matrix& map);
/// A packed matrix in the coordinates of axes, rows: D S D^T.
mogul::Matrix in_axes(const mogul::Matrix& axes, std::span<const double> packed);
mogul::Matrix random_rotation(Dice& dice, std::size_t d);

class MStepProblem {
 public:
  explicit MStepProblem(const MStepShape& shape);

  const mogul::CovarianceFamily& family() const { return *shape_.family; }
  const MStepShape& shape() const { return shape_; }
  Dice& dice() { return dice_; }
  /// With matrices, whatever the family.
  const mogul::Scatters& scatters() const { return scatters_; }
  /// A member of the family: its answer to other scatters.
  const mogul::Covariances& current() const { return *current_; }

 private:
  MStepShape shape_;
  Dice dice_;
  mogul::Scatters scatters_;
  std::optional<mogul::Covariances> current_;
};

/// The family's answer to scatters with matrices.
mogul::Covariances answer(const mogul::CovarianceFamily& family, const mogul::Scatters& full,
                          const mogul::Covariances* current, mogul::InnerLoop inner);
/// An inner loop that ends where rounding begins.
mogul::InnerLoop to_the_end(bool thorough);

/// sum_k [ -(a_k / 2) log |Sigma_k| - tr(Sigma_k^-1 B_k) / 2 ], in units of D / 2 sum a.
double objective(const mogul::Scatters& full, const mogul::Covariances& covariances);

/// Elements of Sigma_a Sigma_b - Sigma_b Sigma_a, relative to their terms: 0 if and only if they have common axes.
double commutator(const mogul::Matrix& a, const mogul::Matrix& b);
/// By how much the components differ in what the letters of the family call equal: logarithms of determinants, two
/// invariants of the shape, and 1e5 commutators, so that 1e-9 is rounding in all three.
double worst_unequal_part(const mogul::CovarianceFamily& family, const mogul::Covariances& covariances);
/// Whether every member of one family is a member of the other.
bool is_within(const mogul::CovarianceFamily& inner, const mogul::CovarianceFamily& outer);

/// Largest difference of elements, relative to the standard deviations of the first, over all components.
double distance(const mogul::Covariances& a, const mogul::Covariances& b);

}  // namespace oracle
