#include "print/fit_record.hpp"

#include <fmt/format.h>

#include <utility>

#include "print/page_output.hpp"

namespace mogul::cli {

FitRecord::FitRecord(const FitFlags& flags, std::string command) : flags_(flags), command_(std::move(command)) {
  if (!flags.trace.empty()) trace_.emplace(flags.trace);
  if (!flags.report.empty()) report_.emplace(flags.report);
  if (!flags.replay.empty()) replay_.emplace(flags.replay);
}

void FitRecord::add(const Iteration& iteration) {
  if (trace_) trace_->stream() << trace_line(trace_step(iteration));
  const Stats& stats = iteration.stats;
  if (report_) {
    iterations_.push_back({iteration.restart, iteration.iteration, stats.log_likelihood,
                           stats.expected_complete_log_likelihood(), stats.entropy});
  }
  if (replay_) steps_.add(trace_step(iteration));
}

void FitRecord::commit_trace() {
  if (trace_) trace_->commit();
}

void FitRecord::write(const ModelFile& model, const Dataset& rows, const std::vector<std::size_t>& dropped) {
  commit_trace();
  // Of a search pages show the run that is kept.
  const auto is_shown = [&](std::size_t restart) {
    return !model.report->search || restart == model.report->best_restart;
  };
  std::erase_if(iterations_, [&](const LikelihoodParts& parts) { return !is_shown(parts.restart); });
  const std::string data = base_name(flags_.input.name());
  if (report_) {
    ReportPageOptions options;
    options.title =
        fmt::format("{}: K = {}, {}", data, model.mixture.n_components(), to_string(model.mixture.family()));
    options.command = command_;
    options.iterations = std::move(iterations_);
    options.dropped_rows = dropped;
    options.n_threads = flags_.general.n_threads;
    report_->stream() << report_page(model, rows, options);
    report_->commit();
  }
  if (replay_) {
    ReplayPageOptions options;
    options.title = fmt::format("{}: EM, iteration by iteration", data);
    options.best_restart = model.report->best_restart;
    std::vector<TraceStep> steps = steps_.take();
    std::erase_if(steps, [&](const TraceStep& step) { return !is_shown(step.restart); });
    replay_->stream() << replay_page(steps, rows, model.feature_names, options);
    replay_->commit();
  }
}

std::vector<std::string> FitRecord::paths() const {
  std::vector<std::string> written;
  for (const std::string& path : {flags_.trace, flags_.report, flags_.replay}) {
    if (!path.empty()) written.push_back(path);
  }
  return written;
}

}  // namespace mogul::cli
