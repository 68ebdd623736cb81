// The covariance families by the meaning of their three letters, in free numbers; and a plain maximiser. The oracle of
// the families: nothing here knows their formulas.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "covariance/family.hpp"
#include "reference/generators.hpp"

namespace oracle {

/// Sigma_k = lambda_k D_k A_k D_k^T from log volumes, the logarithms of D - 1 relative variances, and an angle for each
/// pair of axes; one set of each for all components where the letter is E.
class Parametrisation {
 public:
  Parametrisation(std::string_view letters, std::size_t k, std::size_t d) : letters_(letters), k_(k), d_(d) {}

  /// Number of free numbers.
  std::size_t size() const;
  /// All elements of Sigma_1..Sigma_K.
  std::vector<double> matrices(const std::vector<double>& numbers) const;
  /// As objective() in family_problem.hpp.
  double objective(const mogul::Scatters& full, const std::vector<double>& numbers) const;

 private:
  struct Parts {
    double log_volume;
    std::vector<double> log_shape;
    mogul::Matrix axes;
  };
  Parts parts(const std::vector<double>& numbers, std::size_t k) const;
  std::size_t numbers_of(std::size_t letter) const;

  std::string_view letters_;
  std::size_t k_;
  std::size_t d_;
};

/// The best value that climbing by numerical gradients (BFGS) finds from so many random starts.
double climb(const std::function<double(const std::vector<double>&)>& f, std::size_t size, int n_starts, Dice& dice);

/// Rank of the derivative of a map at a point.
std::size_t rank_of_derivative(const std::function<std::vector<double>(const std::vector<double>&)>& map,
                               const std::vector<double>& at);

}  // namespace oracle
