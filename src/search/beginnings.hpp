// The loops of one fit before their first step: from the mixture that is given, or from the M-step of a start.
#pragma once

#include <cstddef>
#include <vector>

#include "em/run_em.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "start/initialise.hpp"

namespace mogul {

/// What the first restart from k-means begins with; later ones begin with one clustering each.
enum class FirstStart { best_of_short_runs, one_clustering };

class Beginnings {
 public:
  /// All are borrowed. @param report  receives the rows that starts look at
  Beginnings(Engine& engine, const FitOptions& options, const RowFacts& rows, FirstStart first_start, Effort& effort,
             FitReport& report)
      : engine_(engine),
        options_(options),
        rows_(rows),
        first_start_(first_start),
        effort_(effort),
        report_(report),
        initialiser_(engine, options) {}

  /// Those of restarts first, ..., last - 1, or none if interrupted.
  std::vector<Run> begin(std::size_t first, std::size_t last);

 private:
  Run begin(std::size_t restart);
  EmLoop first_loop(std::size_t restart);
  EmLoop likeliest(const std::vector<Start>& starts, std::size_t restart);
  EmWatcher watcher(std::size_t restart) const;

  Engine& engine_;
  const FitOptions& options_;
  const RowFacts& rows_;
  FirstStart first_start_;
  Effort& effort_;
  FitReport& report_;
  Initialiser initialiser_;
};

}  // namespace mogul
