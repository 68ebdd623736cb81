// A component that the M-step leaves without rows, or with a singular covariance, becomes a broad one at a row that is
// explained badly: the mean that row, the covariance that of all rows, the weight 1 / K (the others shrink to make
// room). Such components are placed one after another, each under the density that those before it have changed, on
// rows that differ in value; so a row of weight n is as good as n equal ones.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "em/degenerate.hpp"
#include "em/parameters.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// What is done about degenerate components, and how often it was.
struct Revival {
  DegeneratePolicy policy = DegeneratePolicy::revive;
  std::size_t n_distinct_rows = std::numeric_limits<std::size_t>::max();  ///< or more; see count_distinct_rows()
  std::size_t n_revived = 0;                                              ///< components that were moved so far
};

/// From the parameters of an M-step to a valid mixture, for which it may want to see rows.
///
/// What the options hold does not change: a component whose mean is held becomes a broad one where it is. Left without
/// weight are components beyond the number of different rows, and those that are empty again after 10 K revivals.
class Repair {
 public:
  /// @param stats       of the M-step
  /// @param degenerate  degenerate_components() of the parameters, not empty
  /// @param names       of the features, for messages; empty for x1, x2, ...
  /// @throws            fit_error under DegeneratePolicy::error, where no component can be moved (the
  ///                    covariance of all rows is singular too), or if one is singular after 10 K revivals
  Repair(Parameters parameters, const Stats& stats, const MStepOptions& step, const std::vector<Degenerate>& degenerate,
         const Revival& revival, const std::vector<std::string>& names);

  /// How many different rows it is to be given at least, those that staying() explains worst; 0 if none.
  std::size_t n_rows() const;
  const Mixture& staying() const { return *staying_; }

  /// @param rows  (any number, D), different ones; nothing where n_rows() is 0
  Mixture finish(const Matrix& rows);
  std::size_t n_moved() const { return moved_.size(); }

 private:
  Parameters parameters_;
  MStepOptions step_;
  bool frees_weights_;               // else weights stay as they are
  std::vector<std::size_t> moved_;   // components, ascending
  std::vector<std::size_t> placed_;  // those of them whose mean is not held
  std::vector<double> sound_;        // weights of the others
  std::optional<Mixture> staying_;
  double weight_of_staying_ = 0;
};

}  // namespace mogul
