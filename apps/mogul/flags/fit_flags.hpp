// The flags of `mogul fit`, and the FitOptions that they mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
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
  std::optional<CovarianceStructure> covariance;
  std::optional<std::string> init;  ///< a random start's name, "labels" or "model"
  std::string labels;               ///< path
  std::string from;                 ///< path
  std::vector<std::string> hold;
  FitOptions options;  ///< what needs no translation: n_init, max_iter, tol, reg_covar, degenerate
  std::string trace;   ///< path
  Spread spread = Spread::standard_deviation;
  bool require_converged = false;
};

void declare(CommandLine& line, FitFlags& flags);

/// What can be seen wrong before any file is read. @throws UsageError
void check(const FitFlags& flags);

/// @param start  the model of --from
/// @throws       UsageError where -k and the start disagree; as read_labels()
FitOptions fit_options(const FitFlags& flags, const std::optional<ModelFile>& start);

}  // namespace mogul::cli
