// Traces: what each E-step of a fit shows its callback, as JSON lines (docs/formats.md), written and read back.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// One E-step of one restart.
struct TraceStep {
  std::size_t restart;                      ///< 0, 1, ..., n_init - 1
  std::size_t iteration;                    ///< number of M-steps that led to `mixture`; 0 is the start
  double log_likelihood;                    ///< L of `mixture`
  double expected_complete_log_likelihood;  ///< Q = L - H
  double entropy;                           ///< H
  std::vector<double> component_sizes;      ///< N_k (K)
  Mixture mixture;

  bool operator==(const TraceStep&) const = default;
};

/// What a trace keeps of what a callback is shown.
TraceStep trace_step(const Iteration& iteration);

/// One line of a trace, with its end; every double is written so that it reads back equal.
/// @throws invalid_argument naming a field that is not finite, or component sizes that are not K numbers >= 0
std::string trace_line(const TraceStep& step);

/// The steps of a trace in the order of the file: those of one restart follow each other from its start on, those of
/// different restarts may take turns. Also packed by gzip, or from standard input for "-".
/// @throws io_error if it cannot be read; invalid_data naming the file, the line, the field and what is wrong
std::vector<TraceStep> read_trace(const std::string& path);
/// Shows each step in turn, so that those of a long fit need not be in memory together. @throws as read_trace()
void visit_trace(const std::string& path, const std::function<void(TraceStep step)>& visit);
/// The same as read_trace() from bytes in memory; `name` stands for the file in messages.
std::vector<TraceStep> parse_trace(std::string_view bytes, const std::string& name);

}  // namespace mogul
