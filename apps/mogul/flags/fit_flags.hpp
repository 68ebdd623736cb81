// The flags of `mogul fit`, and the FitOptions that they mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/constraint_flags.hpp"
#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/standard_error_flags.hpp"
#include "mogul/io.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "print/output.hpp"

namespace mogul::cli {

struct FitFlags {
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  std::optional<std::size_t> n_components;
  std::optional<CovarianceFamily> covariance;
  std::optional<Search> search;
  std::optional<std::string> init;  ///< a random start's name, "labels" or "model"
  std::optional<std::size_t> n_init;
  std::optional<double> gain;
  std::string labels;  ///< path
  std::string from;    ///< path
  ConstraintFlags constraints;
  StandardErrorFlags standard_errors;
  FitOptions options;  ///< what needs no translation: max_iter, max_passes, tol, acceleration, degenerate
  std::string trace;   ///< path
  std::string report;  ///< path of the page
  std::string replay;  ///< path of the page
  Spread spread = Spread::standard_deviation;
  bool require_converged = false;
};

void declare(CommandLine& line, FitFlags& flags);

/// What can be seen wrong before any file is read. @throws UsageError
void check(const FitFlags& flags);

/// @param start  the model of --from
/// @throws       UsageError where -k and the start disagree
FitOptions fit_options(const FitFlags& flags, const std::optional<ModelFile>& start);

/// Reads --labels, which have a line for each row of the file, dropped ones as well.
/// @param n_rows  rows that are kept
/// @param read    of the rows
/// @throws        UsageError where -k and the labels disagree; invalid_data where rows do; as read_labels()
void start_from_labels(FitOptions& options, const FitFlags& flags, std::size_t n_rows, const ReadReport& read);

}  // namespace mogul::cli
