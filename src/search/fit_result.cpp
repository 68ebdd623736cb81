#include "search/fit_result.hpp"

#include <utility>

#include "em/fill_report.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {

FitResult fit_result(BestRun found, FitReport report, const Effort& effort, const FitOptions& options,
                     std::size_t n_rows, double row, const RowFacts& rows) {
  const InterruptScope undisturbed({});
  fill_report(report, found.loop, found.ended_by_caller, options, n_rows, row, rows);
  report.passes_by_phase = effort.passes;
  report.passes = effort.passes.total();
  report.seconds = effort.seconds;
  EmState end = found.loop.take_result();
  return {std::move(end.mixture), std::move(report), std::move(end.stats)};
}

}  // namespace mogul
