// The start of EM: every start yields statistics, and the M-step makes the first model of them.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/options.hpp"
#include "start/units.hpp"

namespace mogul {

struct Start {
  Stats stats;                  ///< with the moments that options.covariance needs
  std::size_t n_seed_rows = 0;  ///< rows that k-means, k-means++ or a hierarchy looked at
};

/// The starts of one fit.
class Initialiser {
 public:
  /// @param engine   borrowed, as are
  /// @param options  whose init is not a Mixture
  Initialiser(Engine& engine, const FitOptions& options) : engine_(engine), options_(options) {}

  /// The statistics of the rows under the partition or responsibilities that options.init asks for. Random starts
  /// depend on options.seed and restart only. Spherical families have two from k-means and k-means++, for distances
  /// in different units: the likelier is to be taken. Of others the better has been, by partition_criterion().
  /// @throws  invalid_argument if labels or responsibilities do not fit the rows, or n_init > 1 with a hierarchy
  std::vector<Start> starts(std::size_t restart);

 private:
  Stats around_rows(std::size_t restart);
  Stats around_means_of_few_rows(std::size_t restart);
  Start from_hierarchy();
  std::vector<Start> from_seeds(std::size_t restart, bool with_kmeans);
  std::vector<Units> units_to_try(const std::vector<std::size_t>& rows);
  Start nearest(const std::vector<std::size_t>& rows, const std::vector<double>& weights, const Units& units,
                std::size_t restart, bool with_kmeans);

  Engine& engine_;
  const FitOptions& options_;
  // What restarts have in common, made for the first that needs it.
  std::optional<Units> standard_units_;
  std::optional<std::vector<std::size_t>> outermost_rows_;
};

}  // namespace mogul
